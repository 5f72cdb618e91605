import { Migrations, RowSecurity, SqlStore } from "@crochet/core/sql"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as PostgresClient from "./PostgresClient.ts"
import { NotDurable, PostgresError, ReadOnly, reasonOf, SettingsLost, TooOld, WrongEncoding } from "./PostgresError.ts"
import * as ServerTime from "./ServerTime.ts"

export { PostgresError } from "./PostgresError.ts"

/** The server and how it is used. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`; never shown. */
  readonly url: Redacted.Redacted
  /** `host:port/database`, for errors. */
  readonly server: string
  /** Connections of this process at most; 10 by default. */
  readonly pool?: number | undefined
  /** `relaxed` takes a server that may lose commits in a crash; `strict` is the default. */
  readonly durability?: "strict" | "relaxed" | undefined
  /** How long to wait for a server that cannot be reached yet; not at all by default. */
  readonly waitMillis?: number | undefined
  /** Gets the server's time as soon as it is known, to go by it. */
  readonly follow?: ServerTime.Follow | undefined
  /** How long a statement of the stores may take, and how long the server may say nothing; 60 s by default. */
  readonly answerMillis?: number | undefined
}

/** What is known about a server that can be used. */
export interface ServerFacts {
  readonly version: string
  /** The number of the last migration; 0 before the first start. */
  readonly schemaVersion: number
  /** Whether row-level security holds the role: it does not hold superusers and roles with BYPASSRLS. */
  readonly held: boolean
  /** Tables on which somebody has switched row-level security off. */
  readonly open: ReadonlyArray<string>
}

const oldest = 140_000
/** The migration that switches row-level security on. */
const rowSecurity = 9
/** How long a statement may take unless told otherwise. */
const patience = 60_000

interface FactRow {
  readonly number: number
  readonly version: string
  readonly encoding: string
  readonly fsync: string
  readonly synchronous: string
  readonly writable: boolean
  readonly workspace: string | null
  readonly held: boolean
}

/** Refuses a server on which the stores could not keep their promises. */
const inspect = (options: PostgresOptions): Effect.Effect<ServerFacts, PostgresError | SqlError, SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const [facts] = yield* sql<FactRow>`SELECT current_setting('server_version_num')::int AS number,
      current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
      current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous,
      NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off' AS writable,
      current_setting(${RowSecurity.setting}, true) AS workspace,
      (SELECT NOT (rolsuper OR rolbypassrls) FROM pg_catalog.pg_roles WHERE rolname = current_user) AS held`
    const { encoding, fsync, held, number, synchronous, version, workspace, writable } = facts!
    const refuse = (reason: PostgresError["reason"]) => new PostgresError({ server: options.server, reason })
    if (number < oldest) return yield* refuse(new TooOld({ version }))
    if (encoding !== "UTF8") return yield* refuse(new WrongEncoding({ encoding }))
    if (!writable) return yield* refuse(new ReadOnly())
    if (workspace !== RowSecurity.everyone) return yield* refuse(new SettingsLost())
    if (options.durability !== "relaxed") {
      if (fsync === "off") return yield* refuse(new NotDurable({ setting: "fsync = off" }))
      if (synchronous === "off") return yield* refuse(new NotDurable({ setting: "synchronous_commit = off" }))
    }
    const there = yield* sql`SELECT 1 FROM pg_catalog.pg_tables
      WHERE schemaname = current_schema() AND tablename = 'migrations'`
    if (there.length === 0) return { version, schemaVersion: 0, held, open: [] }
    const [last] = yield* sql<{ readonly id: number | null }>`SELECT max(id) AS id FROM migrations`
    const schemaVersion = Number(last?.id ?? 0)
    // Before its migration, none has it.
    const open = yield* sql<{ readonly name: string }>`SELECT relname AS name FROM pg_catalog.pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND NOT (relrowsecurity AND relforcerowsecurity) AND ${schemaVersion}::integer >= ${rowSecurity}::integer
      ORDER BY relname`
    return { version, schemaVersion, held, open: open.map(({ name }) => name) }
  })

/** What is missing of the second wall between workspaces, and what to do about it; undefined when it stands. */
export const gapOf = ({ held, open }: ServerFacts): { readonly gap: string; readonly remedy: string } | undefined => {
  if (!held) {
    return {
      gap: "row-level security does not hold this user, who is a superuser or has BYPASSRLS",
      remedy: "Use a role with neither as the owner of the database and its tables."
    }
  }
  if (open.length === 0) return undefined
  return {
    gap: `row-level security is off on ${open.join(", ")}`,
    remedy: `Switch it on: ${open.map((table) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;`).join(" ")}`
  }
}

const warned = (options: PostgresOptions) => (facts: ServerFacts) => {
  const found = gapOf(facts)
  return found === undefined
    ? Effect.void
    : Effect.logWarning(
        `Postgres at ${options.server}: ${found.gap}. Workspaces are kept apart by the program alone. ${found.remedy}`
      )
}

const toPostgresError =
  (server: string) =>
  (error: PostgresError | SqlError | Migrations.SchemaTooNew): PostgresError =>
    error._tag === "PostgresError" ? error : new PostgresError({ server, reason: reasonOf(error) })

/** Looks whether the server can be used, and changes nothing in it. */
export const examine = (options: PostgresOptions): Effect.Effect<ServerFacts, PostgresError> =>
  inspect(options).pipe(
    Effect.provide(
      PostgresClient.layer({ url: options.url, maxConnections: 1, answerMillis: options.answerMillis ?? patience })
    ),
    Effect.mapError(toPostgresError(options.server))
  )

/** The newest schema that this program knows. */
export const knownSchemaVersion: number = Migrations.migrations.at(-1)?.id ?? 0

/** Waits for a server that starts beside the program, or comes back; what else is wrong with it is said by the stores. */
const awaited = Effect.fnUntraced(function* (options: PostgresOptions) {
  const waitMillis = options.waitMillis ?? 0
  if (waitMillis === 0) return
  const until = (yield* Clock.currentTimeMillis) + waitMillis
  yield* Effect.retry(examine(options), {
    schedule: Schedule.modifyDelay(Schedule.exponential("200 millis"), ({ duration }) =>
      Effect.succeed(Duration.min(duration, Duration.seconds(5)))
    ),
    while: (error: PostgresError) =>
      Effect.gen(function* () {
        if (error.reason._tag !== "Unreachable" || (yield* Clock.currentTimeMillis) >= until) return false
        yield* Effect.logWarning(`${error.message}. Trying again`)
        return true
      })
  })
})

/**
 * The storage ports on a PostgreSQL server, whose tables are made in the first schema of the search path when they
 * are not there and brought up to date when they are old. Several processes may use one database.
 */
export const layer = (options: PostgresOptions): Layer.Layer<SqlStore.Stores, PostgresError> =>
  Layer.unwrap(Effect.as(awaited(options), connected(options)))

const connected = (options: PostgresOptions): Layer.Layer<SqlStore.Stores, PostgresError> => {
  const { answerMillis = patience, follow, pool, server, url } = options
  // First without a limit: an index of a large table takes its time, and so does waiting for who makes it.
  const migrated = SqlStore.layerPostgres().pipe(
    Layer.provide(Layer.effectDiscard(Effect.tap(inspect(options), warned(options)))),
    Layer.provide(PostgresClient.layer({ url, maxConnections: 1 }))
  )
  const time = follow === undefined ? Layer.empty : ServerTime.layer(server, follow)
  return Layer.merge(SqlStore.layerPostgres(), time).pipe(
    Layer.provide(PostgresClient.layer({ url, maxConnections: pool, answerMillis })),
    Layer.provide(Layer.effectDiscard(Effect.scoped(Layer.build(migrated)))),
    Layer.catch((error) => Layer.effectContext(Effect.fail(toPostgresError(options.server)(error))))
  )
}
