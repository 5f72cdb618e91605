import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Sandbox } from "@crochet/core/testing"

/** The app that docs/authoring.md imagines, as the conformance kit wants it. */
export const sandbox: Sandbox.Sandbox = {
  records: 14,
  start: async ({ now, records, seed }) => {
    const token = `canary-token-${seed}`
    const powerless = `canary-powerless-${seed}`
    const people = new Map<
      string,
      { id: number; name: string; state: string; changed: string; mail: string; hired: string }
    >()
    const removed: Array<{ readonly id: number; readonly at: number }> = []
    const faults: Array<{ readonly kind: string; readonly path: string }> = []
    const put = (id: number, more: object = {}) => {
      const known = people.get(String(id)) ?? {
        name: `Name ${id}`,
        state: "employed",
        mail: `${id}@acme.example`,
        hired: "2024-02-29"
      }
      people.set(String(id), { ...known, id, ...more, changed: new Date(now()).toISOString() })
      return String(id)
    }
    let last = seed * 1000
    for (let left = records; left > 0; left--) put(++last)

    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://acme")
      const given = request.headers.authorization?.replace("Bearer ", "")
      response.sendDate = false
      response.setHeader("date", new Date(now()).toUTCString())
      const answer = (status: number, body: object) =>
        void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
      if (given !== token && given !== powerless) return answer(401, { message: "unknown token" })
      if (pathname === "/me") return answer(200, { data: { id: seed, name: "Acme" } })
      if (given === powerless) return answer(403, { message: "not allowed" })
      const since = (name: string) => Date.parse(searchParams.get(name) ?? "1970-01-01T00:00:00Z")
      if (pathname === "/people/deleted") return answer(200, { data: removed.filter(({ at }) => at >= since("since")) })
      if (pathname !== "/people") {
        const data = people.get(pathname.replace("/people/", ""))
        return data === undefined ? answer(404, { message: "gone" }) : answer(200, { data })
      }
      const after = Number(searchParams.get("cursor") ?? 0)
      const found = [...people.values()].filter(
        ({ changed, id }) => Date.parse(changed) >= since("changed_since") && id > after
      )
      const data = found.slice(0, 5)
      const next = found.length > 5 ? (data.at(-1)?.id ?? null) : null
      const armed = faults.findIndex(({ path }) => path === pathname)
      const [fault] = armed < 0 ? [] : faults.splice(armed, 1)
      answer(200, { data: fault === undefined ? data : [], meta: { next: fault?.kind === "empty-list" ? null : next } })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const access = (value: string) => ({ scheme: "token", values: { token: value } })
    return {
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      settings: { subdomain: "acme" },
      access: access(token),
      wrong: access("nobody-made-this"),
      forbidden: access(powerless),
      oauth: Sandbox.absent("the connector authenticates by token"),
      populations: {
        employee: {
          list: () => [...people].map(([id, { state }]) => ({ id, active: state === "employed" })),
          add: () => put(++last),
          change: (id, turn) => put(Number(id), { name: `Name ${id}, turn ${turn}` }),
          remove: (id) => {
            people.delete(id)
            removed.push({ id: Number(id), at: now() })
          },
          deactivate: (id) => put(Number(id), { state: "left" })
        }
      },
      fault: ({ kind, match }) => faults.push({ kind, path: match.path }),
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
    }
  }
}
