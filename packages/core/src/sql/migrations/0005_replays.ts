import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/**
 * Order by run (`outbox.chain`: the run whose events go one after the other), coalescing, and replays. New columns are
 * null for every event that needs none of it, and indexes leave those out: they cost the others nothing.
 */
export const replays: Migration = {
  id: 5,
  name: "replays",
  up: ({ sql, dialect }) => {
    const { text, integer } = dialect.ddl
    const statements = [
      `ALTER TABLE events ADD COLUMN replaced_by ${text}`,
      `ALTER TABLE events ADD COLUMN replay_id ${text}`,
      `ALTER TABLE events ADD COLUMN replay_of ${text}`,
      `ALTER TABLE events ADD COLUMN origin_run_id ${text}`,
      `CREATE INDEX events_replay ON events (replay_id) WHERE replay_id IS NOT NULL`,
      `ALTER TABLE outbox ADD COLUMN chain ${text}`,
      `CREATE INDEX outbox_chain ON outbox (chain, position) WHERE chain IS NOT NULL`,
      `ALTER TABLE runs ADD COLUMN coalesced ${integer} NOT NULL DEFAULT 0`,
      // Whether a replay has changed snapshot rows since the run began: only then its pages are compared with them.
      `ALTER TABLE runs ADD COLUMN replayed ${integer} NOT NULL DEFAULT 0`,
      `CREATE INDEX runs_closable ON runs (id)
        WHERE status = 'processed' AND outstanding = 0 AND closing_event_id IS NULL`,
      `CREATE TABLE replays (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, filter ${text} NOT NULL, fingerprint ${text} NOT NULL,
        rate_per_second ${integer}, state ${text} NOT NULL, cursor_position ${integer} NOT NULL, until_position ${integer} NOT NULL,
        examined ${integer} NOT NULL, replayed ${integer} NOT NULL, made_due ${integer} NOT NULL, skipped ${text} NOT NULL,
        next_at ${integer} NOT NULL, interruptions ${integer} NOT NULL, last_error ${text}, created_at ${integer} NOT NULL,
        started_at ${integer}, finished_at ${integer}, lease_owner ${text}, lease_token ${integer} NOT NULL DEFAULT 0,
        lease_until ${integer} NOT NULL DEFAULT 0)`,
      `CREATE INDEX replays_workspace ON replays (workspace_id, created_at, id)`,
      `CREATE INDEX replays_open ON replays (next_at, id) WHERE state IN ('queued', 'running')`
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
