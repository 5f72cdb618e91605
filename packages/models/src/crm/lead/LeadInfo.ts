import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"

/** How far the lead has been worked. */
export const LeadStatus = ["OPEN", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "CLOSED"] as const
/** How promising it is. */
export const LeadRating = ["HOT", "WARM", "COLD"] as const

/** Somebody who may become a customer. Once it is converted, the ids say into what. */
export const LeadInfo = Schema.Struct({
  id: Field.text(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  company: Field.text("personal"),
  jobTitle: Field.text("personal"),
  source: Field.text(),
  status: Field.enumeration(LeadStatus),
  rating: Field.enumeration(LeadRating),
  estimatedValue: Field.number("financial"),
  currency: Field.text(),
  owner: Field.optional(UserReference),
  createdBy: Field.optional(UserReference),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  lastActivityAt: Field.dateTime(),
  convertedAt: Field.dateTime(),
  convertedContactId: Field.text(),
  convertedAccountId: Field.text(),
  convertedDealId: Field.text()
})

/** `crm_lead_info`. */
export const leadInfo = DataType.model({ id: "crm_lead_info", title: "Lead", schema: LeadInfo })
