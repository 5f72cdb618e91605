import { DataType, Field } from "@crochet/core"

/** Fields that only this account has, as a map from key to value; what may be in them nobody knows, so it is personal. */
export const CustomFields = Field.openMap("personal")

/** `custom_fields` of an accounting data type, under its own model id. */
export const customFields = (id: string) => DataType.model({ id, title: "Custom fields", schema: CustomFields })
