import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** Tokens of ended accounts that their apps are still to be told about. */
export const revocations: Migration = {
  id: 11,
  name: "revocations",
  up: ({ sql, dialect }) => {
    const { blob, clustered, integer, text } = dialect.ddl
    const statements = [
      `CREATE TABLE revocations (
        id ${text} NOT NULL PRIMARY KEY, workspace_id ${text} NOT NULL, integration_id ${text} NOT NULL,
        app_id ${text} NOT NULL, sealed ${blob} NOT NULL, created_at ${integer} NOT NULL,
        next_attempt_at ${integer} NOT NULL, attempts ${integer} NOT NULL) ${clustered}`,
      `CREATE INDEX revocations_due ON revocations (next_attempt_at)`,
      ...dialect.ddl.isolate("revocations", { workspace: "workspace_id" })
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
