import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Connector from "../../connector/Connector.ts"
import * as ConnectorError from "../../connector/ConnectorError.ts"
import * as Page from "../../connector/Page.ts"
import * as Resource from "../../connector/Resource.ts"
import { failing, Staff } from "./Staff.ts"

/** A person in the simulated app; `broken` rows cannot be mapped. */
export interface Person {
  name: string
  email: string
  active: boolean
  broken: boolean
}

/** What is asked before a page is read: to go on, to stop without an end, or to fail. */
export type BeforePage = Effect.Effect<"go" | "cut", ConnectorError.ConnectorError>

/** An app with a memory of what happened to it. */
export class SimulatedApp {
  readonly people = new Map<string, Person>()
  /** Ids in the order of their changes; a cursor is a position in it. */
  readonly log: Array<string> = []
  readonly removed = new Map<string, Person>()
  /** Ids that listings leave out by mistake; `get` knows them. */
  readonly hidden = new Set<string>()
  /** Who was absent, or inactive, at any time: nobody else may be deleted. */
  readonly everAbsent = new Set<string>()
  readonly everInactive = new Set<string>()
  pageSize = 2
  mapperVersion = 1
  shuffled = false
  nameless = false
  photo = 0
  paging: Page.Paging = "keyset"
  tracksChanges = false
  /** Runs of which a listing has reached its end; the run in whose name the app is read now. */
  readonly listed = new Set<string>()
  reader = ""
  /** Asked before each page. */
  beforePage: BeforePage = Effect.succeed("go")
  /** How names begin: something to look for where no name may be. */
  readonly label: string
  #next = 0

  constructor(label = "Name of") {
    this.label = label
  }

  /** Every id that was ever given, in order; it is never given again. */
  get ids(): ReadonlyArray<string> {
    return Array.from({ length: this.#next }, (_, n) => `p${n}`)
  }

  hire(): void {
    const id = `p${this.#next++}`
    this.people.set(id, { name: `${this.label} ${id}`, email: `${id}@example.test`, active: true, broken: false })
    this.log.push(id)
  }
  edit(at: number, change: (person: Person, id: string) => void): void {
    const entry = [...this.people][at % Math.max(1, this.people.size)]
    if (entry === undefined) return
    change(entry[1], entry[0])
    this.log.push(entry[0])
  }
  remove(at: number): void {
    this.edit(at, (person, id) => {
      this.people.delete(id)
      this.everAbsent.add(id)
      this.removed.set(id, person)
    })
  }
  hide(id: string): void {
    this.hidden.add(id)
    this.everAbsent.add(id)
  }
  add(at: number): void {
    const entry = [...this.removed][at % Math.max(1, this.removed.size)]
    if (entry === undefined) return
    this.removed.delete(entry[0])
    this.people.set(...entry)
    this.log.push(entry[0])
  }
  row(id: string, { active, broken, email, name }: Person): Row {
    const row = {
      id,
      name: broken ? (9 as never) : name,
      email,
      status: active ? "here" : "gone",
      photo: `photo ${this.photo}`
    }
    return this.shuffled ? (Object.fromEntries(Object.entries(row).reverse()) as never) : row
  }
}

interface Row {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly status: string
  readonly photo: string
}

/**
 * The app's connector: listings by page, and changes by cursor while the app tracks them. `beforePage` takes the place
 * of the app's own for one process.
 */
export const connectorOf = (
  app: SimulatedApp,
  options: { readonly id?: string; readonly beforePage?: BeforePage } = {}
): Connector.Connector => {
  const pages = (
    context: Resource.ResourceContext,
    ids: () => ReadonlyArray<string>,
    report: boolean,
    end: () => Page.End
  ): Stream.Stream<Page.Pages<Row>, ConnectorError.ConnectorError> => {
    const step = (from: number): Stream.Stream<Page.Pages<Row>, ConnectorError.ConnectorError> =>
      Stream.unwrap(
        Effect.map(options.beforePage ?? app.beforePage, (then) => {
          if (then === "cut") return Stream.empty
          const part = ids().slice(from, from + app.pageSize)
          if (part.length === 0) return Stream.sync(end)
          const rows = part.flatMap((id) => (app.people.has(id) ? [app.row(id, app.people.get(id)!)] : []))
          const deleted = report ? part.filter((id) => !app.people.has(id)) : []
          const nobody = app.nameless && from === 0 && !report ? [{ ...rows[0]!, id: "" }] : []
          const page = Page.page([...rows, ...nobody], { checkpoint: from + part.length, deleted })
          return Stream.concat(
            Stream.succeed(page),
            Stream.suspend(() => step(from + part.length))
          )
        })
      )
    return Stream.suspend(() => step(typeof context.checkpoint === "number" ? context.checkpoint : 0))
  }
  const resource = {
    dataType: Staff,
    get mapperVersion() {
      return app.mapperVersion
    },
    list: (context: Resource.ResourceContext) => {
      // Keyset paging: what is deleted meanwhile shifts nothing. Ids are never reused, so their positions are stable.
      const ids = () =>
        app.ids.filter((id) => app.people.has(id) || app.removed.has(id)).map((id) => (app.hidden.has(id) ? "" : id))
      return pages(context, ids, false, () => {
        app.listed.add(app.reader)
        return context.end({ because: "simulated", paging: app.paging })
      })
    },
    get changes() {
      if (!app.tracksChanges) return undefined
      return {
        start: () => Effect.sync(() => String(app.log.length)),
        fetch: (context: Resource.ResourceContext, cursor: string) => {
          // What changes while this is read belongs to this delta or, again, to the next.
          const until = app.log.length
          const ids = [...new Set(app.log.slice(Number(cursor)))]
          return pages(
            context,
            () => ids,
            true,
            () => context.end({ because: "simulated", paging: "whole", cursor: String(until) })
          )
        }
      }
    },
    get: (_: Resource.ResourceContext, id: string) =>
      Effect.sync(() => Option.map(Option.fromNullishOr(app.people.get(id)), (person) => app.row(id, person))),
    recordId: (row: Row) => row.id,
    toRecord: (row: Row) => ({
      profile: {
        id: row.id,
        name: row.name,
        workEmail: row.email,
        photo: row.photo,
        employmentStatus: row.status === "gone" ? "INACTIVE" : "ACTIVE"
      },
      extra: { note: "-" }
    }),
    volatile: { raw: ["photo"], record: ["profile.photo"] },
    support: { profile: { support: "SUPPORTED" }, extra: { support: "SUPPORTED" } }
  }
  return Connector.make({
    app: {
      id: options.id ?? "madeup",
      name: "Made Up",
      categories: ["HRIS"],
      website: "https://example.test",
      docs: "https://example.test"
    },
    auth: [{ kind: "none", id: "none", title: "None" }],
    settings: [],
    http: { baseUrl: () => "https://example.test" },
    validate: () => Effect.succeed({ name: "Made Up Inc.", subject: "s1" }),
    resources: [Resource.make<typeof Staff, Row>(resource as never)]
  })
}

/** The reasons of every kind of failure. */
export const reasons: { readonly [name: string]: () => Effect.Effect<never, ConnectorError.ConnectorError> } = {
  Unauthorized: () => failing(new ConnectorError.Unauthorized({ status: 401 })),
  Forbidden: () => failing(new ConnectorError.Forbidden({ status: 403 })),
  RateLimited: () => failing(new ConnectorError.RateLimited({ status: 429, retryAfterMillis: 120_000 })),
  NotFound: () => failing(new ConnectorError.NotFound({ status: 404 })),
  InvalidRequest: () => failing(new ConnectorError.InvalidRequest({ status: 400 })),
  BadPayload: () => failing(new ConnectorError.BadPayload({})),
  Unavailable: () => failing(new ConnectorError.Unavailable({ status: 503 })),
  Unsupported: () => failing(new ConnectorError.Unsupported({})),
  CursorExpired: () => failing(new ConnectorError.CursorExpired({}))
}
