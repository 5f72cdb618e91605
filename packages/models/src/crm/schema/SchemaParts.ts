import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { CustomFieldType } from "../../shared/CustomFieldEntry.ts"

/** A value that a list of choices offers: `value` as records hold it, `label` as people read it. */
export const SchemaOption = Schema.Struct({ value: Field.text(), label: Field.text() })

/**
 * A field of an object; `key` as records and custom fields name it. `required`: a record cannot be made without a value
 * for it. `readOnly`: nobody who connects can write it. `typeRaw` is the app's own word for the type.
 */
export const SchemaField = Schema.Struct({
  key: Field.text(),
  label: Field.text(),
  type: Field.enumeration(CustomFieldType),
  required: Field.flag(),
  readOnly: Field.flag(),
  options: Field.list(SchemaOption),
  isCustom: Field.flag(),
  typeRaw: Field.text()
})

/** How many records of this object go with how many of the other. */
export const Cardinality = ["ONE_TO_ONE", "ONE_TO_MANY", "MANY_TO_ONE", "MANY_TO_MANY"] as const

/** A relationship that the object may have; `targetSchemaId` is the id of a schema. */
export const SchemaAssociation = Schema.Struct({
  name: Field.text(),
  targetSchemaId: Field.text(),
  cardinality: Field.enumeration(Cardinality)
})

/** `crm_schema_fields`. */
export const schemaFields = DataType.model({
  id: "crm_schema_fields",
  title: "Fields",
  schema: Schema.Array(SchemaField)
})
/** `crm_schema_associations`. */
export const schemaAssociations = DataType.model({
  id: "crm_schema_associations",
  title: "Associations",
  schema: Schema.Array(SchemaAssociation)
})
