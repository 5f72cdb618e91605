import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Email } from "../../shared/Email.ts"
import { CrmAddress } from "../shared/Address.ts"
import { CustomFields } from "../shared/CustomFields.ts"
import { Ids } from "../shared/Ids.ts"
import { CrmPhone } from "../shared/Phone.ts"

/** The app's own words behind the mapped enums, verbatim. */
export const AccountRawValues = Schema.Struct({ type: Field.text(), lifecycleStage: Field.text() })

/** `crm_account_addresses`. */
export const accountAddresses = DataType.model({
  id: "crm_account_addresses",
  title: "Addresses",
  schema: Schema.Array(CrmAddress)
})
/** `crm_account_phones`. */
export const accountPhones = DataType.model({
  id: "crm_account_phones",
  title: "Phones",
  schema: Schema.Array(CrmPhone)
})
/** `crm_account_contacts`: ids of the account's contacts. */
export const accountContacts = DataType.model({
  id: "crm_account_contacts",
  title: "Contacts",
  schema: Ids
})
/** `crm_account_custom_fields`. */
export const accountCustomFields = DataType.model({
  id: "crm_account_custom_fields",
  title: "Custom fields",
  schema: CustomFields
})
/** `crm_account_emails`. */
export const accountEmails = DataType.model({
  id: "crm_account_emails",
  title: "E-mail addresses",
  schema: Schema.Array(Email)
})
/** `crm_account_rawValues`. */
export const accountRawValues = DataType.model({
  id: "crm_account_rawValues",
  title: "Raw values",
  schema: AccountRawValues
})
