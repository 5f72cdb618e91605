import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { Dialect } from "./Dialect.ts"
import { initial } from "./migrations/0001_initial.ts"
import { destinationControls } from "./migrations/0002_destination_controls.ts"
import { pageRoom } from "./migrations/0003_page_room.ts"
import { destinationHealth } from "./migrations/0004_destination_health.ts"
import { replays } from "./migrations/0005_replays.ts"
import { signingKeys } from "./migrations/0006_signing_keys.ts"
import { auditLog } from "./migrations/0007_audit_log.ts"
import { dataKeyGenerations } from "./migrations/0008_data_key_generations.ts"
import { rowSecurity } from "./migrations/0009_row_security.ts"
import { authorizations } from "./migrations/0010_authorizations.ts"
import { revocations } from "./migrations/0011_revocations.ts"
import { sequenceFloor } from "./migrations/0012_sequence_floor.ts"
import { turns } from "./migrations/0013_turns.ts"
import { replayOutcomes } from "./migrations/0014_replay_outcomes.ts"

/** One step forward of the schema. Once released it never changes. */
export interface Migration {
  /** One more than the previous one's. */
  readonly id: number
  readonly name: string
  readonly up: (database: { readonly sql: SqlClient; readonly dialect: Dialect }) => Effect.Effect<void, SqlError>
}

/** Every migration, in order. */
export const migrations: ReadonlyArray<Migration> = [
  initial,
  destinationControls,
  pageRoom,
  destinationHealth,
  replays,
  signingKeys,
  auditLog,
  dataKeyGenerations,
  rowSecurity,
  authorizations,
  revocations,
  sequenceFloor,
  turns,
  replayOutcomes
]

/** The database was made by a later version of the program. */
export class SchemaTooNew extends Schema.TaggedError<SchemaTooNew>()("SchemaTooNew", {
  found: Schema.Int,
  known: Schema.Int
}) {
  override get message(): string {
    return (
      `The database has schema version ${this.found}, this program knows ${this.known}. ` +
      `Start the version that wrote it, or a later one: schemas only go forward`
    )
  }
}

/**
 * Brings the schema up to date in one transaction, under a lock: of several processes that start at once, one migrates
 * and the others find nothing left to do. Returns the names of the migrations that were applied.
 */
export const migrate = (
  sql: SqlClient,
  dialect: Dialect,
  steps: ReadonlyArray<Migration> = migrations
): Effect.Effect<ReadonlyArray<string>, SchemaTooNew | SqlError> =>
  sql
    .withTransaction(
      Effect.gen(function* () {
        yield* dialect.lockSchema
        if (!(yield* dialect.tableExists("migrations"))) {
          const { integer, text } = dialect.ddl
          yield* sql.unsafe(
            `CREATE TABLE migrations (id ${integer} PRIMARY KEY, name ${text} NOT NULL, applied_at ${integer} NOT NULL)`
          ).unprepared
        }
        const [row] = yield* sql<{ readonly latest: number | null }>`SELECT max(id) AS latest FROM migrations`
        const found = Number(row?.latest ?? 0)
        const known = steps.at(-1)?.id ?? 0
        if (found > known) return yield* new SchemaTooNew({ found, known })
        const pending = steps.filter((step) => step.id > found)
        const now = yield* Clock.currentTimeMillis
        for (const step of pending) {
          yield* step.up({ sql, dialect })
          yield* sql`INSERT INTO migrations (id, name, applied_at) VALUES (${step.id}, ${step.name}, ${now})`
        }
        CrashPoint.at("migration.writing")
        return pending.map((step) => step.name)
      })
    )
    .pipe(Effect.tap(() => Effect.sync(() => CrashPoint.at("migration.committed"))))
