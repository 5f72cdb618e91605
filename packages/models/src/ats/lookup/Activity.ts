import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { User } from "../User.ts"

/** What happened. */
export const ActivityType = ["NOTE", "EMAIL", "STAGE_CHANGE", "OTHER"] as const
/** Who may see it. */
export const ActivityVisibility = ["PUBLIC", "PRIVATE", "ADMIN_ONLY"] as const

/** Something that happened to a candidate; `typeRaw` is the app's own word. */
export const Activity = Schema.Struct({
  id: Field.text(),
  candidateId: Field.text(),
  applicationId: Field.text(),
  type: Field.enumeration(ActivityType),
  subject: Field.text("personal"),
  body: Field.text("personal"),
  visibility: Field.enumeration(ActivityVisibility),
  author: Field.optional(User),
  createdAt: Field.dateTime(),
  typeRaw: Field.text()
})

/** `activity_info`. */
export const activityInfo = DataType.model({
  id: "activity_info",
  title: "Activity",
  schema: Activity
})

/** `ats_activities`: notes, e-mails and moves between stages. */
export const AtsActivities = DataType.make({
  id: "ats_activities",
  category: "ATS",
  title: "Activities",
  models: { info: activityInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ activityId: recordId })
})
