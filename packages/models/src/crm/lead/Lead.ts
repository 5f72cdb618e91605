import { DataType } from "@crochet/core"
import { leadInfo } from "./LeadInfo.ts"
import { leadAddresses, leadCustomFields, leadEmails, leadPhones, leadRawValues } from "./LeadParts.ts"

/** `crm_leads`: people and companies that may become customers. Converted ones stay. */
export const CrmLead = DataType.make({
  id: "crm_leads",
  category: "CRM",
  title: "Leads",
  models: {
    info: leadInfo,
    addresses: leadAddresses,
    phones: leadPhones,
    emails: leadEmails,
    customFields: leadCustomFields,
    rawValues: leadRawValues
  },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ leadId: recordId })
})
