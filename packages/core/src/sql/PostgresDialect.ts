import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Fragment } from "effect/sql/Statement"
import * as AppendOnly from "./AppendOnly.ts"
import type { ColumnType, Dialect, Param } from "./Dialect.ts"
import * as RowSecurity from "./RowSecurity.ts"

/** How the stores use a PostgreSQL server. */
export interface PostgresOptions {
  /**
   * Whose clock leases and due times are compared with: the server's (the default), which is one for all processes, or
   * this process's, for tests that set the time.
   */
  readonly clock?: "server" | "process" | undefined
}

/**
 * Settings with which the stores' connections must begin: they show the rows of all workspaces, as workers need them.
 * A connection without them shows none.
 */
export const startupParameters: { readonly [setting: string]: string } = {
  [RowSecurity.setting]: RowSecurity.everyone
}

/** One statement may carry so many rows: beyond it memory is spent without getting faster. */
const maxRows = 5000

type Value = Param | ReadonlyArray<string> | ReadonlyArray<Uint8Array | null>

const casts = { text: "text", integer: "bigint", blob: "bytea" } as const
type Kind = keyof typeof casts

/** The text of an array: for numbers it is the cheapest to write and to read, and drivers cannot mistake its type. */
const literal = (values: ReadonlyArray<string | number | null>): string =>
  `{${values.map((value) => value ?? "NULL").join(",")}}`

/** An array as a parameter that is cast to its type. */
const arrayOf = (kind: Kind, values: ReadonlyArray<Param>): Value => {
  if (kind === "integer") return literal(values as ReadonlyArray<number | null>)
  // A driver cannot tell the type of an array without a value.
  if (values.every((value) => value === null)) return literal(values as ReadonlyArray<null>)
  return values as ReadonlyArray<string>
}

const kindOf = (value: Param): Kind =>
  typeof value === "string" ? "text" : typeof value === "number" ? "integer" : "blob"

interface Part {
  /** What stands in the SELECT list. */
  readonly expression: string
  readonly param: Value | undefined
  readonly cast: string
  readonly many: boolean
}

/** A column of rows to insert: one value when all rows share it, which is what most columns of a page do. */
const partOf = (column: string, index: number, rows: ReadonlyArray<ReadonlyArray<Param>>): Part => {
  const first = rows[0]![index]!
  let typed = first
  let same = true
  for (const row of rows) {
    const value = row[index]!
    if (value !== first) same = false
    if (typed === null) typed = value
    if (!same && typed !== null) break
  }
  if (typed === null) return { expression: "NULL", param: undefined, cast: "", many: false }
  const cast = casts[kindOf(typed)]
  if (same) {
    // As text, a number has one type however large it is, and so the statement one plan.
    return { expression: "", param: typeof first === "number" ? String(first) : first, cast, many: false }
  }
  return {
    expression: column,
    param: arrayOf(
      kindOf(typed),
      rows.map((row) => row[index]!)
    ),
    cast,
    many: true
  }
}

/**
 * Text and parameters of an insert. The text depends on which columns hold one value for all rows and which hold none,
 * never on how many rows there are. Rows are inserted in their order: positions grow in it.
 */
const insertion = (
  table: string,
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Param>>,
  suffix: string
): { readonly text: string; readonly params: ReadonlyArray<Value> } => {
  const params: Array<Value> = []
  const list: Array<string> = []
  const arrays: Array<string> = []
  const names: Array<string> = []
  for (const [index, column] of columns.entries()) {
    const part = partOf(column, index, rows)
    if (part.param === undefined) {
      list.push(part.expression)
      continue
    }
    params.push(part.param)
    if (part.many) {
      arrays.push(`$${params.length}::${part.cast}[]`)
      names.push(column)
      list.push(`v.${column}`)
    } else {
      list.push(`$${params.length}::${part.cast}`)
    }
  }
  let from = ""
  if (arrays.length > 0) from = ` FROM unnest(${arrays.join(", ")}) AS v(${names.join(", ")})`
  else if (rows.length > 1) {
    params.push(String(rows.length))
    from = ` FROM generate_series(1, $${params.length}::integer)`
  }
  return { text: `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${list.join(", ")}${from} ${suffix}`, params }
}

/**
 * PostgreSQL 14 or newer. Transactions are READ COMMITTED: every statement sees what is committed when it begins, and
 * rows that a decision rests on are locked. All transactions lock in one order: destinations, runs by id, then rows of
 * the outbox by position, then whatever else belongs to them.
 */
export const make = (sql: SqlClient, options: PostgresOptions = {}): Dialect => ({
  ddl: {
    // Bytes in order, whatever the locale: ids are compared as JavaScript compares them, and indexes outlive a new libc.
    text: 'TEXT COLLATE "C"',
    integer: "BIGINT",
    blob: "BYTEA",
    position: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    clustered: "",
    appendOnly: AppendOnly.postgres,
    room: (table, percent) => [`ALTER TABLE ${table} SET (fillfactor = ${percent})`],
    queue: (table) => [
      `ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000)`
    ],
    isolate: RowSecurity.isolate
  },
  enter: (workspaceId) => {
    // Ends with the transaction, however that ends. No workspace is named like that.
    const id = workspaceId === RowSecurity.everyone ? "" : workspaceId
    return Effect.asVoid(sql`SELECT set_config(${RowSecurity.setting}, ${id}, true)`)
  },
  now:
    options.clock === "process"
      ? Clock.currentTimeMillis
      : Effect.map(
          sql<{
            readonly now: number
          }>`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`,
          (rows) => Number(rows[0]!.now)
        ),
  light: {
    begin: undefined,
    // A crash of the server may lose the last moments; it never leaves half a transaction.
    first: Effect.asVoid(sql`SELECT set_config('synchronous_commit', 'off', true)`)
  },
  forUpdate: (of) => sql.literal(of === undefined ? "FOR UPDATE" : `FOR UPDATE OF ${of}`),
  // Weaker than FOR UPDATE: a page that only wants a row to stay does not hide it.
  skipLocked: (table) => sql.literal(`FOR NO KEY UPDATE OF ${table} SKIP LOCKED`),
  andShare: (table) => sql.literal(`FOR SHARE OF ${table} SKIP LOCKED`),
  forKeyShare: (table) => sql.literal(`FOR KEY SHARE OF ${table}`),
  // Each schema has tables of its own.
  lockSchema: Effect.asVoid(sql`SELECT pg_advisory_xact_lock(hashtextextended('crochet.' || current_schema(), 0))`),
  tableExists: (table) =>
    // Not to_regclass: within a transaction it may remember that there was none before the lock was had.
    Effect.map(
      sql`SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ${table}`,
      (rows) => rows.length > 0
    ),
  // Not a subquery: with one of those it is the planner's choice which side is looked through for the other.
  among: (column, values) => {
    if (values.length === 0) return sql.literal("FALSE")
    const kind: Kind = typeof values[0] === "number" ? "integer" : "text"
    return sql`${sql.literal(column)} = ANY(${arrayOf(kind, values)}::${sql.literal(casts[kind])}[])`
  },
  // OFFSET keeps the subquery a subquery, which has nothing but its own index to go by.
  lookup: (table, alias, on) =>
    sql.literal(`CROSS JOIN LATERAL (SELECT * FROM ${table} AS ${alias} WHERE ${on} OFFSET 0) AS ${alias}`),
  // An expression has no index.
  unindexed: (column, type) => sql.literal(type === "text" ? `(${column} || '')` : `(${column} + 0)`),
  rows: (columns, rows) => {
    const names = Object.keys(columns)
    const arrays = names.map((name, index): Fragment => {
      const kind: ColumnType = columns[name]!
      const values = rows.map((row) => row[index]!)
      return sql`${arrayOf(kind, values)}::${sql.literal(casts[kind])}[]`
    })
    return sql`(SELECT * FROM unnest(${sql.csv(arrays)}) AS v(${sql.literal(names.join(", "))}))`
  },
  insert: <A extends object>(
    table: string,
    columns: ReadonlyArray<string>,
    rows: ReadonlyArray<ReadonlyArray<Param>>,
    suffix: string
  ) =>
    Effect.gen(function* () {
      if (rows.length === 0) return []
      const returned: Array<A> = []
      for (let start = 0; start < rows.length; start += maxRows) {
        const { params, text } = insertion(table, columns, rows.slice(start, start + maxRows), suffix)
        for (const row of yield* sql.unsafe<A>(text, params)) returned.push(row)
      }
      return returned
    }),
  affected: (statement) => Effect.map(statement.raw, (result) => (result as { readonly rowCount: number }).rowCount)
})
