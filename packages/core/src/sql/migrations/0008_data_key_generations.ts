import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** Several data keys an owner, what they have sealed, and a way to find those under one master key. */
export const dataKeyGenerations: Migration = {
  id: 8,
  name: "data_key_generations",
  up: ({ sql, dialect }) => {
    const { blob, clustered, integer, text } = dialect.ddl
    const statements = [
      `CREATE TABLE data_keys_new (
        owner ${text} NOT NULL, owner_id ${text} NOT NULL, generation ${integer} NOT NULL, id ${text} NOT NULL,
        workspace_id ${text} NOT NULL, master_key_id ${text} NOT NULL, wrapped ${blob} NOT NULL,
        created_at ${integer} NOT NULL, seals ${integer} NOT NULL,
        PRIMARY KEY (owner, owner_id, generation)) ${clustered}`,
      `INSERT INTO data_keys_new (owner, owner_id, generation, id, workspace_id, master_key_id, wrapped, created_at, seals)
        SELECT owner, owner_id, 1, id, workspace_id, master_key_id, wrapped, created_at, 0 FROM data_keys`,
      `DROP TABLE data_keys`,
      `ALTER TABLE data_keys_new RENAME TO data_keys`,
      `CREATE INDEX data_keys_master ON data_keys (master_key_id, id)`
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
