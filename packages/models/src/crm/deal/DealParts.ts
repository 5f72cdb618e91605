import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { CustomFields } from "../shared/CustomFields.ts"
import { Ids } from "../shared/Ids.ts"

/** Where in its pipeline the deal is. The first four fields are Knit's. */
export const DealStage = Schema.Struct({
  stageId: Field.text(),
  stageName: Field.text(),
  pipelineId: Field.text(),
  pipelineName: Field.text(),
  enteredAt: Field.dateTime(),
  index: Field.number()
})

/** What is sold; `discount` is an amount as the app has it, not always of one kind. */
export const DealProduct = Schema.Struct({
  productId: Field.text(),
  name: Field.text(),
  quantity: Field.number(),
  unitPrice: Field.number("financial"),
  discount: Field.number("financial"),
  total: Field.number("financial")
})

/** The app's own words behind the mapped enums, verbatim. */
export const DealRawValues = Schema.Struct({ status: Field.text() })

/** `crm_deal_stage`. */
export const dealStage = DataType.model({ id: "crm_deal_stage", title: "Stage", schema: DealStage })
/** `crm_deal_accounts`: ids of the accounts that the deal is with. */
export const dealAccounts = DataType.model({
  id: "crm_deal_accounts",
  title: "Accounts",
  schema: Ids
})
/** `crm_deal_contacts`: ids of the contacts that the deal is with. */
export const dealContacts = DataType.model({
  id: "crm_deal_contacts",
  title: "Contacts",
  schema: Ids
})
/** `crm_deal_custom_fields`. */
export const dealCustomFields = DataType.model({
  id: "crm_deal_custom_fields",
  title: "Custom fields",
  schema: CustomFields
})
/** `crm_deal_products`. */
export const dealProducts = DataType.model({
  id: "crm_deal_products",
  title: "Products",
  schema: Schema.Array(DealProduct)
})
/** `crm_deal_rawValues`. */
export const dealRawValues = DataType.model({ id: "crm_deal_rawValues", title: "Raw values", schema: DealRawValues })
