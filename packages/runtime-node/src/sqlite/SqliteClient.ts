import { SqliteDialect } from "@crochet/core/sql"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import * as Cells from "./Cells.ts"
import * as SqliteWorker from "./SqliteWorker.ts"
import type { Outcome, Request } from "./SqliteThread.ts"

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
  /** How long a statement waits for another process's lock, milliseconds; 5,000 by default. Those after it wait, too. */
  readonly busyTimeoutMillis?: number | undefined
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

type Row = Record<string, unknown>

const rowsOf = (outcome: Outcome): ReadonlyArray<Row> => {
  if (!("cells" in outcome)) return []
  const { columns } = outcome
  const values = Cells.unpack(outcome.cells)
  const rows: Array<Row> = []
  for (let start = 0; start < values.length; start += columns.length) {
    const row: Row = {}
    for (let column = 0; column < columns.length; column++) row[columns[column]!] = values[start + column]
    rows.push(row)
  }
  return rows
}

const valuesOf = (outcome: Outcome): ReadonlyArray<ReadonlyArray<unknown>> => {
  if (!("cells" in outcome)) return []
  const { length } = outcome.columns
  const values = Cells.unpack(outcome.cells)
  const rows: Array<ReadonlyArray<unknown>> = []
  for (let start = 0; start < values.length; start += length) rows.push(values.slice(start, start + length))
  return rows
}

const connectionTo = (worker: SqliteWorker.SqliteWorker, durable: boolean): Connection => {
  const ask = (kind: Request["kind"], operation: string, text: string, params: ReadonlyArray<unknown>) =>
    Effect.suspend(() =>
      worker.ask(
        { kind, text, params: Cells.pack(params), light: durable && text === SqliteDialect.beginLight },
        operation
      )
    )
  const rows =
    (kind: Request["kind"], operation: string): Connection["execute"] =>
    (text, params, transformRows) =>
      Effect.map(ask(kind, operation, text, params), (outcome) => (transformRows ?? identity)(rowsOf(outcome)))
  return {
    execute: rows("prepared", "execute"),
    executeUnprepared: rows("unprepared", "execute"),
    executeRaw: (text, params) => ask("run", "executeRaw", text, params),
    executeValues: (text, params) => Effect.map(ask("prepared", "executeValues", text, params), valuesOf),
    executeValuesUnprepared: (text, params) => Effect.map(ask("unprepared", "executeValues", text, params), valuesOf),
    // Nothing here streams: what is large is read in pages, each of them a statement.
    executeStream: (text, params, transformRows) =>
      Stream.unwrap(Effect.map(rows("unprepared", "executeStream")(text, params, transformRows), Stream.fromIterable))
  }
}

/** Opens the database. It is one connection, which transactions take turns on, in a thread of its own. */
export const make = (
  options: SqliteOptions
): Effect.Effect<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> =>
  Effect.gen(function* () {
    const worker = yield* SqliteWorker.make({
      path: options.path,
      busyTimeoutMillis: options.busyTimeoutMillis ?? 5000,
      pragmas: pragmas(options)
    })
    const acquirers = SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connectionTo(worker, options.synchronous !== "normal")),
      semaphore: yield* Semaphore.make(1),
      isTransaction: worker.isTransaction
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
