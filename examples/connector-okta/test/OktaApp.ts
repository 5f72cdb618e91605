import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface User {
  readonly id: string
  readonly status: string
  readonly created: string
  readonly lastUpdated: string
  readonly profile: { readonly [attribute: string]: unknown }
}

/** A stand-in for the two endpoints of Okta that the connector reads, with links, filters, errors and quotas like Okta's. */
export const startOkta = async (options: { readonly now?: () => number; readonly token?: string } = {}) => {
  const now = options.now ?? (() => Date.parse("2026-03-02T12:00:00Z"))
  const users = new Map<string, User>()
  const log: Array<{ readonly published: string; readonly id: string }> = []
  const okta = {
    users,
    token: options.token ?? "canary-00token",
    /** A token of somebody who may sign in and see nobody. */
    powerlessToken: "canary-00powerless",
    pageSize: 2,
    /** Tokens of people who may not read the system log. */
    logIsClosed: false,
    /** So many of the next requests are over the quota. */
    throttled: 0,
    /** The next answer with this path comes without its rows: `empty-list` as if that were all, `drop-page` with its links. */
    faults: [] as Array<{ readonly kind: "empty-list" | "drop-page"; readonly path: string }>,
    requests: [] as Array<string>,
    url: "",
    put: (id: string, profile: object = {}, more: Partial<User> = {}) => {
      const before = users.get(id)
      const stamp = new Date(now()).toISOString()
      const named = { login: `${id}@acme.example`, email: `${id}@acme.example`, firstName: "Given", lastName: id }
      users.set(id, {
        id,
        status: "ACTIVE",
        created: before?.created ?? stamp,
        lastUpdated: stamp,
        profile: { ...(before?.profile ?? named), ...profile },
        ...more
      })
    },
    delete: (id: string) => {
      users.delete(id)
      log.push({ published: new Date(now()).toISOString(), id })
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", okta.url)
    okta.requests.push(request.url ?? "/")
    response.sendDate = false
    response.setHeader("date", new Date(now()).toUTCString())
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    const error = (status: number, errorCode: string, errorSummary: string) =>
      answer(status, { errorCode, errorSummary, errorLink: errorCode, errorId: "oae1", errorCauses: [] })
    /** Okta's own order of links: self first, then next, each in a header line of its own. `after` is the last row's key. */
    const page = <Row>(all: ReadonlyArray<Row>, keyOf: (row: Row) => string, isPolled: boolean) => {
      const after = url.searchParams.get("after") ?? ""
      const left = all.filter((row) => keyOf(row) > after)
      const rows = left.slice(0, okta.pageSize)
      const last = rows.at(-1)
      const next = new URL(url)
      next.searchParams.set("after", last === undefined ? after : keyOf(last))
      const armed = okta.faults.findIndex(({ path }) => path === url.pathname)
      const [fault] = armed < 0 ? [] : okta.faults.splice(armed, 1)
      const links = [`<${url.href}>; rel="self"`]
      if (fault?.kind !== "empty-list" && (isPolled || rows.length < left.length))
        links.push(`<${next.href}>; rel="next"`)
      response.setHeader("link", links)
      answer(200, fault === undefined ? rows : [])
    }

    const token = request.headers.authorization?.replace(/^SSWS /, "")
    if (token !== okta.token && token !== okta.powerlessToken) {
      return error(401, "E0000011", "Invalid token provided")
    }
    if (okta.throttled > 0) {
      okta.throttled--
      response.setHeader("x-rate-limit-reset", String(Math.floor(now() / 1000) + 1))
      return error(429, "E0000047", "API call exceeded rate limit due to too many requests.")
    }
    if (url.pathname === "/api/v1/users/me")
      return answer(200, { id: "00me", profile: { login: "admin@acme.example" } })
    if (token === okta.powerlessToken || (okta.logIsClosed && url.pathname === "/api/v1/logs")) {
      return error(403, "E0000006", "You do not have permission to perform the requested action")
    }
    if (url.pathname === "/api/v1/logs") {
      const since = Date.parse(url.searchParams.get("since") ?? "")
      const found = log.filter(({ published }) => Date.parse(published) >= since)
      return page(
        found.map(({ id, published }) => ({
          uuid: `${published}/${id}`,
          published,
          eventType: "user.lifecycle.delete.completed",
          target: [
            { id: "0oa1", type: "AppInstance" },
            { id, type: "User", alternateId: null }
          ]
        })),
        ({ uuid }) => uuid,
        true
      )
    }
    if (url.pathname === "/api/v1/users") {
      const after = /^lastUpdated gt "([^"]+)"$/.exec(url.searchParams.get("filter") ?? "")?.[1]
      const all = [...users.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      const found = all.filter(({ lastUpdated, status }) =>
        after === undefined ? status !== "DEPROVISIONED" : Date.parse(lastUpdated) > Date.parse(after)
      )
      return page(found, ({ id }) => id, false)
    }
    const user = users.get(decodeURIComponent(url.pathname.replace("/api/v1/users/", "")))
    return user === undefined ? error(404, "E0000007", "Not found: Resource not found (User)") : answer(200, user)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  okta.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`
  return okta
}
