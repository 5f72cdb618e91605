import { DataType, Field } from "@crochet/core"

/**
 * Fields that only this account has, as a map from key to value, on jobs, candidates and applications alike. What may be
 * in them nobody knows, so they count as personal.
 */
export const CustomFields = Field.openMap("personal")

/** `custom_fields` of the recruiting data types. */
export const customFields = DataType.model({ id: "custom_fields", title: "Custom fields", schema: CustomFields })
