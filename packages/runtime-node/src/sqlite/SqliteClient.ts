import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { SqliteDialect } from "@crochet/core/sql"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError, SqlSyntaxError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"

/** How the database is opened. */
export interface SqliteOptions {
  /** The file, or `:memory:`. */
  readonly path: string
  /**
   * `full` (the default) flushes the log at each commit, so that what was acknowledged outlives a power cut; `normal`
   * outlives a crash of the process only.
   */
  readonly synchronous?: "full" | "normal" | undefined
  /** Page cache in KiB; 16,384 by default. */
  readonly cacheKib?: number | undefined
  /** How long a statement waits for another process's lock, milliseconds; 5,000 by default. The process stands still meanwhile. */
  readonly busyTimeoutMillis?: number | undefined
}

/** How many prepared statements are kept; the least recently used one goes first. */
const maxStatements = 128

/** SQLite's generic SQLITE_ERROR: a wrong statement, or a table that is not there. */
const genericError = 1

const hasErrcode = (cause: unknown): cause is { readonly errcode: number; readonly message: string } =>
  typeof cause === "object" && cause !== null && "errcode" in cause && typeof cause.errcode === "number"

/** Tells an error of `node:sqlite` in the terms of effect/sql, whose classifier reads `errno` where Node says `errcode`. */
export const sqlError = (cause: unknown, operation: string): SqlError => {
  if (!hasErrcode(cause))
    return new SqlError({ reason: classifySqliteError(cause, { message: "SQLite failed", operation }) })
  if (cause.errcode === genericError) {
    return new SqlError({ reason: new SqlSyntaxError({ cause, message: cause.message, operation }) })
  }
  const known = Object.assign(new Error(cause.message, { cause }), { errno: cause.errcode })
  return new SqlError({ reason: classifySqliteError(known, { message: cause.message, operation }) })
}

const pragmas = (options: SqliteOptions): ReadonlyArray<string> => [
  "journal_mode = WAL",
  `synchronous = ${options.synchronous === "normal" ? "NORMAL" : "FULL"}`,
  `cache_size = -${options.cacheKib ?? 16_384}`,
  "temp_store = MEMORY",
  // Deleted rows are overwritten where their page is written anyway, above all wrapped keys: without the key, the sealed
  // bodies in pages that were freed whole are noise. ON would write those pages once more: 1.7 times the bytes.
  "secure_delete = FAST",
  // The log goes back into the database every 64 MiB: fingerprints come in random order, so that pages are written again
  // and again, and the fewer times they are copied back the better. The file is cut to 64 MiB then.
  "wal_autocheckpoint = 16000",
  "journal_size_limit = 67108864"
]

const makeConnection = (database: DatabaseSync, durable: boolean): Connection => {
  let light = false
  const run = <A>(text: string, execute: () => A): A => {
    if (durable && text === SqliteDialect.beginLight) {
      database.exec("PRAGMA synchronous = NORMAL")
      light = true
    }
    try {
      return execute()
    } finally {
      if (light && !database.isTransaction) {
        database.exec("PRAGMA synchronous = FULL")
        light = false
      }
    }
  }
  const statements = new Map<string, StatementSync>()
  const prepared = (text: string): StatementSync => {
    const known = statements.get(text)
    const statement = known ?? database.prepare(text)
    if (known !== undefined) statements.delete(text)
    else if (statements.size >= maxStatements) statements.delete(statements.keys().next().value!)
    statements.set(text, statement)
    return statement
  }
  const attempt = <A>(operation: string, run: () => A) =>
    Effect.try({ try: run, catch: (cause) => sqlError(cause, operation) })
  const bind = (params: ReadonlyArray<unknown>) => params as ReadonlyArray<SQLInputValue>
  const rows = (statement: StatementSync, params: ReadonlyArray<unknown>): ReadonlyArray<object> =>
    statement.all(...bind(params))
  const arrays = (statement: StatementSync, params: ReadonlyArray<unknown>) => {
    statement.setReturnArrays(true)
    try {
      // With `setReturnArrays` rows are arrays, which the types do not know.
      return rows(statement, params) as ReadonlyArray<ReadonlyArray<unknown>>
    } finally {
      statement.setReturnArrays(false)
    }
  }
  return {
    execute: (text, params, transformRows) =>
      attempt("execute", () => run(text, () => (transformRows ?? identity)(rows(prepared(text), params)))),
    executeRaw: (text, params) => attempt("executeRaw", () => prepared(text).run(...bind(params))),
    executeStream: (text, params, transformRows) =>
      Stream.suspend(() => Stream.fromIterable(database.prepare(text).iterate(...bind(params)))).pipe(
        Stream.map((row) => (transformRows === undefined ? row : transformRows([row])[0])),
        Stream.catchDefect((cause) => Stream.fail(sqlError(cause, "executeStream")))
      ),
    executeValues: (text, params) => attempt("executeValues", () => arrays(prepared(text), params)),
    executeValuesUnprepared: (text, params) => attempt("executeValues", () => arrays(database.prepare(text), params)),
    executeUnprepared: (text, params, transformRows) =>
      attempt("execute", () => run(text, () => (transformRows ?? identity)(rows(database.prepare(text), params))))
  }
}

/** Opens the database. It is one connection, which transactions take turns on. */
export const make = (
  options: SqliteOptions
): Effect.Effect<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> =>
  Effect.gen(function* () {
    const database = yield* Effect.acquireRelease(
      Effect.try({
        try: () =>
          new DatabaseSync(options.path, {
            timeout: options.busyTimeoutMillis ?? 5000,
            enableForeignKeyConstraints: true
          }),
        catch: (cause) => sqlError(cause, "open")
      }),
      (opened) => Effect.sync(() => opened.close())
    )
    yield* Effect.try({
      try: () => {
        for (const pragma of pragmas(options)) database.exec(`PRAGMA ${pragma}`)
      },
      catch: (cause) => sqlError(cause, "open")
    })
    const acquirers = SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(makeConnection(database, options.synchronous !== "normal")),
      semaphore: yield* Semaphore.make(1),
      isTransaction: () => database.isTransaction
    })
    return yield* SqlClient.make({
      ...acquirers,
      compiler: Statement.makeCompilerSqlite(),
      driver: "node:sqlite",
      // Taking the write lock at once: a transaction that reads first could otherwise not become a writer any more.
      beginTransaction: "BEGIN IMMEDIATE",
      prepareTransactionControls: true,
      releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
      spanAttributes: [["db.system.name", "sqlite"]]
    })
  })

/** An effect/sql client over Node's own SQLite. */
export const layer = (options: SqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
