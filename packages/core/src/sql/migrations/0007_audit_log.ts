import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** The audit log, which the database itself keeps from being changed. */
export const auditLog: Migration = {
  id: 7,
  name: "audit_log",
  up: ({ sql, dialect }) => {
    const { appendOnly, clustered, integer, text } = dialect.ddl
    const statements = [
      `CREATE TABLE audit_log (
        workspace_id ${text} NOT NULL, position ${integer} NOT NULL, at ${integer} NOT NULL, actor ${text} NOT NULL,
        action ${text} NOT NULL, target ${text}, detail ${text} NOT NULL, previous_hash ${text} NOT NULL,
        hash ${text} NOT NULL, PRIMARY KEY (workspace_id, position)) ${clustered}`,
      ...appendOnly("audit_log")
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
