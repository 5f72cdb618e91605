import type { Resource } from "@crochet/core"
import { CrmCampaign, CrmProduct, CrmUser } from "@crochet/models"
import { resource } from "./SalesforceObject.ts"
import * as R from "./SalesforceRow.ts"
import { all } from "./SalesforceShared.ts"

/** Users. They cannot be deleted in Salesforce, only deactivated. */
export const users: Resource.AnyResource = resource({
  dataType: CrmUser,
  object: "User",
  untimed: true,
  fields: { crm_user_info: ["Name", "Email", "IsActive", "Title", "ManagerId", "UserRole.Name"] },
  toRecord: (row) => ({
    info: {
      id: R.text(row, "Id"),
      name: R.text(row, "Name"),
      email: R.text(row, "Email"),
      isActive: R.flag(row, "IsActive"),
      role: R.text(row, "UserRole.Name"),
      title: R.text(row, "Title"),
      managerId: R.text(row, "ManagerId")
    }
  }),
  support: { info: { support: "SUPPORTED" } }
})

/** Campaigns. */
export const campaigns: Resource.AnyResource = resource({
  dataType: CrmCampaign,
  object: "Campaign",
  untimed: true,
  fields: { crm_campaign_info: ["Name", "Status", "Type", "StartDate", "EndDate", "BudgetedCost"] },
  toRecord: (row) => ({
    info: {
      id: R.text(row, "Id"),
      name: R.text(row, "Name"),
      status: R.text(row, "Status"),
      type: R.text(row, "Type"),
      startAt: R.date(row, "StartDate"),
      endAt: R.date(row, "EndDate"),
      budget: R.amount(row, "BudgetedCost")
    }
  }),
  support: { info: { support: "SUPPORTED" } }
})

/** Products. Their prices are in price books, which are not read. */
export const products: Resource.AnyResource = resource({
  dataType: CrmProduct,
  object: "Product2",
  untimed: true,
  fields: { crm_product_info: ["Name", "ProductCode", "IsActive"] },
  toRecord: (row) => ({
    info: {
      id: R.text(row, "Id"),
      name: R.text(row, "Name"),
      code: R.text(row, "ProductCode"),
      isActive: R.flag(row, "IsActive")
    }
  }),
  support: { info: { support: "SUPPORTED", fields: all("NOT_IMPLEMENTED", "unitPrice", "currency") } }
})
