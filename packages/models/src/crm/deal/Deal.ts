import { DataType } from "@crochet/core"
import { dealInfo } from "./DealInfo.ts"
import { dealAccounts, dealContacts, dealCustomFields, dealProducts, dealRawValues, dealStage } from "./DealParts.ts"

/** `crm_deals`: what may be or was sold. Won and lost deals stay. */
export const CrmDeal = DataType.make({
  id: "crm_deals",
  category: "CRM",
  title: "Deals",
  models: {
    info: dealInfo,
    stage: dealStage,
    accounts: dealAccounts,
    contacts: dealContacts,
    customFields: dealCustomFields,
    products: dealProducts,
    rawValues: dealRawValues
  },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ dealId: recordId })
})
