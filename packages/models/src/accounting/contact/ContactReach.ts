import { DataType } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Email } from "../../shared/Email.ts"
import { UserReference } from "../../shared/UserReference.ts"
import { Address } from "../Address.ts"
import { Phone } from "../Phone.ts"

/** `accounting_contact_addresses`. */
export const contactAddresses = DataType.model({
  id: "accounting_contact_addresses",
  title: "Addresses",
  schema: Schema.Array(Address)
})
/** `accounting_contact_phones`. */
export const contactPhones = DataType.model({
  id: "accounting_contact_phones",
  title: "Phones",
  schema: Schema.Array(Phone)
})
/** `accounting_contact_emails`. */
export const contactEmails = DataType.model({
  id: "accounting_contact_emails",
  title: "E-mail addresses",
  schema: Schema.Array(Email)
})
/** `accounting_contact_users`: people at the contact. */
export const contactUsers = DataType.model({
  id: "accounting_contact_users",
  title: "People at the contact",
  schema: Schema.Array(UserReference)
})
