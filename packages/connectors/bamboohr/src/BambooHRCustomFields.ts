import { ConnectorError } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import { because, isRefusal } from "./BambooHRErrors.ts"
import * as Schema from "effect/Schema"
import type { Source, WireRow } from "./BambooHRWire.ts"
import { MetaFields, text } from "./BambooHRWire.ts"

/** A field that the account made itself. Its alias is its key in the custom fields of the record. */
export interface CustomField {
  readonly id: string
  readonly alias: string
}

/** So many are read at most: an endpoint takes 400 fields in all (https://documentation.bamboohr.com, 2026-11). */
const limit = 350

/**
 * The account's own fields. The field list gives these an alias that begins with `custom`; columns of tables, benefits
 * and the like have none, and standard fields have another (recorded 2026-05).
 */
export const discover = Effect.fn("BambooHR.customFields")(function* (
  context: Resource.ResourceContext
): Effect.fn.Return<ReadonlyArray<CustomField>, ConnectorError.ConnectorError> {
  if (!context.models.has("custom_fields")) return []
  const fields = yield* context.client
    .decode({ operation: "employee.customFields", path: "/v1/meta/fields" }, MetaFields)
    .pipe(
      // Every account has standard fields: an empty list would take the custom fields from everybody.
      Effect.filterOrFail(
        ({ length }) => length > 0,
        () =>
          context.client.fail(
            "employee.customFields",
            new ConnectorError.BadPayload({ message: "the list of fields is empty" })
          )
      ),
      Effect.catchIf(isRefusal, (error) =>
        Effect.as(
          context.issue({
            code: "bamboohr.fields_unreadable",
            message: `Custom fields are left out, the list of fields cannot be read: ${because(error)}`,
            model: "custom_fields"
          }),
          []
        )
      )
    )
  const custom = new Map<string, CustomField>()
  for (const { alias, id } of fields) {
    // A currency column has a companion "19.1" with the same alias; the plain number is the field.
    if (alias?.startsWith("custom") && !String(id).includes(".")) custom.set(alias, { id: String(id), alias })
  }
  const found = [...custom.values()].sort((a, b) => (a.alias < b.alias ? -1 : 1))
  if (found.length > limit) {
    yield* context.issue({
      code: "bamboohr.too_many_fields",
      message: `The account has ${found.length} custom fields; the first ${limit} by alias are read`,
      model: "custom_fields"
    })
  }
  return found.slice(0, limit)
})

/** What a custom field is called at an endpoint; the directory has none. */
export const customName = (source: Source, field: CustomField): string | undefined =>
  source === "directory" ? undefined : source === "dataset" ? `customField${field.id}` : field.alias

const isJson = Schema.is(Schema.Json)

/** One spelling for all endpoints: numbers and flags as text, what is empty as null, lists and objects as they are. */
const value = (wire: unknown): Schema.Json => {
  if (typeof wire === "object" && wire !== null) return isJson(wire) ? wire : null
  const written = text(wire)
  return written === undefined || written === "0000-00-00" ? null : written
}

/** The values of the custom fields in a row, by alias; what the account may not see stays out. */
export const customValues = (source: Source, row: WireRow, fields: ReadonlyArray<CustomField>) => {
  const values: Record<string, Schema.Json> = {}
  for (const field of fields) {
    const name = customName(source, field)
    if (name !== undefined && row[name] !== undefined) values[field.alias] = value(row[name])
  }
  return values
}
