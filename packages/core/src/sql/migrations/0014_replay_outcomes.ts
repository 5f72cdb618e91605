import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** What became of the events of each replay, counted as they leave the outbox: a replay may have a million of them. */
export const replayOutcomes: Migration = {
  id: 14,
  name: "replay_outcomes",
  up: ({ sql, dialect }) => {
    const { clustered, integer, text } = dialect.ddl
    const statements = [
      `CREATE TABLE replay_outcomes (
        replay_id ${text} NOT NULL, state ${text} NOT NULL, events ${integer} NOT NULL,
        PRIMARY KEY (replay_id, state)) ${clustered}`,
      ...dialect.ddl.isolate("replay_outcomes", { parent: "replays", column: "replay_id", key: "id", type: "text" }),
      `INSERT INTO replay_outcomes (replay_id, state, events) SELECT replay_id, state, count(*) FROM events
        WHERE replay_id IS NOT NULL AND state NOT IN ('pending', 'acknowledged') GROUP BY replay_id, state`,
      // Together with those that the log has forgotten.
      `INSERT INTO replay_outcomes (replay_id, state, events) SELECT r.id, 'acknowledged', r.replayed
        - (SELECT count(*) FROM events e WHERE e.replay_id = r.id AND e.state <> 'acknowledged') FROM replays r`,
      `DROP INDEX events_replay`
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
