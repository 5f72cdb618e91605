import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** The Ed25519 keys that sign `v1a`: of each workspace one is current, the one that does not retire. */
export const signingKeys: Migration = {
  id: 6,
  name: "signing_keys",
  up: ({ sql, dialect }) => {
    const { text, integer, blob } = dialect.ddl
    const statements = [
      `CREATE TABLE signing_keys (
        id ${text} PRIMARY KEY, workspace_id ${text} NOT NULL, public_key ${blob} NOT NULL, sealed_seed ${blob} NOT NULL,
        created_at ${integer} NOT NULL, retires_at ${integer})`,
      `CREATE UNIQUE INDEX signing_keys_current ON signing_keys (workspace_id) WHERE retires_at IS NULL`,
      `CREATE INDEX signing_keys_workspace ON signing_keys (workspace_id, created_at, id)`
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
