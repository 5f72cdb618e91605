import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { Destination } from "../destination/Destination.ts"
import type { NewEvent } from "../event/Event.ts"
import type { Database } from "./Database.ts"

/** What of a destination decides how its events are queued. */
export type Order = Pick<Destination, "ordering" | "coalesce">

/** The order of a destination that was told nothing. */
export const usual: Order = { ordering: "record", coalesce: false }

/** The order as one value: a subselect has one, and locks what it reads once. */
const told = "d.ordering || ' ' || d.coalesce"

/**
 * The column of the destination's order, for a statement that reads a run anyway. The order stays until the transaction
 * ends: what it writes would otherwise be queued in an order that nothing follows any more.
 */
export const columnOfRun = ({ sql, dialect }: Database): Fragment =>
  sql`(SELECT ${sql.literal(told)} FROM destinations d WHERE d.id = runs.destination_id ${dialect.forKeyShare("d")}) AS queueing`

/** A row of `columnOfRun`; null when the destination is gone. */
export interface OrderRow {
  readonly queueing: string | null
}

/** The order that the column tells. */
export const decode = ({ queueing }: OrderRow): Order => {
  if (queueing === null) return usual
  const [ordering, coalesces] = queueing.split(" ")
  return { ordering: ordering as Order["ordering"], coalesce: coalesces === "1" }
}

/** The orders of destinations, by id, which stay as they are until the transaction ends. Comes before locks on runs. */
export const ofDestinations = (
  { sql, dialect }: Database,
  ids: ReadonlyArray<string>
): Effect.Effect<ReadonlyMap<string, Order>, SqlError> =>
  Effect.map(
    sql<OrderRow & { readonly id: string }>`SELECT d.id, ${sql.literal(told)} AS queueing FROM destinations d
      WHERE ${dialect.among("d.id", ids)} ${dialect.forKeyShare("d")}`,
    (rows) => new Map(rows.map((row) => [row.id, decode(row)]))
  )

/** Earlier events of the same record: the log has the index. */
const before = "before.job_id = mine.job_id AND before.record = mine.record AND before.sequence < mine.sequence"
/** Whether one of them is not settled. */
const earlier = ({ sql, dialect }: Database) =>
  sql`EXISTS (SELECT 1 FROM events mine ${dialect.lookup("events", "before", before)}
    ${dialect.lookup("outbox", "waiting", "waiting.position = before.position")} WHERE mine.position = outbox.position)`

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
    /** Those that are still in the outbox, which nobody can take out of it now. */
    const held = (positions: ReadonlyArray<number>) =>
      positions.length === 0
        ? Effect.succeed(new Set<number>())
        : Effect.map(
            sql<{ readonly position: number }>`SELECT position FROM outbox WHERE ${dialect.among("position", positions)}
              ORDER BY position ${dialect.forKeyShare("outbox")}`,
            (rows) => new Set(rows.map((row) => Number(row.position)))
          )
    const mark = (positions: ReadonlyArray<number>) =>
      sql`UPDATE outbox SET blocked = 1 WHERE ${dialect.among("position", positions)}`
    // A record's first event has no earlier one.
    const later = fresh.filter(({ event }) => event.sequence !== null && event.sequence > 1)
    if (ordering !== "none" && later.length > 0) {
      const pairs = yield* sql<{ readonly position: number; readonly earlier: number }>`SELECT mine.position,
          waiting.position AS earlier
        FROM events mine ${dialect.lookup("events", "before", before)}
          ${dialect.lookup("outbox", "waiting", "waiting.position = before.position")}
        WHERE ${dialect.among(
          "mine.position",
          later.map(({ position }) => position)
        )}`
      const waiting = yield* held(pairs.map((row) => Number(row.earlier)))
      const blocked = pairs.filter((row) => waiting.has(Number(row.earlier)))
      if (blocked.length > 0) yield* mark(blocked.map((row) => Number(row.position)))
    }
    if (ordering === "run") {
      yield* sql`UPDATE outbox SET blocked = 1 WHERE ${dialect.among(
        "position",
        fresh.map(({ position }) => position)
      )}
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
export const unblock = (database: Database, moved: ReadonlyArray<Moved>): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const queues: Array<[string, number]> = []
    const chains = new Set<string>()
    for (const { chain, jobId, record } of moved) {
      if (jobId !== null && record !== null) queues.push([jobId, record])
      if (chain !== null) chains.add(chain)
    }
    const free = sql`NOT ${earlier(database)} AND NOT ${sql.literal(behind)}`
    if (queues.length > 0) {
      const waiting = yield* sql<{ readonly position: number }>`SELECT o.position
        FROM ${dialect.rows({ job: "text", record: "integer" }, queues)} AS q
        ${dialect.lookup("events", "e", "e.job_id = q.job AND e.record = q.record")}
        ${dialect.lookup("outbox", "o", "o.position = e.position")} WHERE o.blocked = 1`
      if (waiting.length > 0) {
        yield* sql`UPDATE outbox SET blocked = 0 WHERE ${dialect.among(
          "position",
          waiting.map((row) => Number(row.position))
        )} AND ${free}`
      }
    }
    if (chains.size > 0) {
      yield* sql`UPDATE outbox SET blocked = 0 WHERE blocked = 1 AND position IN (
        SELECT min(c.position) FROM outbox c WHERE ${dialect.among("c.chain", [...chains])} GROUP BY c.chain) AND ${free}`
    }
  })

/**
 * Puts everything that waits for the destination into another order. The caller has the destination's row for update,
 * which waits for pages that are being written in the old order and keeps others from beginning.
 */
export const reorder = (
  database: Database,
  destinationId: string,
  ordering: Order["ordering"]
): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
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
    const waits =
      ordering === "none"
        ? sql.literal("0")
        : sql`CASE WHEN ${earlier(database)} OR ${sql.literal(behind)} THEN 1 ELSE 0 END`
    yield* sql`UPDATE outbox SET blocked = ${waits} WHERE destination_id = ${destinationId}`
  })
