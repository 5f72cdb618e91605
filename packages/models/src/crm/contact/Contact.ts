import { DataType } from "@crochet/core"
import { contactInfo } from "./ContactInfo.ts"
import {
  contactAddresses,
  contactCustomFields,
  contactEmails,
  contactPhones,
  contactRawValues
} from "./ContactParts.ts"

/** `crm_contacts`: people that a sales team deals with. */
export const CrmContact = DataType.make({
  id: "crm_contacts",
  category: "CRM",
  title: "Contacts",
  models: {
    info: contactInfo,
    addresses: contactAddresses,
    phones: contactPhones,
    emails: contactEmails,
    customFields: contactCustomFields,
    rawValues: contactRawValues
  },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ contactId: recordId })
})
