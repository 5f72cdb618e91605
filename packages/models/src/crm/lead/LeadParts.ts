import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Email } from "../../shared/Email.ts"
import { CrmAddress } from "../shared/Address.ts"
import { CustomFields } from "../shared/CustomFields.ts"
import { CrmPhone } from "../shared/Phone.ts"

/** The app's own words behind the mapped enums, verbatim. */
export const LeadRawValues = Schema.Struct({ status: Field.text(), rating: Field.text() })

/** `crm_lead_addresses`. */
export const leadAddresses = DataType.model({
  id: "crm_lead_addresses",
  title: "Addresses",
  schema: Schema.Array(CrmAddress)
})
/** `crm_lead_phones`. */
export const leadPhones = DataType.model({ id: "crm_lead_phones", title: "Phones", schema: Schema.Array(CrmPhone) })
/** `crm_lead_emails`. */
export const leadEmails = DataType.model({
  id: "crm_lead_emails",
  title: "E-mail addresses",
  schema: Schema.Array(Email)
})
/** `crm_lead_custom_fields`. */
export const leadCustomFields = DataType.model({
  id: "crm_lead_custom_fields",
  title: "Custom fields",
  schema: CustomFields
})
/** `crm_lead_rawValues`. */
export const leadRawValues = DataType.model({ id: "crm_lead_rawValues", title: "Raw values", schema: LeadRawValues })
