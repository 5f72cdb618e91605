import { DataType, Field } from "@crochet/core"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"
import { CustomFields } from "../shared/CustomFields.ts"

/** What is known of every record of a custom object, in Knit's order; `schemaId` names the object. */
export const RecordInfo = Schema.Struct({
  id: Field.text(),
  schemaId: Field.text(),
  name: Field.text("personal"),
  externalId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  lastActivityAt: Field.dateTime(),
  createdBy: Field.optional(UserReference),
  updatedBy: Field.optional(UserReference)
})

/** `crm_record_info`. */
export const recordInfo = DataType.model({ id: "crm_record_info", title: "Record", schema: RecordInfo })
/** `crm_record_fields`: the object's own fields. */
export const recordFields = DataType.model({ id: "crm_record_fields", title: "Fields", schema: CustomFields })

/** `crm_records`: records of the objects that only this account has. */
export const CrmRecord = DataType.make({
  id: "crm_records",
  category: "CRM",
  title: "Custom object records",
  models: { info: recordInfo, fields: recordFields },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId, { info }) => ({
    recordId,
    schemaId: Predicate.hasProperty(info, "schemaId") && typeof info.schemaId === "string" ? info.schemaId : null
  })
})
