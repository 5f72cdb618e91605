import { type Connector, Page, type Resource } from "@crochet/core"
import { Effect, Stream } from "effect"
import { parts, People, type Parts, type Row, tiny } from "./TinyConnector.ts"

/** A connector that is broken in one way, the check that must see it, and what its message must name. */
export interface Sabotage {
  readonly name: string
  readonly connector: Connector.Connector
  readonly check: string
  readonly says: RegExp
}

export type Context = Resource.ResourceContext
export type Pages = ReturnType<Parts["list"]>

export const ask = ({ client }: Context, query: { readonly [name: string]: string | undefined }) =>
  client.decode({ operation: "employee.list", path: "/v1/people", query }, People)

/** Pages by hand, as an author writes them who does not use a paginator. */
export const byHand =
  (options: {
    readonly next?: (next: string | null, rows: ReadonlyArray<Row>) => string | null
    readonly rows?: (rows: ReadonlyArray<Row>) => ReadonlyArray<Row>
    readonly checkpoint?: (next: string | null) => unknown
  }) =>
  (context: Context): Pages => {
    const step = (cursor: string | undefined): Pages =>
      Stream.unwrap(
        Effect.map(ask(context, { cursor }), (answer): Pages => {
          const rows = answer.people as ReadonlyArray<Row>
          const next = options.next === undefined ? answer.next : options.next(answer.next, rows)
          const page = Page.page(options.rows?.(rows) ?? rows, { checkpoint: options.checkpoint?.(next) ?? next })
          const rest =
            next === null
              ? Stream.sync(() => context.end({ because: "there is no next page", paging: "keyset" }))
              : Stream.suspend(() => step(next))
          return Stream.concat(Stream.succeed(page), rest)
        })
      )
    return step(typeof context.checkpoint === "string" ? context.checkpoint : undefined)
  }

/** The good listing, in which what goes wrong is taken for the end. */
export const forgiving = (tags: ReadonlyArray<string>) => (context: Context) =>
  Stream.catchIf(
    parts.list(context),
    (error) => tags.includes(error.reason._tag),
    () => Stream.sync(() => context.end({ because: "nothing came any more", paging: "keyset" }))
  )

export const changed = (fetch: Parts["changes"]["fetch"]) => tiny({ changes: { ...parts.changes, fetch } })
export const mapped = (change: (row: Row) => object) =>
  tiny({
    toRecord: (row) => {
      const { profile } = parts.toRecord(row) as { readonly profile: object }
      return { profile: { ...profile, ...change(row) } }
    }
  })
export const http = (profile: Partial<Connector.HttpProfile>) => {
  const good = tiny()
  return tiny({}, { http: { ...good.http, ...profile } })
}
export const listing = (list: (context: Context) => Pages) => tiny({ list })
