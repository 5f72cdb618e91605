import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { EventRecord, NewEvent } from "../event/Event.ts"
import type { Database } from "./Database.ts"
import { events as table } from "./Tables.ts"

const outboxColumns = ["position", "destination_id", "run_id", "job_id", "record_key", "sequence", "due_at", "body"]

/**
 * Writes events to log and outbox: three statements, however many events. Returns those that were not there before.
 * Events of a record are written in the order of their sequence; one behind an unsettled event is marked as blocked.
 */
export const insertEvents = (database: Database, events: ReadonlyArray<NewEvent>): Effect.Effect<ReadonlyArray<NewEvent>, SqlError> =>
  Effect.gen(function* () {
    if (events.length === 0) return []
    const { sql, dialect } = database
    const distinct = new Map<string, NewEvent>()
    for (const event of events) if (!distinct.has(event.id)) distinct.set(event.id, event)
    const records = [...distinct.values()].map((event): EventRecord => ({
      ...event,
      state: "pending",
      firstAttemptAt: null,
      nextAttemptAt: event.createdAt,
      settledAt: null,
      attempts: 0,
      lastStatus: null,
      lastError: null
    }))
    const written = yield* dialect.insert<{ readonly position: number; readonly id: string }>(
      "events",
      table.columns,
      records.map(table.encode),
      "ON CONFLICT (id) DO NOTHING RETURNING position, id"
    )
    if (written.length === 0) return []
    const fresh = written
      .map((row) => ({ position: Number(row.position), event: distinct.get(row.id)! }))
      .sort((a, b) => a.position - b.position)
    yield* dialect.insert(
      "outbox",
      outboxColumns,
      fresh.map(({ position, event }) => [
        position,
        event.destinationId,
        event.runId,
        event.jobId,
        event.recordKey,
        event.sequence,
        event.createdAt,
        event.body
      ]),
      ""
    )
    if (fresh.some(({ event }) => event.recordKey !== null)) {
      yield* sql`UPDATE outbox SET blocked = 1 WHERE position >= ${fresh[0]!.position} AND record_key IS NOT NULL AND EXISTS (
        SELECT 1 FROM outbox AS earlier WHERE earlier.job_id = outbox.job_id AND earlier.record_key = outbox.record_key
          AND earlier.sequence < outbox.sequence)`
    }
    return fresh.map(({ event }) => event)
  })

/** A record whose queue moved on. */
export interface Queue {
  readonly jobId: string
  readonly recordKey: string
}

/** Lets the next event of each record go, after earlier ones left the outbox. */
export const unblock = ({ sql, dialect }: Database, queues: ReadonlyArray<Queue>): Effect.Effect<void, SqlError> =>
  queues.length === 0
    ? Effect.void
    : Effect.asVoid(sql`UPDATE outbox SET blocked = 0
        FROM ${dialect.rows({ job: "text", record: "text" }, queues.map((queue) => [queue.jobId, queue.recordKey]))} AS q
        WHERE outbox.job_id = q.job AND outbox.record_key = q.record AND outbox.blocked = 1 AND NOT EXISTS (
          SELECT 1 FROM outbox AS earlier WHERE earlier.job_id = outbox.job_id AND earlier.record_key = outbox.record_key
            AND earlier.sequence < outbox.sequence)`)
