import type { Resource } from "@crochet/core"
import { CrmDeal } from "@crochet/models"
import { resource } from "./SalesforceObject.ts"
import * as R from "./SalesforceRow.ts"
import { all, outcomeOf, owned, people } from "./SalesforceShared.ts"

/** Opportunities have one list of stages; its record in `crm_pipelines` has this id. */
export const pipelineId = "Opportunity"

/** Opportunities. */
export const deals: Resource.AnyResource = resource({
  dataType: CrmDeal,
  object: "Opportunity",
  fields: {
    crm_deal_info: [
      "Name",
      "Description",
      "Amount",
      "CurrencyIsoCode",
      "IsClosed",
      "IsWon",
      "CloseDate",
      "Probability",
      "ExpectedRevenue",
      "Type",
      "LeadSource",
      ...owned,
      ...people
    ],
    crm_deal_stage: ["StageName", "LastStageChangeDate"],
    crm_deal_accounts: ["AccountId"],
    crm_deal_contacts: ["ContactId"],
    crm_deal_rawValues: ["StageName"]
  },
  optional: ["CurrencyIsoCode", "ContactId", "LastStageChangeDate"],
  custom: "crm_deal_custom_fields",
  filters: { ownerId: "OwnerId", accountId: "AccountId", stage: "StageName" },
  filterTexts: {
    ownerId: ["Owner", "Only deals of this user, by the user's id."],
    accountId: ["Account", "Only deals with this account, by the account's id."],
    stage: ["Stage", "Only deals in this stage, by its name."]
  },
  toRecord: (row) => {
    const closeDate = R.date(row, "CloseDate")
    const [accountId, contactId] = [R.text(row, "AccountId"), R.text(row, "ContactId")]
    const stageName = R.text(row, "StageName")
    return {
      info: {
        id: R.text(row, "Id"),
        name: R.text(row, "Name"),
        description: R.text(row, "Description"),
        amount: R.amount(row, "Amount"),
        currency: R.text(row, "CurrencyIsoCode"),
        owner: R.user(row, "Owner"),
        createdBy: R.user(row, "CreatedBy"),
        status: outcomeOf(row),
        createdAt: R.instant(row, "CreatedDate"),
        lastActivityAt: R.date(row, "LastActivityDate"),
        updatedAt: R.instant(row, "LastModifiedDate"),
        expectedCloseDate: closeDate,
        // One field is both: when it is expected, and once it is closed, when that was.
        closedAt: row.IsClosed === true ? closeDate : undefined,
        winProbability: R.number(row, "Probability"),
        expectedRevenue: R.amount(row, "ExpectedRevenue"),
        type: R.text(row, "Type"),
        source: R.text(row, "LeadSource")
      },
      // Deals name their stage by its API name, which is the stage's id in crm_pipelines.
      stage: { stageId: stageName, stageName, pipelineId, enteredAt: R.instant(row, "LastStageChangeDate") },
      accounts: accountId === undefined ? undefined : [accountId],
      contacts: contactId === undefined ? undefined : [contactId],
      customFields: R.customFields(row),
      rawValues: { status: stageName }
    }
  },
  support: {
    info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "lostReason", "wonReason", "priority") },
    stage: { support: "SUPPORTED", fields: all("NOT_IMPLEMENTED", "pipelineName", "index") },
    accounts: { support: "SUPPORTED" },
    // The primary contact; the other contact roles are records of their own.
    contacts: { support: "SUPPORTED" },
    customFields: { support: "SUPPORTED" },
    products: { support: "NOT_IMPLEMENTED" },
    rawValues: { support: "SUPPORTED" }
  }
})
