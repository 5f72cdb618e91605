import type * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment, Statement } from "effect/sql/Statement"
import type { Belonging } from "./RowSecurity.ts"

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
    /** Statements that let new rows fill pages to so many percent, for a table whose rows are updated. */
    readonly room: (table: string, percent: number) => ReadonlyArray<string>
    /** Statements that suit a table whose rows come and go. */
    readonly queue: (table: string) => ReadonlyArray<string>
    /** Statements that hide the table's rows from workspaces to which they do not belong. Every new table needs them. */
    readonly isolate: (table: string, belonging: Belonging) => ReadonlyArray<string>
  }
  /** Comes first in a transaction that is to see rows of one workspace alone; undefined where all rows are there. */
  readonly enter: ((workspaceId: string) => Effect.Effect<void, SqlError>) | undefined
  /** The time that leases and due times are compared with, epoch milliseconds. */
  readonly now: Effect.Effect<number, SqlError>
  /**
   * How a transaction begins that a power cut may undo: for leases, which end with the machine anyway. What was durable
   * before stays so.
   */
  readonly light: {
    /** The statement that begins it, when it is not the client's own. */
    readonly begin: string | undefined
    /** Comes first in it. */
    readonly first: Effect.Effect<void, SqlError>
  }
  /** Goes after a SELECT whose rows the transaction is about to change or delete; `of` names one table of several. */
  readonly forUpdate: (of?: string) => Fragment
  /** Goes after a SELECT whose rows of `table` the transaction is about to lease; passes over rows that another one has. */
  readonly skipLocked: (table: string) => Fragment
  /** Beside `skipLocked`: rows of `table` that must stay as they are; passes over what another transaction changes. */
  readonly andShare: (table: string) => Fragment
  /** Goes after a SELECT whose rows of `table` nobody may delete until the transaction ends. */
  readonly forKeyShare: (table: string) => Fragment
  /** Holds until the transaction ends what keeps other processes from migrating. */
  readonly lockSchema: Effect.Effect<void, SqlError>
  readonly tableExists: (table: string) => Effect.Effect<boolean, SqlError>
  /** Whether a column has one of the values, which its index finds: one parameter, however many there are. */
  readonly among: (column: string, values: ReadonlyArray<string> | ReadonlyArray<number>) => Fragment
  /**
   * Joins rows of `table`, as `alias`, to those named before it: they are looked up one by one, whatever a planner thinks
   * of the sizes of tables. A queue that was empty when it was measured last must not be read whole for each row.
   */
  readonly lookup: (table: string, alias: string, on: string) => Fragment
  /** A column in a condition that filters what another one found: no index is to be chosen for it. */
  readonly unindexed: (column: string, type: ColumnType) => Fragment
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
