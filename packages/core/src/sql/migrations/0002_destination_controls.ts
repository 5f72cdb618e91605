import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** What an operator may set for a destination: pace, order, signatures, secrets that end, a pause that stops the clock. */
export const destinationControls: Migration = {
  id: 2,
  name: "destination_controls",
  up: ({ sql, dialect }) => {
    const { text, integer } = dialect.ddl
    const columns = [
      `concurrency ${integer}`,
      `rate_per_second ${integer}`,
      `ordering ${text} NOT NULL DEFAULT 'record'`,
      `coalesce ${integer} NOT NULL DEFAULT 0`,
      `signatures ${text} NOT NULL DEFAULT '["v1"]'`,
      `previous_secrets ${text} NOT NULL DEFAULT '[]'`,
      `paused_at ${integer}`
    ]
    return Effect.forEach(columns, (column) => sql.unsafe(`ALTER TABLE destinations ADD COLUMN ${column}`).unprepared, {
      discard: true
    })
  }
}
