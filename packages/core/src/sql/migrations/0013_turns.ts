import * as Effect from "effect/Effect"
import type { Migration } from "../Migrations.ts"

/** Waiting runs come in the order in which they were queued or gave their turn away. */
export const turns: Migration = {
  id: 13,
  name: "turns",
  up: ({ sql }) =>
    Effect.andThen(
      sql.unsafe("DROP INDEX runs_waiting").unprepared,
      sql.unsafe(
        "CREATE INDEX runs_turn ON runs (coalesce(resume_at, created_at), id) WHERE status IN ('queued', 'running')"
      ).unprepared
    )
}
