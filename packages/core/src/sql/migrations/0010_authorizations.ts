import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** Sign-ins by OAuth that were begun. */
export const authorizations: Migration = {
  id: 10,
  name: "authorizations",
  up: ({ sql, dialect }) => {
    const { blob, clustered, integer, text } = dialect.ddl
    const statements = [
      `CREATE TABLE authorizations (
        id ${text} NOT NULL PRIMARY KEY, workspace_id ${text} NOT NULL, app_id ${text} NOT NULL, integration_id ${text},
        api_key_id ${text} NOT NULL, state_hash ${text} NOT NULL UNIQUE, redirect_uri ${text} NOT NULL,
        pending ${blob} NOT NULL, created_at ${integer} NOT NULL, expires_at ${integer} NOT NULL,
        used_at ${integer}) ${clustered}`,
      `CREATE INDEX authorizations_expiry ON authorizations (expires_at)`,
      ...dialect.ddl.isolate("authorizations", { workspace: "workspace_id" })
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
