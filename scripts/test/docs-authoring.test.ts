import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import {
  type Connector,
  CredentialsSource,
  Declare,
  Page,
  ProviderClients,
  type Resource,
  type Support
} from "@crochet/core"
import { Employee } from "@crochet/models"
import { createCrochet, type ReceivedEvent } from "@crochet/runtime-node"
import { Effect, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { assert, describe, it } from "vitest"
import { fencesIn, importFence } from "./DocumentedCode.ts"

const page = "docs/authoring.md"
const fences = fencesIn(page)
/** What time it is in the apps of these tests, which say so with every answer. */
const now = Date.UTC(2026, 2, 2, 12)

const started = async (
  answer: (url: URL, request: IncomingMessage) => { status?: number; body: unknown; link?: string }
) => {
  const server = createServer((request, response) => {
    const { body, link, status = 200 } = answer(new URL(request.url ?? "/", "http://app"), request)
    response.sendDate = false
    response.setHeader("date", new Date(now).toUTCString())
    if (link !== undefined) response.setHeader("link", `<${link}>; rel="next"`)
    request
      .resume()
      .on("end", () => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

describe("docs/authoring.md", () => {
  it("has a complete connector in at most 35 lines of at most 120 characters", () => {
    const lines = fences[0]!.code.split("\n").filter((line) => line.trim() !== "")
    assert.isAtMost(lines.length, 35)
    assert.isAtMost(Math.max(...lines.map(({ length }) => length)), 120)
  })

  it("whose connector lists, follows changes and deletions, leaves out a malformed row, and says what to do about a key", async () => {
    const at = (second: number) => new Date(now - 3_600_000 + second * 1000).toISOString()
    const person = (id: number, second: number, more: object = {}) => ({
      id,
      name: `Name ${id}`,
      mail: `${id}@acme.example`,
      hired: "2024-02-29",
      state: "employed",
      changed: at(second),
      ...more
    })
    const app = {
      people: [person(1, 0), person(2, 0), person(3, 0, { name: null })] as Array<ReturnType<typeof person>>,
      removed: [] as Array<{ id: number }>
    }
    const { server, url } = await started(({ pathname, searchParams }, { headers }) => {
      if (headers.authorization !== "Bearer good") return { status: 401, body: { message: "unknown token" } }
      if (pathname === "/me") return { body: { data: { id: 5, name: "Acme" } } }
      if (pathname === "/people/deleted") return { body: { data: app.removed } }
      if (pathname !== "/people") {
        const found = app.people.find(({ id }) => pathname === `/people/${id}`)
        return found === undefined ? { status: 404, body: {} } : { body: { data: found } }
      }
      const since = Date.parse(searchParams.get("changed_since") ?? "1970-01-01T00:00:00Z")
      const from = Number(searchParams.get("cursor") ?? 0)
      const found = app.people.filter(({ changed }) => Date.parse(changed) >= since)
      return { body: { data: found.slice(from, from + 2), meta: { next: from + 2 < found.length ? from + 2 : null } } }
    })
    let ended = (_: ReadonlyArray<string>) => {}
    let events: Array<string> = []
    const nextRun = () => new Promise<ReadonlyArray<string>>((resolve) => void (ended = resolve))
    const crochet = await createCrochet({
      connectors: [(await importFence(page, "acme")).acme as Connector.Connector],
      database: "sqlite::memory:",
      baseUrls: { acme: url },
      egressAllow: ["127.0.0.0/8"],
      onEvent: ({ eventType, recordId }: ReceivedEvent) => {
        if (recordId !== undefined) events.push(`${eventType} ${recordId}`)
        if (eventType !== "sync.events.allConsumed") return
        ended(events.sort())
        events = []
      }
    })
    try {
      const account = { appId: "acme", originOrgId: "acme", settings: { subdomain: "https://acme.acme.example/home" } }
      const refused = await crochet.integrations
        .import({ ...account, credentials: { token: "bad" } })
        .catch((error: unknown) => error)
      assert.include(refused, { status: 422, code: "auth.invalid_credentials" })
      assert.include(JSON.stringify(refused), "Make a new token.")

      const initial = nextRun()
      const { integrationId } = await crochet.integrations.import({ ...account, credentials: { token: "good" } })
      assert.deepStrictEqual(await initial, ["record.new 1", "record.new 2"])

      app.people = [person(1, 0), person(2, 3601, { state: "left" }), person(3, 3601), person(4, 3601)]
      const delta = nextRun()
      await crochet.syncs.start({ integrationId, dataType: "employee", syncType: "delta_sync" })
      assert.deepStrictEqual(await delta, ["record.deleted 2", "record.new 3", "record.new 4"])

      app.people = app.people.filter(({ id }) => id !== 4)
      app.removed = [{ id: 4 }]
      const second = nextRun()
      await crochet.syncs.start({ integrationId, dataType: "employee", syncType: "delta_sync" })
      assert.deepStrictEqual(await second, ["record.deleted 4"])
    } finally {
      await crochet.close()
      await closed(server)
    }
  })

  it("has a way of paging for each kind of API, and every one of them reads everything once", async () => {
    const rows = [1, 2, 3, 4, 5].map((id) => ({ id: String(id) }))
    const { server, url } = await started(({ pathname, searchParams }) => {
      const number = (name: string, otherwise: number) => Number(searchParams.get(name) ?? otherwise)
      const cut = (from: number) => rows.slice(from, from + 2)
      const next = (from: number) => (from + 2 < rows.length ? from + 2 : null)
      switch (pathname) {
        case "/cursor":
          return { body: { data: cut(number("after", 0)), meta: { next: next(number("after", 0)) } } }
        case "/next-url": {
          const from = number("from", 0)
          const url = next(from)
          return { body: { items: cut(from), paging: { next: url === null ? null : `/next-url?from=${url}` } } }
        }
        case "/link": {
          const from = number("from", 0)
          return { body: cut(from), ...(next(from) === null ? {} : { link: `/link?from=${next(from)}` }) }
        }
        case "/page":
          return { body: { people: cut((number("page", 1) - 1) * 2), pages: 3 } }
        case "/offset":
          return { body: { records: cut(number("start", 0)), total: 5 } }
        case "/keyset":
          return { body: { data: rows.filter(({ id }) => id > (searchParams.get("since_id") ?? "")).slice(0, 2) } }
        default:
          return { body: { report: { rows } } }
      }
    })
    try {
      const ways = (await importFence(page, "ways")).ways as { readonly [name: string]: Declare.Way }
      assert.sameMembers(Object.keys(ways), [
        "cursor",
        "nextUrl",
        "linkHeader",
        "pageNumber",
        "offset",
        "keyset",
        "whole"
      ])
      for (const [name, list] of Object.entries(ways)) {
        const resource = Declare.resource(Employee, {
          row: Schema.Struct({ id: Schema.String }),
          id: "id",
          list,
          map: { profile: { id: "id" } }
        })
        const { ends, ids } = await Effect.runPromise(Effect.scoped(listed(resource, url)))
        assert.deepStrictEqual([ids, ends], [rows.map(({ id }) => id), 1], name)
      }
    } finally {
      await closed(server)
    }
  })

  it("shows every auth preset, and its mapping declares support for every model", async () => {
    const presets = ["bearer", "apiKey", "basic", "oauth2", "clientCredentials"]
    const used = fences.map(({ code }) => code).join("\n")
    for (const preset of presets) assert.include(used, `Declare.${preset}(`)
    const { support } = (await importFence(page, "people")).people as Resource.AnyResource
    const said: ReadonlyArray<Support.Support> = Object.values(support).map((one) => one.support)
    assert.lengthOf(said, Object.keys(Employee.models).length)
  })
})

const listed = (resource: Resource.AnyResource, url: string) =>
  Effect.gen(function* () {
    const connector = Declare.connector({
      app: { id: "ways", name: "Ways", categories: ["HRIS"], website: "https://w.example", docs: "https://w.example" },
      auth: [Declare.none()],
      http: { baseUrl: "https://w.example" },
      validate: { path: "/" },
      resources: [resource]
    })
    const client = yield* ProviderClients.make({
      connector,
      settings: {},
      credentials: CredentialsSource.memory({ kind: "none", scheme: "none" }),
      baseUrlOverride: url
    })
    const all = yield* Stream.runCollect(
      resource.list({
        client,
        models: new Set(),
        filters: {},
        passthrough: { query: {}, body: {}, headers: {} },
        includeInactive: true,
        checkpoint: null,
        issue: () => Effect.void,
        end: ({ because, paging }) => Page.mintEnd({ evidence: "asserted", because, paging })
      })
    )
    const ids = all.flatMap((one) => (Page.isEnd(one) ? [] : one.records.map(resource.recordId)))
    return { ids, ends: all.filter(Page.isEnd).length }
  }).pipe(Effect.provide(FetchHttpClient.layer))
