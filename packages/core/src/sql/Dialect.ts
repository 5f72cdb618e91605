import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment, Statement } from "effect/sql/Statement"
import * as AppendOnly from "./AppendOnly.ts"

/** A value as databases take it. */
export type Param = string | number | Uint8Array | null

/** Types of values that lists of rows are expanded to. */
export type ColumnType = "text" | "integer"

/** Everything in which databases differ; the stores' SQL is the same for all. */
export interface Dialect {
  /** Words of table definitions. */
  readonly ddl: {
    readonly text: string
    readonly integer: string
    readonly blob: string
    /** A growing number that is the table's primary key. */
    readonly position: string
    /** Keeps a table in the order of its primary key, where that can be chosen. */
    readonly clustered: string
    /** Statements after which rows of the table can be added, and neither changed nor removed. */
    readonly appendOnly: (table: string) => ReadonlyArray<string>
  }
  /** The time that leases and due times are compared with, epoch milliseconds. */
  readonly now: Effect.Effect<number, SqlError>
  /**
   * Begins a transaction that a power cut may undo: for leases, which end with the machine anyway. What was durable
   * before stays so.
   */
  readonly beginLight: string
  /** Goes after a SELECT whose rows the transaction is about to change. */
  readonly forUpdate: Fragment
  /** Like `forUpdate` on `table`, passing over rows that another transaction has. */
  readonly skipLocked: (table: string) => Fragment
  /** Holds until the transaction ends what keeps other processes from migrating. */
  readonly lockSchema: Effect.Effect<void, SqlError>
  readonly tableExists: (table: string) => Effect.Effect<boolean, SqlError>
  /** A one-column subquery of the values, for `x IN ${keys(…)}`: one parameter, however many there are. */
  readonly keys: (values: ReadonlyArray<string> | ReadonlyArray<number>) => Fragment
  /** A column in a condition that filters what another one found: no index is to be chosen for it. */
  readonly unindexed: (column: string) => Fragment
  /** A subquery of rows, to join with: one statement text, however many there are. */
  readonly rows: (
    columns: { readonly [name: string]: ColumnType },
    rows: ReadonlyArray<ReadonlyArray<string | number | null>>
  ) => Fragment
  /**
   * Inserts rows in as few statements as the database allows. The first column must not be null. `suffix` is the rest
   * of the statement, e.g. `ON CONFLICT … RETURNING …`.
   */
  readonly insert: <A extends object>(
    table: string,
    columns: ReadonlyArray<string>,
    rows: ReadonlyArray<ReadonlyArray<Param>>,
    suffix: string
  ) => Effect.Effect<ReadonlyArray<A>, SqlError>
  /** Runs the statement and tells how many rows it changed. */
  readonly affected: (statement: Statement<object>) => Effect.Effect<number, SqlError>
}

/** SQLite refuses statements with more bound variables (SQLITE_MAX_VARIABLE_NUMBER since 3.32). */
const maxVariables = 32_766
/** A page of a listing is committed in parts of so many; beyond it a statement costs memory without getting faster. */
const maxRows = 1000

/** Whole parts, and else powers of two: so few texts exist that every one stays prepared. */
const sizeFor = (rows: number): number => (rows === maxRows ? rows : 2 ** Math.floor(Math.log2(rows)))

/**
 * How the SQLite stores begin a transaction that need not outlive a power cut. A client that knows the text leaves out
 * the flush; for any other it is an ordinary `BEGIN IMMEDIATE`.
 */
export const sqliteBeginLight = "BEGIN IMMEDIATE -- need not outlive a power cut"

/** SQLite 3.38 or newer: one writer at a time, so rows need no locks, and the process's clock is the clock. */
export const sqlite = (sql: SqlClient): Dialect => {
  const texts = new Map<string, string>()
  const nothing = sql.literal("")

  const insertText = (table: string, columns: ReadonlyArray<string>, size: number, suffix: string): string => {
    const id = `${table}|${columns.length}|${size}|${suffix}`
    const known = texts.get(id)
    if (known !== undefined) return known
    const row = `(${columns.map(() => "?").join(",")})`
    const values = Array.from({ length: size }, () => row).join(",")
    const text = `INSERT INTO ${table} (${columns.join(",")}) VALUES ${values} ${suffix}`
    texts.set(id, text)
    return text
  }

  return {
    ddl: {
      text: "TEXT",
      integer: "INTEGER",
      blob: "BLOB",
      position: "INTEGER PRIMARY KEY AUTOINCREMENT",
      clustered: "WITHOUT ROWID",
      appendOnly: AppendOnly.sqlite
    },
    now: Clock.currentTimeMillis,
    beginLight: sqliteBeginLight,
    forUpdate: nothing,
    skipLocked: () => nothing,
    // The driver begins transactions with BEGIN IMMEDIATE.
    lockSchema: Effect.void,
    tableExists: (table) =>
      Effect.map(sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${table}`, (rows) => rows.length > 0),
    keys: (values) => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`,
    unindexed: (column) => sql.literal(`+${column}`),
    rows: (columns, rows) => {
      const list = Object.keys(columns).map((name, index) => `value ->> ${index} AS ${name}`)
      return sql`(SELECT ${sql.literal(list.join(", "))} FROM json_each(${JSON.stringify(rows)}))`
    },
    insert: <A extends object>(
      table: string,
      columns: ReadonlyArray<string>,
      rows: ReadonlyArray<ReadonlyArray<Param>>,
      suffix: string
    ) =>
      Effect.gen(function* () {
        const most = Math.min(maxRows, Math.floor(maxVariables / columns.length))
        const returned: Array<A> = []
        for (let start = 0; start < rows.length;) {
          const size = sizeFor(Math.min(most, rows.length - start))
          // By hand: `flat` takes several times as long, and every row of every page passes here.
          const params: Array<Param> = []
          for (let at = start; at < start + size; at++) for (const value of rows[at]!) params.push(value)
          for (const row of yield* sql.unsafe<A>(insertText(table, columns, size, suffix), params)) returned.push(row)
          start += size
        }
        return returned
      }),
    affected: (statement) =>
      Effect.map(statement.raw, (result) => {
        const { changes } = result as { readonly changes: number | bigint }
        return Number(changes)
      })
  }
}
