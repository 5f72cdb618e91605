import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { HttpClient } from "effect/http"
import {
  Access,
  Connector,
  type ConnectorError,
  Connectors,
  CoreServices,
  DestinationPolicy,
  Dispatcher,
  TestAccounts,
  MemoryStore,
  Page,
  PortableCrypto,
  Resource,
  RunEngine,
  Transport
} from "@crochet/core"
import { Simulation } from "@crochet/core/testing"

const { Staff } = Simulation
/** The error of a reason, as the made-up app's client makes it. */
export const { failing } = Simulation

/** A person in the made-up app. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly active?: boolean
  readonly photo?: string
}

/** What a test can do to the made-up app. */
export interface App {
  people: Array<Person>
  pageSize: number
  mapperVersion: number
  paging: Page.Paging
  /** Called before each page; a failure is the app's. */
  beforePage: (page: number) => Effect.Effect<void, ConnectorError.ConnectorError>
  /** Stops after so many pages without an end. */
  cutAfter: number
  changes: ReadonlyArray<{ readonly id: string; readonly deleted?: boolean }> | null
  shuffleKeys: boolean
  lists: number
  gets: Array<string>
  /** Whether the app can be asked about single people. */
  canGet: boolean
}

const rowOf = (app: App, person: Person): unknown => {
  const row = {
    id: person.id,
    name: person.name,
    email: person.email ?? `${person.id}@example.test`,
    status: person.active === false ? "gone" : "here",
    photo: person.photo ?? null
  }
  return app.shuffleKeys ? Object.fromEntries(Object.entries(row).reverse()) : row
}

/** The made-up app and its connector. */
export const makeApp = (
  people: ReadonlyArray<Person>
): { readonly app: App; readonly connector: Connector.Connector } => {
  const app: App = {
    people: [...people],
    pageSize: 3,
    mapperVersion: 1,
    paging: "keyset",
    beforePage: () => Effect.void,
    cutAfter: Number.POSITIVE_INFINITY,
    changes: null,
    shuffleKeys: false,
    lists: 0,
    gets: [],
    canGet: true
  }
  type Row = {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly status: string
    readonly photo: string | null
  }
  const base = {
    dataType: Staff,
    list: (context: Resource.ResourceContext) =>
      Stream.unwrap(
        Effect.sync(() => {
          app.lists++
          const start = typeof context.checkpoint === "number" ? context.checkpoint : 0
          const step = (page: number): Stream.Stream<Page.Pages<Row>, ConnectorError.ConnectorError> => {
            if (page >= app.cutAfter) return Stream.empty
            const rows = app.people
              .slice(page * app.pageSize, (page + 1) * app.pageSize)
              .map((person) => rowOf(app, person) as Row)
            if (rows.length === 0) return Stream.succeed(context.end({ because: "made up", paging: app.paging }))
            return Stream.concat(
              Stream.fromEffect(Effect.as(app.beforePage(page), Page.page(rows, { checkpoint: page + 1 }))),
              Stream.suspend(() => step(page + 1))
            )
          }
          return step(start)
        })
      ),
    recordId: (row: Row) => row.id,
    toRecord: (row: Row) => ({
      profile: {
        id: row.id,
        name: row.name,
        workEmail: row.email,
        photo: row.photo,
        employmentStatus: row.status === "gone" ? ("INACTIVE" as const) : ("ACTIVE" as const)
      },
      extra: { note: "-" }
    }),
    volatile: { raw: ["photo"], record: ["profile.photo"] },
    support: { profile: { support: "SUPPORTED" as const }, extra: { support: "SUPPORTED" as const } }
  }
  const resource = Resource.make<typeof Staff, Row>({
    ...base,
    get mapperVersion() {
      return app.mapperVersion
    },
    get get() {
      if (!app.canGet) return undefined as never
      return (_: Resource.ResourceContext, id: string) =>
        Effect.sync(() => {
          app.gets.push(id)
          return Option.map(
            Option.fromNullishOr(app.people.find((person) => person.id === id)),
            (person) => rowOf(app, person) as Row
          )
        })
    },
    get changes() {
      if (app.changes === null) return undefined as never
      return {
        start: () => Effect.succeed("c0"),
        fetch: (context: Resource.ResourceContext) => {
          const reported = app.changes ?? []
          const rows = reported.flatMap(({ deleted, id }) => {
            const person = deleted === true ? undefined : app.people.find((candidate) => candidate.id === id)
            return person === undefined ? [] : [rowOf(app, person) as Row]
          })
          return Stream.make(
            Page.page(rows, { deleted: reported.flatMap(({ deleted, id }) => (deleted === true ? [id] : [])) }),
            context.end({ because: "made up", paging: "whole", cursor: "c1" })
          )
        }
      }
    }
  } as never)
  const connector = Connector.make({
    app: {
      id: "madeup",
      name: "Made Up",
      categories: ["HRIS"],
      website: "https://example.test",
      docs: "https://example.test"
    },
    auth: [{ kind: "none", id: "none", title: "None" }],
    settings: [],
    http: { baseUrl: () => "https://example.test" },
    validate: () => Effect.succeed({ name: "Made Up Inc.", subject: "s1" }),
    resources: [resource]
  })
  return { app, connector }
}

/** A delivered request, parsed. */
export interface Delivered {
  readonly eventType: string
  readonly recordId?: string
  readonly sequence?: string
  readonly syncRunId: string
  readonly syncType: string
  readonly eventData: { readonly [key: string]: unknown }
  readonly eventId: string
}

/** A receiver in memory. */
export interface Inbox {
  readonly events: Array<Delivered>
  readonly texts: Array<string>
  answer: (event: Delivered) => number
}

/** An inbox that acknowledges everything. */
export const makeInbox = (): Inbox => ({ events: [], texts: [], answer: () => 200 })

/** Core on memory stores: services, engine and dispatcher, but no scheduler: tests run runs themselves. */
export const layer = (connector: Connector.Connector, inbox: Inbox, runs: Partial<RunEngine.RunSettings> = {}) =>
  Dispatcher.Dispatcher.layer().pipe(
    Layer.provideMerge(
      CoreServices.layer({
        masterKey: Redacted.make(new Uint8Array(32).fill(7)),
        apps: { baseUrl: () => undefined, oauthClient: () => undefined },
        runs: { ...RunEngine.defaultSettings("test"), ...runs },
        testAccounts: { ...TestAccounts.defaultLimits, atOnce: 50 }
      })
    ),
    Layer.provideMerge(
      Layer.mergeAll(
        MemoryStore.layer,
        PortableCrypto.layer,
        Connectors.Connectors.layer([connector]),
        Layer.succeed(DestinationPolicy.DestinationPolicy, { check: () => Effect.succeed(null) }),
        Layer.succeed(
          HttpClient.HttpClient,
          HttpClient.make(() => Effect.die(new Error("the made-up app has no HTTP")))
        ),
        Layer.succeed(Transport.Transport, {
          post: (request) =>
            Effect.sync(() => {
              const text = new TextDecoder().decode(request.body)
              const event = JSON.parse(text) as Delivered
              inbox.texts.push(text)
              const status = inbox.answer(event)
              if (status === 200) inbox.events.push(event)
              return { status }
            })
        })
      )
    )
  )

/** The first principal and its key. */
export const login = Effect.gen(function* () {
  const access = yield* Access.Access
  const { created } = yield* access.bootstrap()
  const key = created!
  return { key, principal: yield* access.authenticate(key) }
})
