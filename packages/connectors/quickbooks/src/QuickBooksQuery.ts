import { ConnectorError } from "@crochet/core"
import type { ProviderClient } from "@crochet/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Entity } from "./QuickBooksEntities.ts"
import { pathOf } from "./QuickBooksSettings.ts"
import type { Row, WireRow } from "./QuickBooksWire.ts"
import { instant, isObject, QueryAnswer } from "./QuickBooksWire.ts"

type Client = ProviderClient.ProviderClient

/** Rows of a page; the API's own limit, which it honours. */
export const pageSize = 1000

/** A literal of the query language: a quote and a backslash are escaped by a backslash. */
export const quote = (value: string): string => `'${value.replace(/[\\']/g, "\\$&")}'`

/** A point in time as queries and `cdc` take it, in whole seconds: stamps have no finer ones. */
export const stamp = (millis: number): string =>
  DateTime.formatIso(DateTime.makeUnsafe(Math.floor(millis / 1000) * 1000)).replace(".000Z", "Z")

/** What a query asks for beside the entity. */
export interface Wanted {
  readonly conditions: ReadonlyArray<string>
  readonly orderBy?: string
  readonly start?: number
}

/** Inactive rows of a list are hidden unless they are asked for. */
const where = (entity: Entity, conditions: ReadonlyArray<string>) => {
  const all = [...conditions, ...(entity.list ? ["Active IN (true, false)"] : [])]
  return all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`
}

/** A query's statement. */
export const statement = (entity: Entity, { conditions, orderBy, start }: Wanted): string =>
  `SELECT * FROM ${entity.name}${where(entity, conditions)}` +
  `${orderBy === undefined ? "" : ` ORDERBY ${orderBy}`} STARTPOSITION ${start ?? 1} MAXRESULTS ${pageSize}`

/** The request of a statement. */
export const request = (client: Client, operation: string, query: string): ProviderClient.ProviderRequest => ({
  operation,
  path: pathOf(client.settings, "/query"),
  query: { query, minorversion: client.settings.minorVersion ?? "75" }
})

/** The rows of an answer. Throws when it says one number of rows and has another, or has no list. */
export const rowsOf = (entity: string, group: WireRow): ReadonlyArray<Row> => {
  const rows = group[entity] ?? []
  if (!Array.isArray(rows)) throw new TypeError(`${entity} is no list`)
  const { maxResults } = group
  if (typeof maxResults === "number" && rows.length < maxResults) {
    throw new TypeError(`the answer tells of ${maxResults} rows and has ${rows.length}`)
  }
  // What is no object has no id, and is quarantined by the engine as a row without one.
  return rows.map((wire: unknown) => ({ entity, wire: isObject(wire) ? wire : {} }))
}

const bad = (client: Client, operation: string, cause: unknown) =>
  client.fail(
    operation,
    new ConnectorError.BadPayload({
      message: cause instanceof Error ? cause.message : "the answer is not what it should be"
    })
  )

/** One page of a query. */
export const page = Effect.fnUntraced(function* (client: Client, operation: string, entity: Entity, wanted: Wanted) {
  const { QueryResponse: group } = yield* client.decode(
    request(client, operation, statement(entity, wanted)),
    QueryAnswer
  )
  return yield* Effect.try({
    try: () => rowsOf(entity.name, group),
    catch: (cause) => bad(client, operation, cause)
  })
})

/** How many rows there are, where the app says so, and the app's clock. */
export const count = Effect.fnUntraced(function* (
  client: Client,
  operation: string,
  entity: Entity,
  conditions: ReadonlyArray<string>
) {
  const { QueryResponse: group, time } = yield* client.decode(
    request(client, operation, `SELECT COUNT(*) FROM ${entity.name}${where(entity, conditions)}`),
    QueryAnswer
  )
  const { totalCount } = group
  return {
    total: typeof totalCount === "number" && group[entity.name] === undefined ? totalCount : undefined,
    now: instant(time) ?? (yield* client.providerTime)
  }
})
