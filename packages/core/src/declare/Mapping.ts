import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type { ModelSupport } from "../connector/Resource.ts"
import type { DataType, Input, Model } from "../model/DataType.ts"
import type { Support } from "../model/Support.ts"

/** The keys that are declared one by one, without those of an open rest. */
type Known<Row> = { [K in keyof Row as string extends K ? never : K]: Row[K] }

/** Keys of the row whose values fit. */
type KeyFor<Row, V> = { [K in keyof Known<Row> & string]: Known<Row>[K] extends V ? K : never }[keyof Known<Row> &
  string]

/** Keys of objects in the row: `profile.email`. Without the object there is no value either. */
type InnerKeyFor<Row, V> = {
  [K in keyof Known<Row> & string]: NonNullable<Known<Row>[K]> extends infer O extends object
    ? O extends ReadonlyArray<unknown>
      ? never
      : `${K}.${KeyFor<O, V>}`
    : never
}[keyof Known<Row> & string]

/**
 * Where a model's field comes from: a key of the row, or of an object in it, whose value fits as it is, or a pure function
 * of the row.
 */
export type FieldSource<Row, V> = KeyFor<Row, V> | InnerKeyFor<Row, V> | ((row: Row) => V)

/** Field by field. What is not named is not read, and the support table says so. */
export type FieldMap<Row, E> = { readonly [F in keyof E]?: FieldSource<Row, E[F]> }

/** A model as a whole, for lists, open maps and what is easier said in one piece. */
export type ModelFunction<Row, E> = (row: Row) => E | null | undefined

/** Lists and maps with open keys have no fields that could be named. */
export type ModelMap<Row, E> =
  E extends ReadonlyArray<unknown>
    ? ModelFunction<Row, E>
    : string extends keyof E
      ? ModelFunction<Row, E>
      : FieldMap<Row, E> | ModelFunction<Row, E>

/** The models of a data type by their keys. */
export type RecordMap<D extends DataType, Row> = {
  readonly [K in keyof D["models"]]?: ModelMap<Row, NonNullable<D["models"][K]["schema"]["Encoded"]>>
}

/** What a person knows of the app's support that the mapping does not tell; merged over what is derived. */
export type SupportNotes<D extends DataType> = {
  readonly [K in keyof D["models"]]?:
    | Support
    | { readonly support?: Support; readonly fields?: { readonly [field: string]: Support } }
}

type Anything = { readonly [key: string]: unknown }
type AnyMap = { readonly [model: string]: ((row: Anything) => unknown) | { readonly [field: string]: unknown } }

/** Makes the mapper. Throws a `TypeError` for a model that the data type does not have. */
export const mapper = <D extends DataType, Row>(dataType: D, map: RecordMap<D, Row>): ((row: Row) => Input<D>) => {
  // Checked by `RecordMap` where it was written; from here on only keys and functions matter.
  const models = Object.entries(map as AnyMap).map(([key, source]) => {
    if (dataType.models[key] === undefined) throw new TypeError(`map names ${key}, which ${dataType.id} does not have`)
    return [key, typeof source === "function" ? source : fieldMapper(source)] as const
  })
  return (row) => {
    const record: Record<string, unknown> = {}
    for (const [key, read] of models) record[key] = read(row as Anything)
    return record as Input<D>
  }
}

const fieldMapper = (fields: { readonly [field: string]: unknown }) => {
  const sources = Object.entries(fields).flatMap(([field, source]) =>
    source === undefined ? [] : [[field, typeof source === "function" ? source : valueAt(source as string)] as const]
  )
  return (row: Anything): Anything => {
    const model: Record<string, unknown> = {}
    for (const [field, read] of sources) model[field] = read(row)
    return model
  }
}

const valueAt = (path: string) => {
  const [key = "", inner] = path.split(".", 2)
  if (inner === undefined) return (row: Anything): unknown => row[key]
  return (row: Anything): unknown => (row[key] as Anything | null | undefined)?.[inner]
}

/**
 * The support table that a mapping implies: models and fields that it names are `SUPPORTED`, the others `unread`. A model
 * that is mapped by a function counts as read as a whole. Throws a `TypeError` for notes about what does not exist.
 */
export const supportOf = <D extends DataType>(
  dataType: D,
  map: { readonly [model: string]: unknown } | undefined,
  unread: Support,
  notes: SupportNotes<D> = {}
): { readonly [modelKey: string]: ModelSupport } => {
  const known = Object.keys(dataType.models)
  for (const key of Object.keys(notes)) {
    if (!known.includes(key)) throw new TypeError(`support names ${key}, which ${dataType.id} does not have`)
  }
  return Object.fromEntries(
    Object.entries(dataType.models).map(([key, model]) => {
      const note = notes[key]
      const said = typeof note === "string" ? { support: note } : note
      const derived = map === undefined ? undefined : derive(map[key], fieldsOf(model), unread)
      const support = said?.support ?? derived?.support ?? unread
      const fields = support === "SUPPORTED" ? { ...derived?.fields, ...said?.fields } : { ...said?.fields }
      return [key, { support, ...(Object.keys(fields).length > 0 ? { fields } : {}) }]
    })
  )
}

const derive = (source: unknown, fields: ReadonlyArray<string>, unread: Support): ModelSupport => {
  if (source === undefined || source === null) return { support: unread }
  if (typeof source !== "object") return { support: "SUPPORTED" }
  const left = fields.filter((field) => !Object.hasOwn(source, field))
  return { support: "SUPPORTED", fields: Object.fromEntries(left.map((field) => [field, unread])) }
}

const fieldsOf = (model: Model): ReadonlyArray<string> => namesOf(Schema.toType(model.schema).ast)

const namesOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Objects" ? ast.propertySignatures.flatMap(({ name }) => (typeof name === "string" ? [name] : [])) : []
