import type * as Schema from "effect/Schema"
import * as Canonical from "./Canonical.ts"

/** The business domains that apps and data types belong to. */
export type Category = "HRIS" | "ATS" | "CRM" | "ACCOUNTING"

/** A codec without services, as every model's schema is: `Encoded` is what mappers write, `Type` what is sent. */
export type ModelSchema<A = unknown, I = unknown> = Schema.Codec<A, I>

/**
 * A part of a data type that can be subscribed to, such as `employee_profile`, whose value appears under the key
 * `profile` of the record.
 *
 * Decoding with `schema` makes the value canonical: fields in the schema's order, absent ones `null`. Fingerprints and
 * event bodies rest on that.
 */
export interface Model<S extends ModelSchema = ModelSchema> {
  /** The id that `sync.start` takes, e.g. `employee_profile`. */
  readonly id: string
  readonly title: string
  /** What the model holds, in a sentence, for the reference pages and the JSON Schema. */
  readonly description?: string
  readonly schema: S
  /** False for models that are sent only when they are asked for by id (e.g. ethnicity). Default true. */
  readonly byDefault: boolean
}

/** Declares a model. Its schema is made fast here (see `Canonical.codec`); the types stay those of the given one. */
export const model = <A, I>(options: {
  readonly id: string
  readonly title: string
  readonly description?: string
  readonly schema: Schema.Codec<A, I>
  readonly byDefault?: boolean
}): Model<Schema.Codec<A, I>> => ({ byDefault: true, ...options, schema: Canonical.codec(options.schema) })

/** A record as it travels inside Crochet: model values under their event keys. */
export type RecordValues = { readonly [key: string]: unknown }

/**
 * What is synced: `employee`, `ats_jobs`, `crm_contacts`, …
 *
 * `models` is ordered: bodies list the models in this order. `isActive` and `identifiers` receive a decoded record that
 * holds at least the models named in `core`, whether or not these are subscribed to.
 */
export interface DataType<
  Id extends string = string,
  Models extends { readonly [key: string]: Model } = { readonly [key: string]: Model }
> {
  readonly id: Id
  readonly category: Category
  readonly title: string
  readonly models: Models
  /** Keys of the models that `isActive` and `identifiers` read. */
  readonly core: ReadonlyArray<string>
  /** False for a record that a receiver must treat as gone, e.g. a terminated employee. */
  readonly isActive: (record: RecordValues) => boolean
  /** The `eventData` of `record.deleted` without the reason; kept sealed beside the fingerprint. */
  readonly identifiers: (recordId: string, record: RecordValues) => { readonly [key: string]: string | null }
}

/** Declares a data type. */
export const make = <const Id extends string, const Models extends { readonly [key: string]: Model }>(
  dataType: DataType<Id, Models> & { readonly core: ReadonlyArray<keyof Models & string> }
): DataType<Id, Models> => dataType

/** What a connector's mapper returns for a record of the data type: models under their keys, fields optional. */
export type Input<D extends DataType> = {
  readonly [K in keyof D["models"]]?: D["models"][K]["schema"]["Encoded"] | null | undefined
}

/** The models with the given ids in the data type's order, with their keys; unknown ids are left out. */
export const select = (
  dataType: DataType,
  modelIds: ReadonlyArray<string>
): ReadonlyArray<readonly [key: string, model: Model]> =>
  Object.entries(dataType.models).filter(([, model]) => modelIds.includes(model.id))
