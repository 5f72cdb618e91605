import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A campaign; `status` and `type` are the app's own words. */
export const CampaignInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  status: Field.text(),
  type: Field.text(),
  startAt: Field.dateTime(),
  endAt: Field.dateTime(),
  budget: Field.number("financial")
})

/** `crm_campaign_info`. */
export const campaignInfo = DataType.model({ id: "crm_campaign_info", title: "Campaign", schema: CampaignInfo })

/** `crm_campaigns`: what marketing does; a look-up for leads and contacts. */
export const CrmCampaign = DataType.make({
  id: "crm_campaigns",
  category: "CRM",
  title: "Campaigns",
  models: { info: campaignInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ campaignId: recordId })
})
