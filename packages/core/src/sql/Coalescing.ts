import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NewEvent } from "../event/Event.ts"
import type { Database } from "./Database.ts"
import type { Moved } from "./Ordering.ts"
import type { Departure } from "./RunBooks.ts"

/** What left the outbox for newer events. */
export interface Coalesced {
  readonly departures: ReadonlyArray<Departure>
  readonly moved: ReadonlyArray<Moved>
}

interface ReplacedRow {
  readonly position: number
  readonly run_id: string | null
  readonly job_id: string
  readonly record: number
  readonly chain: string | null
  readonly replaced_by: string
}

/** Which of two states of a record is the newer one. */
const newest = (events: ReadonlyArray<NewEvent>): ReadonlyArray<NewEvent> => {
  const found = new Map<string, NewEvent>()
  for (const event of events) {
    if (event.type !== "record.modified" && event.type !== "record.deleted") continue
    if (event.sequence === null || event.sequence < 2) continue
    const key = `${event.jobId}|${event.record}`
    const known = found.get(key)
    if (known === undefined || known.sequence! < event.sequence) found.set(key, event)
  }
  return [...found.values()]
}

/**
 * Takes every `record.modified` out of the outbox for which one of the new events has a newer state. What somebody has a
 * lease on stays, what a replay made does too: its books wait for its acknowledgement.
 */
export const coalesce = (
  { sql, dialect }: Database,
  events: ReadonlyArray<NewEvent>
): Effect.Effect<Coalesced, SqlError> =>
  Effect.gen(function* () {
    const newer = newest(events)
    if (newer.length === 0) return { departures: [], moved: [] }
    const found = yield* sql<ReplacedRow>`SELECT o.position, o.chain, e.run_id, e.job_id, e.record, n.id AS replaced_by
      FROM ${dialect.rows(
        { id: "text", job: "text", record: "integer", sequence: "integer", destination: "text" },
        newer.map((event) => [event.id, event.jobId, event.record, event.sequence, event.destinationId])
      )} AS n
      ${dialect.lookup("events", "e", "e.job_id = n.job AND e.record = n.record AND e.sequence < n.sequence")}
      ${dialect.lookup("outbox", "o", "o.position = e.position")}
      WHERE e.type = 'record.modified' AND e.destination_id = n.destination AND e.replay_id IS NULL`
    if (found.length === 0) return { departures: [], moved: [] }
    const free = yield* sql<{ readonly position: number }>`SELECT o.position FROM outbox o
      WHERE ${dialect.among(
        "o.position",
        found.map((row) => Number(row.position))
      )} AND ${dialect.unindexed("o.lease_until", "integer")} = 0 ORDER BY o.position ${dialect.skipLocked("o")}`
    const taken = new Set(free.map((row) => Number(row.position)))
    const rows = found.filter((row) => taken.has(Number(row.position)))
    if (rows.length === 0) return { departures: [], moved: [] }
    const now = yield* dialect.now
    const positions = rows.map((row) => Number(row.position))
    yield* sql`UPDATE events SET state = 'coalesced', replaced_by = v.replaced_by, settled_at = ${now}, next_attempt_at = NULL
      FROM ${dialect.rows(
        { position: "integer", replaced_by: "text" },
        rows.map((row) => [Number(row.position), row.replaced_by])
      )} AS v WHERE events.position = v.position`
    yield* sql`DELETE FROM outbox WHERE ${dialect.among("position", positions)}`
    yield* sql`DELETE FROM bodies WHERE ${dialect.among("position", positions)}`
    return {
      departures: rows.map((row) => ({ runId: row.run_id, type: "record.modified", fate: "coalesced" }) as const),
      moved: rows.map((row) => ({ jobId: row.job_id, record: Number(row.record), chain: row.chain }))
    }
  })
