import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Types of custom fields, whatever the app calls them. */
export const CustomFieldType = [
  "TEXT",
  "LONG_TEXT",
  "NUMBER",
  "CURRENCY",
  "BOOLEAN",
  "DATE",
  "DATETIME",
  "SINGLE_SELECT",
  "MULTI_SELECT",
  "URL",
  "EMAIL",
  "PHONE",
  "REFERENCE",
  "FILE",
  "JSON"
] as const

/**
 * A custom field as discovery lists it. Events carry only a map from `key` to value; `sourcePath` says where in the
 * app's own answer the value is.
 */
export const CustomFieldEntry = Schema.Struct({
  key: Field.text(),
  label: Field.text(),
  type: Field.enumeration(CustomFieldType),
  value: Field.optional(Schema.Json, "personal"),
  sourcePath: Field.text()
})
