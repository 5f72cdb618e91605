import { ConnectorError, Page, Paginator } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { faultWithin } from "./QuickBooksErrors.ts"
import type { Entity, Source } from "./QuickBooksEntities.ts"
import { recordIdOf } from "./QuickBooksEntities.ts"
import type { Plan } from "./QuickBooksFilters.ts"
import * as Query from "./QuickBooksQuery.ts"
import { pathOf } from "./QuickBooksSettings.ts"
import { CdcAnswer, instant, QueryAnswer, type Row, text, updatedAt, type WireRow } from "./QuickBooksWire.ts"

type Context = Resource.ResourceContext
type Rows = Stream.Stream<Page.Pages<Row>, ConnectorError.ConnectorError>

/** How far back a delta looks behind its cursor: changes show up with a delay of seconds to minutes. */
const overlapMillis = 300_000

/** `cdc` goes back 30 days; a day is kept in hand for clocks and waiting. */
const furthestMillis = 29 * 86_400_000

/** `cdc` tells at most so many rows of an answer and never that there are more. */
const cdcLimit = 1000

/** A resource's part of what changes are read by. */
export interface Reading {
  readonly operation: string
  readonly source: Source
  readonly plan: (context: Context) => Effect.Effect<Plan, ConnectorError.ConnectorError>
}

/** The app's clock now, as a cursor. */
export const start = Effect.fnUntraced(function* ({ operation, source }: Reading, { client }: Context) {
  const [entity] = source.entities
  const now =
    entity === undefined ? yield* client.providerTime : (yield* Query.count(client, operation, entity, [])).now
  return Query.stamp(now)
})

const expired = (context: Context, operation: string, message: string) =>
  context.client.fail(operation, new ConnectorError.CursorExpired({ message }))

/** What `cdc` tells of one entity since a time. */
const told = Effect.fnUntraced(function* (context: Context, { operation }: Reading, entity: Entity, since: number) {
  const { client } = context
  const answer = yield* client
    .decode(
      {
        operation,
        path: pathOf(client.settings, "/cdc"),
        query: {
          entities: entity.name,
          changedSince: Query.stamp(since),
          minorversion: client.settings.minorVersion ?? "75"
        }
      },
      CdcAnswer
    )
    .pipe(
      Effect.mapError((error) =>
        // The entity is a fixed word: only the time can be wrong in this request, too long ago above all.
        error.reason._tag === "InvalidRequest" ? expired(context, operation, error.reason.message ?? "") : error
      )
    )
  const groups = answer.CDCResponse.flatMap((one): ReadonlyArray<WireRow> => [
    ...(one.QueryResponse ?? []),
    ...(one.Fault === undefined ? [] : [{ Fault: one.Fault }])
  ])
  const rows = yield* Effect.try({
    try: () =>
      groups.flatMap((group) => {
        const fault = faultWithin(group)
        if (fault !== undefined) throw new TypeError(fault.message)
        return Query.rowsOf(entity.name, { [entity.name]: group[entity.name] ?? [] })
      }),
    catch: (cause) =>
      client.fail(
        operation,
        new ConnectorError.BadPayload({ message: cause instanceof Error ? cause.message : "cdc cannot be read" })
      )
  })
  return { rows, now: instant(answer.time) ?? (yield* client.providerTime) }
})

const isDeleted = ({ wire }: Row) => text(wire.status)?.toLowerCase() === "deleted"

/** Rows that were changed, and the ids of those that are gone or do not fit the filters any more. */
const pageOf = ({ source }: Reading, plan: Plan, rows: ReadonlyArray<Row>) => {
  const idOf = recordIdOf(source)
  const gone = rows.filter((row) => isDeleted(row) || !plan.fits(row))
  const left = new Set(gone)
  return Page.page(
    rows.filter((row) => !left.has(row)),
    { deleted: gone.map(idOf).filter((id) => id !== "") }
  )
}

/** Everything of a list that changed since a time, in the order of the changes: nothing is skipped while more change. */
const byTime = (context: Context, reading: Reading, plan: Plan, entity: Entity, since: number): Rows => {
  const { client } = context
  const query = (from: number) =>
    Query.statement(entity, {
      conditions: [`MetaData.LastUpdatedTime >= ${Query.quote(Query.stamp(from))}`],
      orderBy: "MetaData.LastUpdatedTime"
    })
  return Paginator.keyRange({
    request: () => Query.request(client, reading.operation, query(since)),
    answer: QueryAnswer,
    items: ({ QueryResponse: group }) => Query.rowsOf(entity.name, group),
    id: recordIdOf(reading.source),
    key: updatedAt,
    from: (request, from) => ({ ...request, query: { ...request.query, query: query(Number(from)) } }),
    pageSize: Query.pageSize
  })({ ...context, checkpoint: null }).pipe(
    Stream.filter((page): page is Page.Page<Row> => !Page.isEnd(page)),
    Stream.map((page) => pageOf(reading, plan, page.records)),
    // More rows with one stamp than fit a page, or out of order: the whole list tells for sure.
    Stream.mapError((error) =>
      error.reason._tag === "BadPayload" ? expired(context, reading.operation, error.reason.message ?? "") : error
    )
  )
}

/**
 * What changed since the cursor, an instant as ISO 8601, with what was deleted.
 *
 * When `cdc` may have cut its answer off, the rows of a list, which are never deleted, are read by the time of their
 * last change; for transactions the deletions that were cut off can be found by a whole listing only, so it is asked for.
 */
export const fetch = (reading: Reading, context: Context, cursor: string): Rows =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { operation } = reading
      const plan = yield* reading.plan(context)
      const from = instant(cursor)
      if (from === undefined) return yield* expired(context, operation, "the cursor is not a time")
      const since = from - overlapMillis
      if ((yield* context.client.providerTime) - since > furthestMillis) {
        return yield* expired(context, operation, "cdc tells of the last 30 days only")
      }
      let next: number | undefined
      const pages = Stream.fromIterable(plan.entities).pipe(
        Stream.flatMap((entity) =>
          Stream.unwrap(
            Effect.gen(function* () {
              const { now, rows } = yield* told(context, reading, entity, since)
              next = Math.min(next ?? now, now)
              if (rows.length < cdcLimit) return Stream.succeed<Page.Pages<Row>>(pageOf(reading, plan, rows))
              if (!entity.list) {
                const message = `${rows.length} or more ${entity.name} records changed, which is more than cdc tells`
                return yield* expired(context, operation, message)
              }
              const gone = rows.filter(isDeleted)
              return Stream.concat(
                gone.length === 0 ? Stream.empty : Stream.succeed<Page.Pages<Row>>(pageOf(reading, plan, gone)),
                byTime(context, reading, plan, entity, since)
              )
            })
          )
        )
      )
      const end = Stream.sync(() =>
        context.end({
          because: "cdc answers all changes at once, and the answer was not full",
          paging: "whole",
          cursor: Query.stamp(Math.max(from, next ?? from))
        })
      )
      return Stream.concat(pages, end)
    })
  )
