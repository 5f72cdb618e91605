import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"
import type { Belonging } from "../RowSecurity.ts"

const own: Belonging = { workspace: "workspace_id" }
const through = (parent: string, column: string): Belonging => ({ parent, column, key: "id", type: "text" })
const byEvent: Belonging = { parent: "events", column: "position", key: "position", type: "integer" }

/** What each table's rows belong to; first those that transactions lock first. */
const tables: { readonly [table: string]: Belonging } = {
  runs: own,
  outbox: byEvent,
  workspaces: { workspace: "id" },
  api_keys: own,
  data_keys: own,
  signing_keys: own,
  integrations: own,
  credentials: through("integrations", "integration_id"),
  destinations: own,
  destination_health: through("destinations", "destination_id"),
  jobs: own,
  snapshot: through("jobs", "job_id"),
  seen_bits: through("runs", "run_id"),
  events: own,
  bodies: byEvent,
  attempts: byEvent,
  replays: own,
  audit_log: own,
  meta: "installation",
  migrations: "history"
}

/** The second wall between workspaces, where the database can keep one: see docs/decisions/row-level-security.md. */
export const rowSecurity: Migration = {
  id: 9,
  name: "row_security",
  up: ({ sql, dialect }) =>
    Effect.forEach(
      Object.entries(tables).flatMap(([table, belonging]) => dialect.ddl.isolate(table, belonging)),
      (statement) => sql.unsafe(statement).unprepared,
      { discard: true }
    )
}
