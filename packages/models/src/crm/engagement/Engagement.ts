import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"

/** What kind of engagement it is. */
export const EngagementType = ["CALL", "MEETING", "EMAIL", "TASK", "NOTE", "DEADLINE", "LETTER", "OTHER"] as const
/** Who began it. */
export const EngagementDirection = ["INBOUND", "OUTBOUND"] as const

/** Somebody who takes part; the id is a contact's, lead's or user's. */
export const Attendee = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  email: Field.text("personal")
})

/** An engagement, and what it is about. */
export const EngagementInfo = Schema.Struct({
  id: Field.text(),
  type: Field.enumeration(EngagementType),
  direction: Field.enumeration(EngagementDirection),
  subject: Field.text("personal"),
  content: Field.text("personal"),
  startAt: Field.dateTime(),
  endAt: Field.dateTime(),
  location: Field.text("personal"),
  outcome: Field.text("personal"),
  owner: Field.optional(UserReference),
  accountId: Field.text(),
  contactIds: Field.list(Schema.String),
  dealId: Field.text(),
  attendees: Field.list(Attendee, "personal"),
  leadId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind the mapped enums, verbatim. */
export const EngagementRawValues = Schema.Struct({ type: Field.text(), direction: Field.text() })

/** `crm_engagement_info`. */
export const engagementInfo = DataType.model({ id: "crm_engagement_info", title: "Engagement", schema: EngagementInfo })
/** `crm_engagement_rawValues`. */
export const engagementRawValues = DataType.model({
  id: "crm_engagement_rawValues",
  title: "Raw values",
  schema: EngagementRawValues
})

/** `crm_engagements`: calls, meetings, letters: what happened between us and them. */
export const CrmEngagement = DataType.make({
  id: "crm_engagements",
  category: "CRM",
  title: "Engagements",
  models: { info: engagementInfo, rawValues: engagementRawValues },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ engagementId: recordId })
})
