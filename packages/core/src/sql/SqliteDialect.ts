import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as AppendOnly from "./AppendOnly.ts"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Dialect, Param } from "./Dialect.ts"

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
export const beginLight = "BEGIN IMMEDIATE -- need not outlive a power cut"

/** SQLite 3.38 or newer: one writer at a time, so rows need no locks, and the process's clock is the clock. */
export const make = (sql: SqlClient): Dialect => {
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
      appendOnly: AppendOnly.sqlite,
      room: () => [],
      queue: () => [],
      isolate: () => []
    },
    enter: undefined,
    now: Clock.currentTimeMillis,
    light: { begin: beginLight, first: Effect.void },
    forUpdate: () => nothing,
    skipLocked: () => nothing,
    andShare: () => nothing,
    forKeyShare: () => nothing,
    // The driver begins transactions with BEGIN IMMEDIATE.
    lockSchema: Effect.void,
    tableExists: (table) =>
      Effect.map(sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${table}`, (rows) => rows.length > 0),
    among: (column, values) => sql`${sql.literal(column)} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`,
    // Tables are read in the order in which CROSS JOIN names them.
    lookup: (table, alias, on) => sql.literal(`CROSS JOIN ${table} AS ${alias} ON ${on}`),
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
