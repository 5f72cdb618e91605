import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { User } from "../User.ts"

/** How strongly an interviewer is for hiring. */
export const Recommendation = ["STRONG_YES", "YES", "NO_DECISION", "NO", "STRONG_NO"] as const

/** One trait that was judged; `rating` is the app's own word or number. */
export const ScorecardAttribute = Schema.Struct({
  name: Field.text("personal"),
  rating: Field.text("personal"),
  note: Field.text("personal")
})

/** An interviewer's judgement; `comment` is what they wrote about the candidate as a whole. */
export const Scorecard = Schema.Struct({
  id: Field.text(),
  interviewId: Field.text(),
  interviewer: Field.optional(User),
  submittedAt: Field.dateTime(),
  overall: Field.enumeration(Recommendation, "personal"),
  attributes: Field.list(ScorecardAttribute, "personal"),
  overallRaw: Field.text("personal"),
  comment: Field.text("personal")
})

/** `application_scorecards`. */
export const applicationScorecards = DataType.model({
  id: "application_scorecards",
  title: "Scorecards",
  schema: Schema.Array(Scorecard)
})
