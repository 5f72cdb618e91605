import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { EventType } from "../event/EventType.ts"
import * as Barrier from "../store/Barrier.ts"
import type { Database } from "./Database.ts"
import type { Repair } from "./RunBooks.ts"

/** An acknowledged event that repeats another one. */
export interface Acknowledged {
  /** The one that it repeats. */
  readonly eventId: string
  readonly replacedBy: string
}

/** The run in whose books an event counts: its own, or the one that it closes although that one's key is gone. */
export const bookedRun = (event: {
  readonly type: EventType
  readonly run_id: string | null
  readonly replay_of: string | null
  readonly origin_run_id: string | null
}): string | null =>
  event.run_id ?? (Barrier.isClosing(event.type) && event.replay_of === null ? event.origin_run_id : null)

/** Notes in the log which lost events were made up for; each is so once. Returns what the books of their runs gain. */
export const mark = (
  { sql, dialect }: Database,
  acknowledged: ReadonlyArray<Acknowledged>
): Effect.Effect<ReadonlyArray<Repair>, SqlError> =>
  Effect.gen(function* () {
    if (acknowledged.length === 0) return []
    const distinct = new Map(acknowledged.map(({ eventId, replacedBy }) => [eventId, replacedBy]))
    const rows = yield* sql<{ readonly run_id: string | null; readonly type: EventType }>`UPDATE events
      SET replaced_by = v.replaced_by FROM ${dialect.rows({ id: "text", replaced_by: "text" }, [...distinct])} AS v
      WHERE events.id = v.id AND events.state IN ('expired', 'discarded') AND events.replaced_by IS NULL
      RETURNING events.run_id, events.type`
    return rows.flatMap((row) => (row.run_id === null ? [] : [{ runId: row.run_id, type: row.type }]))
  })
