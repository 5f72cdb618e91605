import { ConnectorError, Page } from "@crochet/core"
import type { Resource } from "@crochet/core"
import { Dates } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Plans from "./SalesforcePlan.ts"
import * as Query from "./SalesforceQuery.ts"
import type { Row } from "./SalesforceRow.ts"
import { Deleted, path } from "./SalesforceWire.ts"

type Context = Resource.ResourceContext

/** A transaction is seen only when it is committed, with the stamp of when it wrote. */
export const overlapMillis = 300_000
/** Deletions are logged for 15 days at most (https://developer.salesforce.com, resources_getdeleted, 2026-11). */
const deletionsMillis = 15 * 86_400_000
const minute = 60_000

const stamp = (millis: number) => new Date(millis).toISOString()
const millisOf = (text: string): number => Date.parse(Dates.fromInstant(text) ?? "")

/** The app's clock, which a small answer tells. */
export const start = Effect.fn("Salesforce.changes.start")(function* (context: Context) {
  yield* context.client.request({ operation: "changes.start", path: path("/limits"), accept: [403, 404] })
  return stamp(yield* context.client.providerTime)
})

/** Ids that are gone since, and until when the app can tell. */
const deletedSince = Effect.fnUntraced(function* (context: Context, plan: Plans.Plan, since: number, now: number) {
  const { client } = context
  if (!plan.hasIsDeleted) return { ids: [], covered: now }
  const bin = Effect.map(Query.binned(context, plan, since), (ids) => ({ ids, covered: now }))
  if (!plan.replicateable) return yield* bin
  const operation = `${plan.object}.deleted`
  const answer = yield* client
    .decode(
      {
        operation,
        path: path(`/sobjects/${encodeURIComponent(plan.object)}/deleted`),
        query: { start: stamp(Math.floor(since / minute) * minute), end: stamp(now) }
      },
      Deleted
    )
    .pipe(
      Effect.catchIf(
        (error) => error.reason._tag === "Unsupported",
        () => Effect.succeed(undefined)
      )
    )
  if (answer === undefined) return yield* bin
  const earliest = millisOf(answer.earliestDateAvailable)
  const covered = millisOf(answer.latestDateCovered)
  if (Number.isNaN(earliest) || Number.isNaN(covered)) {
    return yield* client.fail(
      operation,
      new ConnectorError.BadPayload({ message: "The log of deletions says no times." })
    )
  }
  // Seconds do not count there.
  if (since < earliest - minute) {
    return yield* client.fail(
      operation,
      new ConnectorError.CursorExpired({ message: `The log of deletions begins at ${stamp(earliest)}.` })
    )
  }
  return { ids: answer.deletedRecords.map(({ id }) => id), covered }
})

/** Whether the row fits the native filters, judged as SOQL does: without regard to case, ids also in their short form. */
const fits = ({ filters }: Plans.Plan, row: Row): boolean =>
  Object.entries(filters).every(([field, wanted]) => {
    const held = String(row[field] ?? "")
    return (
      held.toLowerCase() === wanted.toLowerCase() ||
      (wanted.length === 15 && held.length === 18 && held.startsWith(wanted))
    )
  })

/** What changed since the cursor, an instant of the app's clock as ISO 8601; deletions first. */
export const fetch = (context: Context, wanted: Plans.Wanted, cursor: string): Query.Rows =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { client } = context
      const operation = `${wanted.object}.changes`
      const expired = (message: string) => client.fail(operation, new ConnectorError.CursorExpired({ message }))
      const from = millisOf(cursor)
      if (Number.isNaN(from)) return yield* expired("The cursor is not a time.")
      const plan = yield* Plans.make(context, wanted)
      const now = yield* client.providerTime
      const since = from - overlapMillis
      if (plan.hasIsDeleted && since < now - deletionsMillis) return yield* expired("Deletions are kept for 15 days.")
      const { covered, ids } = yield* deletedSince(context, plan, since, now)
      // Undeleted meanwhile, or listed by mistake: what can still be read is not deleted.
      const alive = yield* Query.living(context, plan, ids)
      const gone = ids.filter((id) => !alive.has(id))
      const next = stamp(Math.max(from, Math.min(now, covered)))
      const changed = Query.narrowing(context, wanted, plan, (narrowed) =>
        Query.changed(context, narrowed, since, next)
      )
      const judged = Stream.map(changed, (one): Page.Pages<Row> => {
        if (one._tag === "End" || Object.keys(plan.filters).length === 0) return one
        const out = one.records.filter((row) => !fits(plan, row)).map((row) => String(row.Id))
        return { ...one, records: one.records.filter((row) => fits(plan, row)), deleted: [...one.deleted, ...out] }
      })
      if (gone.length === 0) return judged
      // The same checkpoint as before: a run that goes on asks for deletions again, which costs nothing.
      return Stream.concat(
        Stream.succeed(Page.page<Row>([], { deleted: gone, checkpoint: context.checkpoint })),
        judged
      )
    })
  )
