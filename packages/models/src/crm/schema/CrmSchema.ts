import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { schemaAssociations, schemaFields } from "./SchemaParts.ts"

/**
 * An object of the account: what kinds of records there are. `id` is what `schemaId` of records and associations says;
 * `dataType` names the data type that its records are sent in, if they are.
 */
export const SchemaInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  label: Field.text(),
  pluralLabel: Field.text(),
  isCustom: Field.flag(),
  dataType: Field.text()
})

/** `crm_schema_info`. */
export const schemaInfo = DataType.model({ id: "crm_schema_info", title: "Schema", schema: SchemaInfo })

/** `crm_schemas`: the account's objects with their fields and associations, standard and custom ones. */
export const CrmSchema = DataType.make({
  id: "crm_schemas",
  category: "CRM",
  title: "Schemas",
  models: { info: schemaInfo, fields: schemaFields, associations: schemaAssociations },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ schemaId: recordId })
})
