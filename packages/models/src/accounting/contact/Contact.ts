import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"
import { customFields } from "../CustomFields.ts"
import { contactInfo } from "./ContactInfo.ts"
import { contactAddresses, contactEmails, contactPhones, contactUsers } from "./ContactReach.ts"

/** The app's own words behind a contact's enums, verbatim. */
export const ContactRawValues = Schema.Struct({ type: Field.text(), status: Field.text() })

/** `accounting_contacts`: customers and vendors. Gone for receivers once the status is `INACTIVE`. */
export const AccountingContact = DataType.make({
  id: "accounting_contacts",
  category: "ACCOUNTING",
  title: "Contacts",
  models: {
    info: contactInfo,
    addresses: contactAddresses,
    phones: contactPhones,
    emails: contactEmails,
    users: contactUsers,
    rawValues: DataType.model({ id: "accounting_contact_rawValues", title: "Raw values", schema: ContactRawValues }),
    customFields: customFields("accounting_contact_custom_fields")
  },
  core: ["info"],
  isActive: goneWhen("status", "INACTIVE"),
  identifiers: (contactId) => ({ contactId })
})
