import { DataType } from "@crochet/core"
import { accountInfo } from "./AccountInfo.ts"
import {
  accountAddresses,
  accountContacts,
  accountCustomFields,
  accountEmails,
  accountPhones,
  accountRawValues
} from "./AccountParts.ts"

/** `crm_accounts`: companies that a sales team deals with. */
export const CrmAccount = DataType.make({
  id: "crm_accounts",
  category: "CRM",
  title: "Accounts",
  models: {
    info: accountInfo,
    addresses: accountAddresses,
    phones: accountPhones,
    contacts: accountContacts,
    customFields: accountCustomFields,
    emails: accountEmails,
    rawValues: accountRawValues
  },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ accountId: recordId })
})
