import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/**
 * Everything of the first version. `position` numbers events in the order in which they were written: it is what
 * outbox and attempts refer to, because a small growing number keeps their trees dense where random ids would not.
 */
export const initial: Migration = {
  id: 1,
  name: "initial",
  up: ({ sql, dialect }) => {
    const { text, integer, blob, position, clustered } = dialect.ddl
    const statements = [
      `CREATE TABLE workspaces (id ${text} PRIMARY KEY, created_at ${integer} NOT NULL)`,
      `CREATE TABLE meta (key ${text} PRIMARY KEY, value ${text} NOT NULL)`,
      `CREATE TABLE api_keys (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, name ${text} NOT NULL, prefix ${text} NOT NULL,
        hash ${text} NOT NULL UNIQUE, scopes ${text} NOT NULL, created_at ${integer} NOT NULL, last_used_at ${integer},
        revoked_at ${integer}, sealed_key ${blob})`,
      `CREATE INDEX api_keys_workspace ON api_keys (workspace_id, created_at, id)`,
      `CREATE TABLE data_keys (
        owner ${text} NOT NULL, owner_id ${text} NOT NULL, id ${text} NOT NULL, workspace_id ${text} NOT NULL,
        master_key_id ${text} NOT NULL, wrapped ${blob} NOT NULL, created_at ${integer} NOT NULL,
        PRIMARY KEY (owner, owner_id)) ${clustered}`,

      `CREATE TABLE integrations (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, app_id ${text} NOT NULL, category ${text} NOT NULL,
        origin_org_id ${text} NOT NULL, origin_org_name ${text}, account_type ${text} NOT NULL, test_since ${integer}, state ${text} NOT NULL,
        settings ${text} NOT NULL, account_name ${text}, subject ${text}, last_error ${text},
        created_at ${integer} NOT NULL, updated_at ${integer} NOT NULL, deactivated_at ${integer})`,
      `CREATE INDEX integrations_workspace ON integrations (workspace_id, created_at, id)`,
      `CREATE TABLE credentials (integration_id ${text} PRIMARY KEY REFERENCES integrations (id), sealed ${blob} NOT NULL)`,
      `CREATE TABLE destinations (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, category ${text}, url ${text} NOT NULL, events ${text},
        mode ${text} NOT NULL, aliases ${text} NOT NULL, ack ${text} NOT NULL, api_key_id ${text} NOT NULL,
        secret ${blob} NOT NULL, headers ${blob}, state ${text} NOT NULL, paused_reason ${text},
        created_at ${integer} NOT NULL, updated_at ${integer} NOT NULL)`,
      `CREATE INDEX destinations_workspace ON destinations (workspace_id, created_at, id)`,

      `CREATE TABLE jobs (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, integration_id ${text} NOT NULL REFERENCES integrations (id),
        app_id ${text} NOT NULL, origin_org_id ${text} NOT NULL, category ${text} NOT NULL, data_type ${text} NOT NULL,
        models ${text} NOT NULL, frequency ${text} NOT NULL, honor_scheduler ${integer} NOT NULL, start_at ${text},
        destination_id ${text} NOT NULL, filters ${text} NOT NULL, watch_fields ${text} NOT NULL,
        include_inactive ${integer} NOT NULL, state ${text} NOT NULL, next_run_at ${integer}, cursor ${blob},
        scope ${text}, deltas_since_listing ${integer} NOT NULL, created_at ${integer} NOT NULL, updated_at ${integer} NOT NULL,
        UNIQUE (integration_id, data_type))`,
      `CREATE INDEX jobs_workspace ON jobs (workspace_id, created_at, id)`,
      `CREATE INDEX jobs_due ON jobs (next_run_at, id) WHERE state = 'active' AND next_run_at IS NOT NULL`,
      `CREATE INDEX jobs_destination ON jobs (destination_id)`,
      `CREATE TABLE runs (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, job_id ${text} NOT NULL REFERENCES jobs (id),
        integration_id ${text} NOT NULL, app_id ${text} NOT NULL, origin_org_id ${text} NOT NULL, data_type ${text} NOT NULL,
        type ${text} NOT NULL, mode ${text} NOT NULL, trigger ${text} NOT NULL, status ${text} NOT NULL,
        destination_id ${text} NOT NULL, created_at ${integer} NOT NULL, started_at ${integer}, processed_at ${integer},
        completed_at ${integer}, resume_at ${integer}, interruptions ${integer} NOT NULL, counts ${text} NOT NULL,
        emitted ${integer} NOT NULL, consumed ${integer} NOT NULL, outstanding ${integer} NOT NULL,
        expired ${integer} NOT NULL, held_deletions ${integer} NOT NULL, issues ${text} NOT NULL,
        closing_event_id ${text}, lease_owner ${text}, lease_token ${integer} NOT NULL DEFAULT 0,
        lease_until ${integer} NOT NULL DEFAULT 0, checkpoint ${blob})`,
      `CREATE INDEX runs_workspace ON runs (workspace_id, created_at, id)`,
      `CREATE INDEX runs_integration ON runs (integration_id, created_at, id)`,
      `CREATE INDEX runs_job ON runs (job_id, created_at, id)`,
      `CREATE UNIQUE INDEX runs_reading ON runs (job_id) WHERE status IN ('queued', 'running')`,
      `CREATE INDEX runs_waiting ON runs (created_at, id) WHERE status IN ('queued', 'running')`,

      `CREATE TABLE snapshot (
        job_id ${text} NOT NULL, key ${text} NOT NULL, ordinal ${integer} NOT NULL, raw ${text} NOT NULL,
        mapper ${integer} NOT NULL, models ${text} NOT NULL, identifiers ${blob} NOT NULL, sequence ${integer} NOT NULL,
        state ${text} NOT NULL, reason ${text})`,
      // Rows lie in the order of their ordinals, in which a listing meets them again. Keys are random: their index is
      // the only place that a page writes to all over, so it holds nothing but them.
      `CREATE UNIQUE INDEX snapshot_ordinal ON snapshot (job_id, ordinal)`,
      `CREATE INDEX snapshot_key ON snapshot (key)`,
      `CREATE INDEX snapshot_missing ON snapshot (job_id) WHERE state = 'missing'`,
      `CREATE INDEX runs_outstanding ON runs (destination_id) WHERE outstanding > 0`,
      `CREATE TABLE seen_bits (
        run_id ${text} NOT NULL, chunk ${integer} NOT NULL, bits ${blob} NOT NULL, PRIMARY KEY (run_id, chunk)) ${clustered}`,

      `CREATE TABLE events (
        position ${position}, id ${text} NOT NULL UNIQUE, workspace_id ${text} NOT NULL, destination_id ${text} NOT NULL,
        integration_id ${text} NOT NULL, job_id ${text}, run_id ${text}, type ${text} NOT NULL, record ${integer},
        sequence ${integer}, state ${text} NOT NULL, created_at ${integer} NOT NULL, first_attempt_at ${integer},
        next_attempt_at ${integer}, settled_at ${integer}, attempts ${integer} NOT NULL, last_status ${integer},
        last_error ${text})`,
      `CREATE INDEX events_workspace ON events (workspace_id, position)`,
      `CREATE INDEX events_integration ON events (integration_id, position)`,
      `CREATE INDEX events_run ON events (run_id, position) WHERE run_id IS NOT NULL`,
      `CREATE INDEX events_record ON events (job_id, record, sequence) WHERE record IS NOT NULL`,
      // `blocked`: an earlier event of the record is not settled. Blocked rows are in no one's way when work is looked for.
      `CREATE TABLE outbox (
        position ${integer} PRIMARY KEY, destination_id ${text} NOT NULL, due_at ${integer} NOT NULL,
        blocked ${integer} NOT NULL DEFAULT 0, lease_owner ${text}, lease_until ${integer} NOT NULL DEFAULT 0,
        token ${integer} NOT NULL DEFAULT 0, attempts ${integer} NOT NULL DEFAULT 0, first_attempt_at ${integer})`,
      `CREATE INDEX outbox_due ON outbox (destination_id, due_at, position) WHERE blocked = 0`,
      `CREATE INDEX outbox_leased ON outbox (destination_id, lease_until) WHERE lease_until > 0`,
      // Apart from the outbox: leases change often, and would carry the body along each time.
      `CREATE TABLE bodies (position ${integer} PRIMARY KEY, body ${blob} NOT NULL)`,
      `CREATE TABLE attempts (
        position ${integer} NOT NULL, number ${integer} NOT NULL, at ${integer} NOT NULL, duration_millis ${integer} NOT NULL,
        status ${integer}, error ${text}, PRIMARY KEY (position, number)) ${clustered}`
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
