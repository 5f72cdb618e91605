import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"
import { LifecycleStage } from "../shared/LifecycleStage.ts"

/** The person. The first twelve fields are Knit's, in Knit's order; `account` is an account's id. */
export const ContactInfo = Schema.Struct({
  id: Field.text(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  description: Field.text("personal"),
  industry: Field.text(),
  jobTitle: Field.text("personal"),
  owner: Field.optional(UserReference),
  createdBy: Field.optional(UserReference),
  updatedAt: Field.dateTime(),
  createdAt: Field.dateTime(),
  lastActivityAt: Field.dateTime(),
  account: Field.text(),
  middleName: Field.text("personal"),
  salutation: Field.text("personal"),
  department: Field.text("personal"),
  lifecycleStage: Field.enumeration(LifecycleStage),
  leadSource: Field.text(),
  birthDate: Field.date("personal"),
  language: Field.text("personal"),
  isOptedOut: Field.flag("personal"),
  tags: Field.list(Schema.String, "personal")
})

/** `crm_contact_info`. */
export const contactInfo = DataType.model({ id: "crm_contact_info", title: "Contact", schema: ContactInfo })
