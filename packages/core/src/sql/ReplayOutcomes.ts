import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { EventState } from "../event/Event.ts"
import { noProgress, type ReplayProgress } from "../replay/Replay.ts"
import type { Database } from "./Database.ts"

/** An event that left the outbox; only those that a replay made are counted. */
export interface Outcome {
  readonly replayId: string | null
  readonly state: Exclude<EventState, "pending">
}

/**
 * Counts what became of events of replays. It comes last in a transaction: one that has these rows waits for nothing
 * else.
 */
export const add = ({ dialect }: Database, outcomes: ReadonlyArray<Outcome>): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const counts = new Map<string, [replayId: string, state: string, events: number]>()
    for (const { replayId, state } of outcomes) {
      if (replayId === null) continue
      const key = `${replayId}|${state}`
      const known = counts.get(key)
      if (known === undefined) counts.set(key, [replayId, state, 1])
      else known[2]++
    }
    if (counts.size === 0) return
    // In one order for all, so that two transactions never wait for each other.
    const rows = [...counts.keys()].sort().map((key) => counts.get(key)!)
    yield* dialect.insert(
      "replay_outcomes",
      ["replay_id", "state", "events"],
      rows,
      "ON CONFLICT (replay_id, state) DO UPDATE SET events = replay_outcomes.events + excluded.events"
    )
  })

/** What has become of the events of these replays; what is in no count is pending. */
export const progress = (
  { sql, dialect }: Database,
  ids: ReadonlyArray<string>
): Effect.Effect<ReadonlyMap<string, ReplayProgress>, SqlError> =>
  Effect.map(
    sql<{
      readonly id: string
      readonly replayed: number
      readonly state: EventState | null
      readonly events: number
    }>`SELECT r.id, r.replayed, o.state, o.events FROM replays r LEFT JOIN replay_outcomes o ON o.replay_id = r.id
      WHERE ${dialect.among("r.id", ids)}`,
    (rows) => {
      const found = new Map<string, ReplayProgress>()
      for (const { events, id, replayed, state } of rows) {
        const known = found.get(id) ?? { ...noProgress, pending: Number(replayed) }
        const left = state === null ? {} : { [state]: Number(events), pending: known.pending - Number(events) }
        found.set(id, { ...known, ...left })
      }
      return found
    }
  )
