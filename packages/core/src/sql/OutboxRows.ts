import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NewEvent } from "../event/Event.ts"
import type { Database } from "./Database.ts"

/** What a new event has; the other columns are null until its first attempt. */
const newColumns = [
  "id",
  "workspace_id",
  "destination_id",
  "integration_id",
  "job_id",
  "run_id",
  "type",
  "record",
  "sequence",
  "state",
  "created_at",
  "next_attempt_at",
  "attempts"
]

/** Whether an event of the same record with a smaller sequence is in the outbox; joined from the log, which has the index. */
const before = `FROM events mine CROSS JOIN events before CROSS JOIN outbox waiting
  WHERE before.job_id = mine.job_id AND before.record = mine.record
    AND before.sequence < mine.sequence AND waiting.position = before.position`
const earlier = `SELECT 1 ${before} AND mine.position = outbox.position`

/**
 * Writes events to log and outbox: a few statements, however many events. Returns those that were not there before.
 * Events of a record are written in the order of their sequence; one behind an unsettled event is marked as blocked.
 * The caller holds the books of the runs that the events belong to.
 */
export const insertEvents = (
  database: Database,
  events: ReadonlyArray<NewEvent>
): Effect.Effect<ReadonlyArray<NewEvent>, SqlError> =>
  Effect.gen(function* () {
    if (events.length === 0) return []
    const { sql, dialect } = database
    const distinct = new Map<string, NewEvent>()
    for (const event of events) if (!distinct.has(event.id)) distinct.set(event.id, event)
    const written = yield* dialect.insert<{ readonly position: number; readonly id: string }>(
      "events",
      newColumns,
      Array.from(distinct.values(), (event) => [
        event.id,
        event.workspaceId,
        event.destinationId,
        event.integrationId ?? "",
        event.jobId,
        event.runId,
        event.type,
        event.record,
        event.sequence,
        "pending",
        event.createdAt,
        event.createdAt,
        0
      ]),
      "ON CONFLICT (id) DO NOTHING RETURNING position, id"
    )
    if (written.length === 0) return []
    const fresh = written
      .map((row) => ({ position: Number(row.position), event: distinct.get(row.id)! }))
      .sort((a, b) => a.position - b.position)
    yield* dialect.insert(
      "outbox",
      ["position", "destination_id", "due_at"],
      fresh.map(({ position, event }) => [position, event.destinationId, event.createdAt]),
      ""
    )
    yield* dialect.insert(
      "bodies",
      ["position", "body"],
      fresh.map(({ position, event }) => [position, event.body]),
      ""
    )
    // A record's first event has no earlier one.
    const later = fresh.filter(({ event }) => event.sequence !== null && event.sequence > 1)
    if (later.length > 0) {
      // The earlier events are held: whoever settles one either did so before this statement, or sees ours afterwards.
      const blocked = yield* sql<{ readonly position: number }>`SELECT mine.position ${sql.literal(before)}
        AND mine.position IN ${dialect.keys(later.map(({ position }) => position))}
        ORDER BY waiting.position ${dialect.forKeyShare("waiting")}`
      if (blocked.length > 0) {
        yield* sql`UPDATE outbox SET blocked = 1
          WHERE position IN ${dialect.keys(blocked.map((row) => Number(row.position)))}`
      }
    }
    return fresh.map(({ event }) => event)
  })

/** A record whose queue moved on. */
export interface Queue {
  readonly jobId: string
  readonly record: number
}

/** Lets the next event of each record go, after earlier ones left the outbox. */
export const unblock = ({ sql, dialect }: Database, queues: ReadonlyArray<Queue>): Effect.Effect<void, SqlError> =>
  queues.length === 0
    ? Effect.void
    : Effect.asVoid(sql`UPDATE outbox SET blocked = 0 WHERE blocked = 1 AND position IN (
        SELECT e.position
        FROM ${dialect.rows(
          { job: "text", record: "integer" },
          queues.map((queue) => [queue.jobId, queue.record])
        )} AS q
        CROSS JOIN events e WHERE e.job_id = q.job AND e.record = q.record)
        AND NOT EXISTS (${sql.literal(earlier)})`)
