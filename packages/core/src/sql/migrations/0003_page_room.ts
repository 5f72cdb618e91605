import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/**
 * Room in the pages of tables whose rows are written again: an event is settled where it lies, and its six indexes need
 * not hear of it. The outbox is a queue: it is vacuumed by what passed through it, not by how large it is.
 */
export const pageRoom: Migration = {
  id: 3,
  name: "page_room",
  up: ({ sql, dialect }) =>
    Effect.forEach(
      [
        ...dialect.ddl.room("events", 55),
        ...dialect.ddl.room("runs", 50),
        ...dialect.ddl.queue("outbox"),
        ...dialect.ddl.queue("bodies")
      ],
      (statement) => sql.unsafe(statement).unprepared,
      { discard: true }
    )
}
