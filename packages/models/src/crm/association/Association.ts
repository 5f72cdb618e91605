import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/**
 * That two records belong together. `type` is the app's own word for the kind, `label` what the one is to the other (a
 * role, a status). Schema ids join to `crm_schemas`, record ids to the records of those objects. `isActive` is `FALSE`
 * where the app keeps what has ended.
 */
export const AssociationInfo = Schema.Struct({
  id: Field.text(),
  type: Field.text(),
  sourceSchemaId: Field.text(),
  sourceId: Field.text(),
  targetSchemaId: Field.text(),
  targetId: Field.text(),
  label: Field.text("personal"),
  isPrimary: Field.flag(),
  isActive: Field.flag()
})

/** `crm_association_info`. */
export const associationInfo = DataType.model({
  id: "crm_association_info",
  title: "Association",
  schema: AssociationInfo
})

/**
 * `crm_associations`: which records belong together. Records of their own, because most apps do not touch a record when
 * it is tied to another one.
 */
export const CrmAssociation = DataType.make({
  id: "crm_associations",
  category: "CRM",
  title: "Associations",
  models: { info: associationInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ associationId: recordId })
})
