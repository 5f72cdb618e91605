import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Destination } from "../destination/Destination.ts"
import type { NewEvent } from "../event/Event.ts"
import type { Database } from "./Database.ts"

/** What of a destination decides how its events are queued. */
export type Order = Pick<Destination, "ordering" | "coalesce">

/** The order of a destination that was told nothing. */
export const usual: Order = { ordering: "record", coalesce: false }

/** Columns of the destination's order, for a statement that reads a run anyway. */
export const columnsOfRun = `(SELECT d.ordering FROM destinations d WHERE d.id = runs.destination_id) AS ordering,
  (SELECT d.coalesce FROM destinations d WHERE d.id = runs.destination_id) AS coalesces`

/** A row of `columnsOfRun`; nulls when the destination is gone. */
export interface OrderRow {
  readonly ordering: Destination["ordering"] | null
  readonly coalesces: number | null
}

/** The order that the columns tell. */
export const decode = (row: OrderRow): Order => ({
  ordering: row.ordering ?? usual.ordering,
  coalesce: Number(row.coalesces ?? 0) === 1
})

/** The orders of destinations, by id. */
export const ofDestinations = (
  { sql, dialect }: Database,
  ids: ReadonlyArray<string>
): Effect.Effect<ReadonlyMap<string, Order>, SqlError> =>
  Effect.map(
    sql<OrderRow & { readonly id: string }>`SELECT id, ordering, coalesce AS coalesces FROM destinations
      WHERE id IN ${dialect.keys(ids)}`,
    (rows) => new Map(rows.map((row) => [row.id, decode(row)]))
  )

/** Earlier unsettled events of the same record; joined from the log, which has the index. */
const before = `FROM events mine CROSS JOIN events before CROSS JOIN outbox waiting
  WHERE before.job_id = mine.job_id AND before.record = mine.record
    AND before.sequence < mine.sequence AND waiting.position = before.position`
const earlier = `EXISTS (SELECT 1 ${before} AND mine.position = outbox.position)`

/** Whether the event is not the first of its run, where a run's events go one after the other. */
const behind = `(outbox.chain IS NOT NULL AND outbox.position >
  (SELECT min(head.position) FROM outbox head WHERE head.chain = outbox.chain))`

/**
 * Marks new events that have to wait. The earlier events of their records are held meanwhile: whoever settles one either
 * did so before, or sees the new ones afterwards. Those of a run are settled and written by holders of its books only.
 */
export const block = (
  { sql, dialect }: Database,
  fresh: ReadonlyArray<{ readonly position: number; readonly event: Pick<NewEvent, "sequence"> }>,
  { ordering }: Order
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const mark = (positions: ReadonlyArray<number>) =>
      sql`UPDATE outbox SET blocked = 1 WHERE position IN ${dialect.keys(positions)}`
    // A record's first event has no earlier one.
    const later = fresh.filter(({ event }) => event.sequence !== null && event.sequence > 1)
    if (ordering !== "none" && later.length > 0) {
      const blocked = yield* sql<{ readonly position: number }>`SELECT mine.position ${sql.literal(before)}
        AND mine.position IN ${dialect.keys(later.map(({ position }) => position))}
        ORDER BY waiting.position ${dialect.forKeyShare("waiting")}`
      if (blocked.length > 0) yield* mark(blocked.map((row) => Number(row.position)))
    }
    if (ordering === "run") {
      yield* sql`UPDATE outbox SET blocked = 1 WHERE position IN ${dialect.keys(fresh.map(({ position }) => position))}
        AND ${sql.literal(behind)}`
    }
  })

/** What moved on: the queue of a record, the chain of a run. */
export interface Moved {
  readonly jobId: string | null
  readonly record: number | null
  readonly chain: string | null
}

/** Lets the next event of each record and run go, after earlier ones left the outbox. */
export const unblock = ({ sql, dialect }: Database, moved: ReadonlyArray<Moved>): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const queues: Array<[string, number]> = []
    const chains = new Set<string>()
    for (const { chain, jobId, record } of moved) {
      if (jobId !== null && record !== null) queues.push([jobId, record])
      if (chain !== null) chains.add(chain)
    }
    const free = sql.literal(`NOT ${earlier} AND NOT ${behind}`)
    if (queues.length > 0) {
      yield* sql`UPDATE outbox SET blocked = 0 WHERE blocked = 1 AND position IN (
        SELECT e.position FROM ${dialect.rows({ job: "text", record: "integer" }, queues)} AS q
        CROSS JOIN events e WHERE e.job_id = q.job AND e.record = q.record) AND ${free}`
    }
    if (chains.size > 0) {
      yield* sql`UPDATE outbox SET blocked = 0 WHERE blocked = 1 AND position IN (
        SELECT min(c.position) FROM outbox c WHERE c.chain IN ${dialect.keys([...chains])} GROUP BY c.chain) AND ${free}`
    }
  })

/** Puts everything that waits for the destination into another order. */
export const reorder = (
  { sql, dialect }: Database,
  destinationId: string,
  ordering: Order["ordering"]
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    // Whoever settles one of them either did so before, or lets the next one go by what is written here.
    yield* sql`SELECT count(*) AS n FROM (SELECT position FROM outbox WHERE destination_id = ${destinationId}
      ORDER BY position ${dialect.forUpdate()}) AS held`
    const chain = sql.literal(
      ordering === "run"
        ? `(SELECT e.run_id FROM events e WHERE e.position = outbox.position
            AND e.type NOT IN ('sync.events.allConsumed', 'sync.events.incomplete'))`
        : "NULL"
    )
    yield* sql`UPDATE outbox SET chain = ${chain} WHERE destination_id = ${destinationId}`
    const waits = sql.literal(ordering === "none" ? "0" : `CASE WHEN ${earlier} OR ${behind} THEN 1 ELSE 0 END`)
    yield* sql`UPDATE outbox SET blocked = ${waits} WHERE destination_id = ${destinationId}`
  })
