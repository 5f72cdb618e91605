import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** How destinations do: circuit, probes, silence that was asked for, token bucket. */
export const destinationHealth: Migration = {
  id: 4,
  name: "destination_health",
  up: ({ sql, dialect }) => {
    const { text, integer } = dialect.ddl
    const statements = [
      `CREATE TABLE destination_health (
        destination_id ${text} PRIMARY KEY, failing ${text} NOT NULL DEFAULT '[]', unreachable ${integer} NOT NULL DEFAULT 0,
        opened_at ${integer}, probes ${integer} NOT NULL DEFAULT 0, probed_at ${text} NOT NULL DEFAULT '[]',
        next_probe_at ${integer}, probing ${text}, parked_until ${integer}, closed_at ${integer},
        last_failure_at ${integer}, last_error ${text}, bucket ${integer} NOT NULL DEFAULT 0)`,
      `INSERT INTO destination_health (destination_id) SELECT id FROM destinations`,
      // Only what was tried at least once is in it: first deliveries never touch it.
      `CREATE INDEX outbox_windows ON outbox (destination_id, first_attempt_at) WHERE first_attempt_at IS NOT NULL`
    ]
    return Effect.forEach(statements, (statement) => sql.unsafe(statement).unprepared, { discard: true })
  }
}
