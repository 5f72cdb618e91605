import * as Schema from "effect/Schema"
import type { DataType, Model, ModelSchema } from "./DataType.ts"
import * as Sensitivity from "./Sensitivity.ts"

/** A node of a JSON Schema. `sensitivity` is ours: how much harm the disclosure of the value would do. */
export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly enum?: ReadonlyArray<string>
  readonly format?: string
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: ReadonlyArray<string>
  readonly items?: JsonSchema
  readonly anyOf?: ReadonlyArray<JsonSchema>
  readonly sensitivity?: Sensitivity.Sensitivity
  readonly [keyword: string]: unknown
}

/** A JSON Schema that stands for itself: the dialect is draft 2020-12, there are no references. */
export interface Document extends JsonSchema {
  readonly $schema: "https://json-schema.org/draft/2020-12/schema"
}

const dialect = "https://json-schema.org/draft/2020-12/schema"

/**
 * What an event carries under the model's key: every field present, absent ones `null`, enums with `NOT_SPECIFIED`.
 *
 * Made by Effect from the model's own schema. Each value carries its `title`, its `enum` or `format`, and its
 * `sensitivity`, which is at least that of what surrounds it (as `Sensitivity.paths` says). Unknown fields are allowed,
 * because models grow; fields that a subscription excludes are missing from its events, though listed as required here.
 */
export const ofModel = (model: Model): Document => ({ $schema: dialect, ...ofModelInside(model) })

/**
 * The `eventData` of a record event of the data type: the models under their event keys. None is required, since an
 * event has those that were subscribed to, and each may be `null`: the app says nothing.
 */
export const ofDataType = (dataType: DataType): Document => ({
  $schema: dialect,
  title: dataType.title,
  type: "object",
  properties: Object.fromEntries(
    Object.entries(dataType.models).map(([key, model]) => [
      key,
      { title: model.title, anyOf: [ofModelInside(model), { type: "null" }] }
    ])
  ),
  additionalProperties: true
})

const ofModelInside = (model: Model): JsonSchema => ({
  title: model.title,
  ...(model.description === undefined ? {} : { description: model.description }),
  modelId: model.id,
  ...tagged(plain(model.schema), "none")
})

/** Effect's own JSON Schema of the canonical form, with our tag left in. */
const plain = (schema: ModelSchema): JsonSchema => {
  const { definitions, schema: root } = Schema.toJsonSchemaDocument(Schema.toType(schema), {
    // No references, so that a document can be cut into its models and fields.
    referencePolicy: () => undefined,
    includeAnnotationKey: (key) => key === Sensitivity.annotationKey
  })
  return Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions }
}

/** The same with `sensitivity` on every value, and a title on every field. */
const tagged = (node: JsonSchema, outer: Sensitivity.Sensitivity): JsonSchema => {
  const { [Sensitivity.annotationKey]: own, anyOf, items, properties, ...rest } = node
  const members = anyOf ?? []
  const isLeaf = [node, ...members].every((one) => one.properties === undefined && one.items === undefined)
  // A value that may be null is one value: its members have nothing to add but a higher level.
  const tags = isLeaf ? [own, ...members.map((one) => one[Sensitivity.annotationKey])] : [own]
  const sensitivity = Sensitivity.levels.findLast((level) => level === outer || tags.includes(level)) ?? outer
  const below = isLeaf ? untagged : (one: JsonSchema) => (one.type === "null" ? one : tagged(one, sensitivity))
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, field]) => [
              name,
              { title: titleOf(name), ...tagged(field, sensitivity) }
            ])
          )
        }),
    ...(items === undefined ? {} : { items: tagged(items, sensitivity) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(below) }),
    ...(isLeaf ? { sensitivity } : {})
  }
}

const untagged = ({ [Sensitivity.annotationKey]: _, ...rest }: JsonSchema): JsonSchema => rest

/** `workEmail` as `Work email`. */
const titleOf = (name: string): string => {
  const words = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
