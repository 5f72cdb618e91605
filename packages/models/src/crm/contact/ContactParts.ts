import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Email } from "../../shared/Email.ts"
import { CrmAddress } from "../shared/Address.ts"
import { CustomFields } from "../shared/CustomFields.ts"
import { CrmPhone } from "../shared/Phone.ts"

/** The app's own words behind the mapped enums, verbatim. */
export const ContactRawValues = Schema.Struct({ lifecycleStage: Field.text() })

/** `crm_contact_addresses`. */
export const contactAddresses = DataType.model({
  id: "crm_contact_addresses",
  title: "Addresses",
  schema: Schema.Array(CrmAddress)
})
/** `crm_contact_phones`. */
export const contactPhones = DataType.model({
  id: "crm_contact_phones",
  title: "Phones",
  schema: Schema.Array(CrmPhone)
})
/** `crm_contact_emails`. */
export const contactEmails = DataType.model({
  id: "crm_contact_emails",
  title: "E-mail addresses",
  schema: Schema.Array(Email)
})
/** `crm_contact_custom_fields`. */
export const contactCustomFields = DataType.model({
  id: "crm_contact_custom_fields",
  title: "Custom fields",
  schema: CustomFields
})
/** `crm_contact_rawValues`. */
export const contactRawValues = DataType.model({
  id: "crm_contact_rawValues",
  title: "Raw values",
  schema: ContactRawValues
})
