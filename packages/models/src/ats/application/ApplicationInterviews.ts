import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { User } from "../User.ts"

/** How an interview stands. */
export const InterviewStatus = ["SCHEDULED", "AWAITING_FEEDBACK", "COMPLETED", "CANCELLED", "NO_SHOW"] as const

/** A meeting with the candidate. The first five fields and the interviewers are Knit's. */
export const Interview = Schema.Struct({
  id: Field.text(),
  subject: Field.text("personal"),
  scheduledStart: Field.dateTime("personal"),
  scheduledEnd: Field.dateTime("personal"),
  status: Field.enumeration(InterviewStatus),
  interviewers: Field.list(User),
  stageId: Field.text(),
  organizer: Field.optional(User),
  location: Field.text("personal"),
  videoUrl: Field.text("personal"),
  type: Field.text()
})

/** `application_interviews`. */
export const applicationInterviews = DataType.model({
  id: "application_interviews",
  title: "Interviews",
  schema: Schema.Array(Interview)
})
