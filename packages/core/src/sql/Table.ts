import type { Param } from "./Dialect.ts"

/**
 * How a field is kept: `json` and `boolean` as text and number. Null is null in all of them but `text or nothing`, where
 * it is the empty text: for a column that was declared NOT NULL when its field could not be null yet.
 */
export type ColumnKind = "text" | "text or nothing" | "integer" | "blob" | "json" | "boolean"

/** How an entity lies in a table: one column per field, named like it in snake case. */
export interface Table<A> {
  readonly name: string
  /** Column names, in the order of `encode`. */
  readonly columns: ReadonlyArray<string>
  /** The columns of a SELECT, optionally qualified. */
  readonly select: (alias?: string) => string
  readonly encode: (entity: A) => Array<Param>
  readonly decode: (row: object) => A
}

const snake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const toColumn = (kind: ColumnKind, value: unknown): Param => {
  if (value === null || value === undefined) return kind === "text or nothing" ? "" : null
  if (kind === "json") return JSON.stringify(value)
  if (kind === "boolean") return value === true ? 1 : 0
  return value as string | number | Uint8Array
}

const fromColumn = (kind: ColumnKind, value: unknown): unknown => {
  if (value === null || value === undefined) return null
  switch (kind) {
    case "json":
      return JSON.parse(value as string)
    case "boolean":
      return Number(value) === 1
    case "text or nothing":
      return value === "" ? null : value
    // Some drivers give 64-bit integers as text or bigint; ours all fit a number.
    case "integer":
      return Number(value)
    default:
      return value
  }
}

/** The table of an entity. Every field is named, so a field that is added to the entity is missed by the compiler. */
export const make = <A extends object>(name: string, kinds: { readonly [K in keyof A]-?: ColumnKind }): Table<A> => {
  const fields = (Object.keys(kinds) as Array<keyof A & string>).map((field) => ({
    field,
    column: snake(field),
    kind: kinds[field]
  }))
  const columns = fields.map(({ column }) => column)
  return {
    name,
    columns,
    select: (alias) => columns.map((column) => (alias === undefined ? column : `${alias}.${column}`)).join(", "),
    encode: (entity) => fields.map(({ field, kind }) => toColumn(kind, entity[field])),
    decode: (row) => {
      const source = row as { readonly [column: string]: unknown }
      const entity: { [field: string]: unknown } = {}
      for (const { field, column, kind } of fields) entity[field] = fromColumn(kind, source[column])
      // The kinds name every field of A, and only our own encode wrote the row.
      return entity as A
    }
  }
}

/** `SET a = excluded.a, …` for an upsert, without the columns that never change. */
export const overwrite = (columns: ReadonlyArray<string>, keep: ReadonlyArray<string>): string =>
  columns
    .filter((column) => !keep.includes(column))
    .map((column) => `${column} = excluded.${column}`)
    .join(", ")
