import type { Migration } from "../Migrations.ts"

/** Above which sequences go on after a backup was restored. */
export const sequenceFloor: Migration = {
  id: 12,
  name: "sequence_floor",
  up: ({ sql, dialect }) =>
    sql.unsafe(`ALTER TABLE jobs ADD COLUMN sequence_floor ${dialect.ddl.integer} NOT NULL DEFAULT 0`).unprepared
}
