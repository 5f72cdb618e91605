import { DataType, Field } from "@crochet/core"

/**
 * Fields that only this account has, as a map from key to value. What may be in them nobody knows, so they count as
 * personal. Keys are sorted, and integer-like keys renamed: `4047` becomes `field_4047` (core's `OpenMap` says why).
 */
export const CustomFields = Field.openMap("personal")

/** `custom_fields`. */
export const customFields = DataType.model({
  id: "custom_fields",
  title: "Custom fields",
  description: "What only this account has, by key. Keys that look like integers get the prefix `field_`.",
  schema: CustomFields
})
