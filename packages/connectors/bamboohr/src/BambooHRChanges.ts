import { ConnectorError, Page } from "@crochet/core"
import type { Resource } from "@crochet/core"
import { Dates } from "@crochet/models"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Endpoints from "./BambooHREndpoints.ts"
import { because, isRefusal } from "./BambooHRErrors.ts"
import { read } from "./BambooHRFields.ts"
import type { Plan } from "./BambooHRPlan.ts"
import * as Plans from "./BambooHRPlan.ts"
import * as BambooHRTables from "./BambooHRTables.ts"
import * as TimeOff from "./BambooHRTimeOff.ts"
import type { EmployeeRow, Source, Tables, WireRow } from "./BambooHRWire.ts"
import { Changed, ChangedTable } from "./BambooHRWire.ts"

type Context = Resource.ResourceContext

/** How far back a delta looks behind its cursor: `since` is not said to be inclusive, and clocks of servers differ. */
const overlapMillis = 60_000

/**
 * How long a cursor stays at the last change, in case that the app shows more of that time later. Staying there for good
 * would read everybody of a mass change again with every delta, until somebody else changes.
 */
const settledMillis = 600_000

/** Employees whose details are read with one request. */
const chunkSize = 100

const stamp = (millis: number) =>
  DateTime.formatIso(DateTime.makeUnsafe(Math.floor(millis / 1000) * 1000)).replace(".000Z", "Z")

const millisOf = (value: string | null | undefined): number | undefined => {
  const instant = Dates.fromInstant(value)
  return instant === null ? undefined : Date.parse(instant)
}

const entries = <A>(
  map: { readonly [id: string]: A } | ReadonlyArray<unknown>
): ReadonlyArray<readonly [id: string, value: A]> =>
  Array.isArray(map) ? [] : Object.entries(map as { readonly [id: string]: A })

/** The app's clock now, as a cursor. Whatever is answered, its `Date` header tells; who may not ask will not list either. */
export const start = Effect.fn("BambooHR.changes.start")(function* ({ client }: Context) {
  yield* client.request({ operation: "employee.changes", path: "/v1/employees/0", accept: [404] }).pipe(
    Effect.asVoid,
    Effect.catchIf(isRefusal, () => Effect.void)
  )
  return stamp(yield* client.providerTime)
})

/** Who changed, who is gone, and where the next delta starts. */
const changedSince = Effect.fnUntraced(function* (context: Context, since: number, cursor: number) {
  const { client } = context
  const answer = yield* client
    .decode(
      { operation: "employee.changes", path: "/v1/employees/changed", query: { since: stamp(since), type: "all" } },
      Changed
    )
    .pipe(
      // The only thing in this request that can be wrong is the time: too old, or not one for this account.
      Effect.mapError((error) =>
        error.reason._tag === "InvalidRequest"
          ? client.fail(
              "employee.changes",
              new ConnectorError.CursorExpired({
                status: error.reason.status ?? 400,
                message: error.reason.message ?? ""
              })
            )
          : error
      )
    )
  const now = yield* client.providerTime
  const changed = new Set<string>()
  const deleted = new Set<string>()
  let latest = millisOf(answer.latest)
  for (const [id, entry] of entries(answer.employees)) {
    if (entry.action.toLowerCase() === "deleted") deleted.add(id)
    else changed.add(id)
    latest = Math.max(latest ?? 0, millisOf(entry.lastChanged) ?? 0)
  }
  return { changed, deleted, next: Math.max(cursor, latest ?? now, now - settledMillis) }
})

/**
 * Who has changed rows in the subscribed tables. `changed` is documented to cover job, pay and employment status; what
 * it does for other tables is not said.
 */
const changedInTables = Effect.fnUntraced(function* (context: Context, since: number) {
  const { client } = context
  const found = yield* Effect.forEach(
    BambooHRTables.wanted(context.models).filter(({ name }) => name !== "company"),
    ({ name }) =>
      name === "timeOff"
        ? TimeOff.requests(context).pipe(
            Effect.map((rows) => TimeOff.changedSince(rows, since)),
            Effect.catchIf(isRefusal, () => Effect.succeed([]))
          )
        : client
            .decode(
              {
                operation: "employee.changes",
                path: `/v1/employees/changed/tables/${name}`,
                query: { since: stamp(since) }
              },
              ChangedTable
            )
            .pipe(
              Effect.map((answer) => entries(answer.employees).map(([id]) => id)),
              // Not readable: reported when its rows are read.
              Effect.catchIf(isRefusal, () => Effect.succeed([]))
            ),
    { concurrency: 3 }
  )
  return found.flat()
})

interface Found {
  readonly source: Source
  readonly rows: ReadonlyArray<WireRow>
}

/** The details of the given employees from the endpoint that the listing uses too, so that both see the same fields. */
const details = (context: Context, plan: Plan, known: ReadonlySet<string> | undefined, ids: ReadonlyArray<string>) =>
  Endpoints.datasetOf(context, plan, known, ids).pipe(
    Effect.map((rows): Found => ({ source: "dataset", rows })),
    Effect.catchIf(Endpoints.isRefusedRequest, () =>
      Effect.map(Endpoints.report(context, plan, ids), (rows): Found => ({ source: "report", rows }))
    ),
    Effect.catchIf(Endpoints.isRefusedRequest, () =>
      Effect.map(Endpoints.directory(context), (rows): Found => ({ source: "directory", rows }))
    )
  )

const chunkPage = Effect.fnUntraced(function* (
  context: Context,
  plan: Plan,
  known: ReadonlySet<string> | undefined,
  tables: (employeeId: string) => Tables,
  ids: ReadonlyArray<string>
) {
  const found = yield* details(context, plan, known, ids)
  const asked = new Set(ids)
  const records: Array<EmployeeRow> = []
  const gone: Array<string> = []
  const take = (source: Source, wire: WireRow, id: string) => {
    asked.delete(id)
    // Who does not fit the filter any more is out of the sync, as the next full listing would find.
    if (Plans.fits(context, source, wire)) records.push(Plans.toRow(source, wire, plan, tables))
    else gone.push(id)
  }
  for (const wire of found.rows) {
    const id = read(found.source, wire, "id")
    if (id !== undefined && asked.has(id)) take(found.source, wire, id)
  }
  // Not in the bulk answer: removed since, hidden, not yet indexed, or (directory) no longer active.
  const single = yield* Effect.forEach(
    [...asked],
    (id) =>
      Endpoints.employee(context, plan, id).pipe(
        Effect.map((wire) => ({ id, wire, hidden: false })),
        Effect.catchIf(isRefusal, (error) =>
          Effect.as(
            context.issue({
              code: "bamboohr.employee_hidden",
              message: `An employee changed and is left out: ${because(error)}`
            }),
            { id, wire: undefined, hidden: true }
          )
        )
      ),
    { concurrency: 3 }
  )
  for (const { hidden, id, wire } of single) {
    if (hidden) continue
    if (wire === undefined) gone.push(id)
    else take("employee", wire, id)
  }
  return Page.page(records, { deleted: gone })
})

/** What changed since the cursor, an instant of the app's clock as ISO 8601. */
export const fetch = (
  context: Context,
  cursor: string
): Stream.Stream<Page.Pages<EmployeeRow>, ConnectorError.ConnectorError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const from = millisOf(cursor)
      if (from === undefined) {
        return yield* context.client.fail(
          "employee.changes",
          new ConnectorError.CursorExpired({ message: "the cursor is not a time" })
        )
      }
      const since = from - overlapMillis
      const { changed, deleted, next } = yield* changedSince(context, since, from)
      for (const id of yield* changedInTables(context, since)) if (!deleted.has(id)) changed.add(id)
      const ids = [...changed].sort((a, b) => Number(a) - Number(b))
      const plan = ids.length === 0 ? { fields: [], custom: [] } : yield* Plans.make(context)
      const known = ids.length === 0 ? undefined : yield* Endpoints.datasetFields(context)
      const tables = ids.length === 0 ? () => ({}) : yield* BambooHRTables.load(context, ids)
      const chunks = Stream.paginate(0, (at) =>
        at >= ids.length
          ? Effect.succeed([[], Option.none<number>()] as const)
          : Effect.map(
              chunkPage(context, plan, known, tables, ids.slice(at, at + chunkSize)),
              (page) => [[page], Option.some(at + chunkSize)] as const
            )
      )
      const removed = deleted.size === 0 ? [] : [Page.page<EmployeeRow>([], { deleted: [...deleted] })]
      const end = Stream.sync(() =>
        context.end({ because: "BambooHR answers all changes at once", paging: "whole", cursor: stamp(next) })
      )
      return Stream.fromIterable(removed).pipe(Stream.concat(chunks), Stream.concat(end))
    })
  )

/** One employee with the tables of the subscribed models; `None` when there is no such employee. */
export const get = Effect.fn("BambooHR.get")(function* (context: Context, recordId: string) {
  const plan = yield* Plans.make(context)
  const wire = yield* Endpoints.employee(context, plan, recordId)
  if (wire === undefined) return Option.none<EmployeeRow>()
  const tables = yield* BambooHRTables.load(context, [recordId])
  return Option.some(Plans.toRow("employee", wire, plan, tables))
})
