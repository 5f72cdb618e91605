import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import * as Circuit from "../delivery/Circuit.ts"
import type { Notices } from "../store/DestinationStore.ts"
import type { Database } from "./Database.ts"
import * as HealthRows from "./HealthRows.ts"
import { insertAny, ordersOf } from "./OutboxRows.ts"
import { destinations } from "./Tables.ts"

/**
 * The due time of a row of the outbox that is to go at once. While its destination is paused that is when the pause
 * began: what lies after it is put off by the length of the pause when it ends.
 */
export const dueNow = ({ sql }: Database, now: number): Fragment =>
  sql`(SELECT coalesce(min(d.paused_at), ${now}) FROM destinations d
    WHERE d.id = outbox.destination_id AND d.state = 'paused' AND d.paused_at < ${now})`

/** Writes what the workspace's active destinations are told, and returns those that are. */
const tell = (
  database: Database,
  workspaceId: string,
  notices: Notices,
  now: number
): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.gen(function* () {
    const { sql } = database
    const active = yield* sql`SELECT ${sql.literal(destinations.select())} FROM destinations
      WHERE workspace_id = ${workspaceId} AND state = 'active' ORDER BY id`
    const told = notices(active.map(destinations.decode), now)
    const { departures: _, events: written } = yield* insertAny(database, told, yield* ordersOf(database, told))
    return written.map((event) => event.destinationId)
  })

/** `DestinationStore.pause`. */
export const pause = (
  database: Database,
  id: string,
  reason: string,
  notices: Notices
): Effect.Effect<ReadonlyArray<string> | null, SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const now = yield* dialect.now
    const [paused] = yield* sql<{ readonly workspace_id: string }>`UPDATE destinations
      SET state = 'paused', paused_reason = ${reason}, paused_at = ${now},
        updated_at = CASE WHEN updated_at < ${now} THEN ${now} ELSE updated_at + 1 END
      WHERE id = ${id} AND state = 'active' RETURNING workspace_id`
    return paused === undefined ? null : yield* tell(database, paused.workspace_id, notices, now)
  })

/** `DestinationStore.resume`. */
export const resume = (
  database: Database,
  id: string,
  notices: Notices
): Effect.Effect<ReadonlyArray<string> | null, SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const now = yield* dialect.now
    const [found] = yield* sql<{ readonly workspace_id: string; readonly paused_at: number | null }>`SELECT
        workspace_id, paused_at FROM destinations WHERE id = ${id} AND state = 'paused' ${dialect.forUpdate()}`
    if (found === undefined) return null
    yield* sql`UPDATE destinations SET state = 'active', paused_reason = NULL, paused_at = NULL,
        updated_at = CASE WHEN updated_at < ${now} THEN ${now} ELSE updated_at + 1 END
      WHERE id = ${id}`
    const pausedAt = found.paused_at === null ? now : Math.min(Number(found.paused_at), now)
    const length = now - pausedAt
    if (length > 0) {
      const shifted = yield* sql<{ readonly position: number; readonly due_at: number }>`UPDATE outbox
        SET first_attempt_at = first_attempt_at + ${length},
          due_at = CASE WHEN due_at > ${pausedAt} THEN due_at + ${length} ELSE due_at END
        WHERE destination_id = ${id} AND first_attempt_at IS NOT NULL RETURNING position, due_at`
      if (shifted.length > 0) {
        const rows = shifted.map((row) => [Number(row.position), Number(row.due_at)])
        yield* sql`UPDATE events SET next_attempt_at = v.due_at
          FROM ${dialect.rows({ position: "integer", due_at: "integer" }, rows)} AS v WHERE events.position = v.position`
      }
    }
    const health = yield* HealthRows.load(database, [id], true)
    const before = health.get(id) ?? Circuit.unknown(id)
    yield* HealthRows.save(database, [{ ...Circuit.closed(before, now), parkedUntil: null }])
    return yield* tell(database, found.workspace_id, notices, now)
  })
