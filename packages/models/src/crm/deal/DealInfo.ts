import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"

/** How the deal stands. */
export const DealStatus = ["OPEN", "WON", "LOST"] as const

/**
 * The deal. The first ten fields are Knit's, in Knit's order. Amounts are in `currency`; `winProbability` goes from 0 to
 * 100; `type` and `priority` are the app's own words.
 */
export const DealInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  description: Field.text("personal"),
  amount: Field.number("financial"),
  currency: Field.text(),
  owner: Field.optional(UserReference),
  createdBy: Field.optional(UserReference),
  status: Field.enumeration(DealStatus),
  createdAt: Field.dateTime(),
  lastActivityAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  expectedCloseDate: Field.date(),
  closedAt: Field.dateTime(),
  winProbability: Field.number(),
  expectedRevenue: Field.number("financial"),
  type: Field.text(),
  source: Field.text(),
  lostReason: Field.text("personal"),
  wonReason: Field.text("personal"),
  priority: Field.text()
})

/** `crm_deal_info`. */
export const dealInfo = DataType.model({ id: "crm_deal_info", title: "Deal", schema: DealInfo })
