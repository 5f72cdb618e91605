import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import type { Sandbox } from "@crochet/core/testing"

/** A person of the tiny app. */
interface Person {
  readonly id: string
  readonly given: string
  readonly mail: string
  readonly left: boolean
  readonly changed: number
}

const pageSize = 4
export const client = { clientId: "tiny-client", clientSecret: "tiny-client-secret" }

interface Answer {
  readonly status: number
  readonly json?: unknown
  readonly location?: string
}

/**
 * A people directory over HTTP: keyset paging, changes with tombstones, API keys and OAuth 2 with rotating refresh
 * tokens. Small, and as an app is: it shares no code with the connector.
 */
export const startTinyApp = async ({ now, records, seed }: Sandbox.StartOptions): Promise<Sandbox.RunningApp> => {
  const people = new Map<string, Person>()
  const removed = new Map<string, number>()
  const key = `tiny-key-${seed}`
  const access = new Map<string, number>()
  const refresh = new Set<string>()
  const armed: Array<Sandbox.ShapedFault> = []
  let issued = 0
  let last = 0
  const put = (id: string, change: Partial<Person>) => {
    const before = people.get(id) ?? {
      id,
      given: `Given-${seed}-${id}`,
      mail: `person-${id}@tiny.example`,
      left: false
    }
    people.set(id, { ...before, ...change, changed: now() })
    return id
  }
  const add = () => put(String(++last), {})
  for (let i = 0; i < records; i++) add()

  const grant = (): Answer => {
    const [token, next] = [`tiny-access-${seed}-${++issued}`, `tiny-refresh-${seed}-${issued}`]
    access.set(token, now() + 3_600_000)
    refresh.add(next)
    return { status: 200, json: { access_token: token, refresh_token: next, expires_in: 3600 } }
  }
  const token = (body: string): Answer => {
    const form = new URLSearchParams(body)
    if (form.get("grant_type") === "authorization_code") return grant()
    return refresh.delete(form.get("refresh_token") ?? "") ? grant() : { status: 400, json: { error: "invalid_grant" } }
  }
  const row = ({ given, id, left, mail }: Person) => ({
    id,
    given,
    mail,
    left,
    photo: `https://tiny.example/${id}?signature=${now()}`
  })
  const byId = (a: Person, b: Person) => Number(a.id) - Number(b.id)

  const list = (query: URLSearchParams): Answer => {
    const since = query.get("changed_since")
    if (since !== null && !/^\d+$/.test(since)) return { status: 400, json: { message: "changed_since is no time" } }
    const fault = armed.pop()?.kind
    const all = [...people.values()].sort(byId).filter(({ changed }) => since === null || changed >= Number(since))
    const after = Number(query.get("cursor") ?? 0)
    const rest = all.filter(({ id }) => Number(id) > after)
    const page = rest.slice(0, pageSize)
    if (fault === "empty-list")
      return { status: 200, json: { people: [], removed: [], next: null, total: 0, asOf: now() } }
    return {
      status: 200,
      json: {
        people: fault === "drop-page" ? [] : page.map(row),
        removed:
          since === null || after > 0 ? [] : [...removed].flatMap(([id, at]) => (at >= Number(since) ? [id] : [])),
        next: rest.length > pageSize ? page.at(-1)!.id : null,
        total: all.length,
        asOf: now()
      }
    }
  }
  const handle = (method: string, url: URL, authorization: string, body: string): Answer => {
    if (url.pathname === "/token") return token(body)
    if (url.pathname === "/revoke") {
      // One person signs in here: all access tokens are of the same grant.
      if (refresh.delete(new URLSearchParams(body).get("token") ?? "")) access.clear()
      return { status: 200, json: {} }
    }
    if (url.pathname === "/authorize")
      return { status: 302, location: `${url.searchParams.get("redirect_uri")}?code=c` }
    const bearer = authorization.replace(/^Bearer /, "")
    if (bearer === "tiny-key-without-permission") return { status: 403, json: { message: "no permission" } }
    if (bearer !== key && !((access.get(bearer) ?? 0) > now()))
      return { status: 401, json: { message: "who are you?" } }
    if (method !== "GET") return { status: 405 }
    if (url.pathname === "/v1/me") return { status: 200, json: { id: `me-${seed}`, company: `Tiny ${seed}` } }
    if (url.pathname === "/v1/people") return list(url.searchParams)
    const person = people.get(/^\/v1\/people\/(\d+)$/.exec(url.pathname)?.[1] ?? "")
    return person === undefined
      ? { status: 404, json: { message: "no such person" } }
      : { status: 200, json: row(person) }
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://tiny.example")
      const { json, location, status } = handle(request.method ?? "GET", url, request.headers.authorization ?? "", body)
      response.writeHead(status, {
        date: new Date(now()).toUTCString(),
        "content-type": "application/json",
        ...(location === undefined ? {} : { location })
      })
      response.end(json === undefined ? "" : JSON.stringify(json))
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settings: { tenant: "tiny" },
    access: { scheme: "key", values: { apiKey: key } },
    wrong: { scheme: "key", values: { apiKey: "tiny-key-that-nobody-gave" } },
    forbidden: { scheme: "key", values: { apiKey: "tiny-key-without-permission" } },
    oauth: {
      scheme: "oauth2",
      client,
      expire: () => access.clear(),
      revoke: () => {
        access.clear()
        refresh.clear()
      }
    },
    populations: {
      employee: {
        list: () => [...people.values()].map(({ id, left }) => ({ id, active: !left })),
        add,
        change: (id, turn) => put(id, { given: `Turn-${turn}` }),
        remove: (id) => {
          people.delete(id)
          removed.set(id, now())
        },
        deactivate: (id) => put(id, { left: true })
      }
    },
    fault: (fault) => armed.push(fault),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      })
  }
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = ""
  for await (const chunk of request) body += String(chunk)
  return body
}

/** The tiny app as the kit wants it. */
export const sandbox: Sandbox.Sandbox = { start: startTinyApp, records: 11 }
