import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Connector, type ConnectorError, Declare, Page, ProviderClients, CredentialsSource } from "@crochet/core"
import type { Connector as Connectors, Resource } from "@crochet/core"
import { Employee } from "@crochet/models"
import { Effect, Redacted, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

export interface Person {
  readonly id: string | number
  readonly given: unknown
  readonly changed: string
  readonly archived?: boolean
}

/** A small app over real HTTP: pages by cursor, changes since, a list of the deleted, and a clock of its own. */
export const startApp = Effect.acquireRelease(
  Effect.promise(async () => {
    const app = {
      people: [] as Array<Person>,
      deleted: [] as Array<{ readonly ref: unknown; readonly at: string }>,
      /** Null: the app sends no `Date` header. */
      clock: "2026-03-01T12:00:00Z" as string | null,
      pageSize: 2,
      requests: [] as Array<string>,
      /** Called before each answer; an answer of its own takes the place of the app's. */
      intercept: (_path: string): { readonly status: number; readonly body: string } | undefined => undefined,
      url: "",
      /** What the requests to a path asked for. */
      queries: (path: string) =>
        app.requests.filter((url) => url.startsWith(path)).map((url) => new URL(url, "http://app").searchParams)
    }
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://app")
      app.requests.push(request.url ?? "/")
      response.sendDate = false
      if (app.clock !== null) response.setHeader("date", new Date(app.clock).toUTCString())
      const answer = (status: number, body: unknown) =>
        response
          .writeHead(status, { "content-type": "application/json" })
          .end(typeof body === "string" ? body : JSON.stringify(body))
      const other = app.intercept(url.pathname)
      if (other !== undefined) return void answer(other.status, other.body)
      if (request.headers.authorization !== "Bearer canary-token") return void answer(401, { message: "bad token" })
      if (url.pathname === "/acme/company") return void answer(200, { company: { id: 7, title: "Acme" } })
      const since = Date.parse(url.searchParams.get("since") ?? "1970-01-01T00:00:00Z")
      if (url.pathname === "/acme/deleted") {
        return void answer(200, { rows: app.deleted.filter(({ at }) => Date.parse(at) >= since) })
      }
      if (url.pathname === "/acme/people") {
        const from = Number(url.searchParams.get("cursor") ?? 0)
        const found = app.people.filter(({ changed }) => !(Date.parse(changed) < since))
        const next = from + app.pageSize
        return void answer(200, {
          data: { people: found.slice(from, next) },
          paging: { next: next < found.length ? next : null, total: found.length }
        })
      }
      const person = app.people.find(({ id }) => url.pathname === `/acme/people/${encodeURIComponent(id)}`)
      answer(person === undefined ? 404 : 200, person === undefined ? { message: "gone" } : { person })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    app.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme`
    return { app, server }
  }),
  ({ server }) =>
    Effect.promise(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
    )
).pipe(Effect.map(({ app }) => app))

export const Row = Schema.Struct({
  id: Schema.Union([Schema.String, Schema.Finite]),
  given: Schema.String,
  changed: Schema.String,
  archived: Schema.optionalKey(Schema.Boolean)
})

export const people = Declare.cursor({
  path: "/people",
  items: "data.people",
  total: "paging.total",
  next: "paging.next",
  param: "cursor"
})

type Spec = Declare.ResourceDeclaration<typeof Employee, typeof Row.Type, typeof Row.Encoded>

export const spec: Spec = {
  row: Row,
  id: "id",
  list: people,
  get: { path: "/people/{id}", item: "person" },
  changes: { field: "changed", param: "since", overlap: "1 minute" },
  map: { profile: { firstName: "given", id: (row) => String(row.id) } }
}

/** A connected account on the app, with a resource that differs from `spec` as given. */
export const connect = (url: string, options: Partial<Spec> = {}, http: Partial<Connectors.HttpProfile> = {}) =>
  Effect.gen(function* () {
    const resource = Declare.resource(Employee, { ...spec, ...options })
    const connector = Declare.connector({
      app: {
        id: "people",
        name: "People",
        categories: ["HRIS"],
        website: "https://people.example",
        docs: "https://people.example"
      },
      auth: [Declare.bearer({ help: "Settings → API." })],
      settings: [Declare.subdomain("people.example")],
      http: { baseUrl: "https://{subdomain}.people.example/api", ...http },
      validate: {
        path: "/company",
        name: "company.title",
        subject: "company.id",
        hints: { Unauthorized: "Make a new token." }
      },
      resources: [resource]
    })
    const clientOf = (token: string) =>
      ProviderClients.make({
        connector,
        settings: { subdomain: "acme" },
        credentials: CredentialsSource.memory({
          kind: "key",
          scheme: "token",
          values: { token: Redacted.make(token) }
        }),
        baseUrlOverride: url
      }).pipe(Effect.provide(FetchHttpClient.layer))
    const client = yield* clientOf("canary-token")
    const issues: Array<{ readonly code: string; readonly message: string }> = []
    const context = (given: Partial<Resource.ResourceContext> = {}): Resource.ResourceContext => ({
      client,
      models: new Set(),
      filters: {},
      passthrough: { query: {}, body: {}, headers: {} },
      includeInactive: true,
      checkpoint: null,
      issue: (issue) => Effect.sync(() => void issues.push(issue)),
      end: ({ because, cursor, paging }) =>
        Page.mintEnd({ evidence: "asserted", because, paging, ...(cursor === undefined ? {} : { cursor }) }),
      ...given
    })
    return { client, clientOf, connector, context, issues, resource: Connector.resourceOf(connector, "employee")! }
  })

/** What a stream of pages gave. */
export const collect = (pages: Stream.Stream<Page.Pages, ConnectorError.ConnectorError>) =>
  Effect.map(Stream.runCollect(pages), (all) => {
    const given = all.filter((one): one is Page.Page => one._tag === "Page")
    return {
      pages: given,
      ids: given.flatMap(({ records }) => records.map((row) => String((row as Person).id))),
      deleted: given.flatMap(({ deleted }) => deleted),
      end: all.find((one): one is Page.End => Page.isEnd(one))
    }
  })
