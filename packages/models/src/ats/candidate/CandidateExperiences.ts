import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A job that the candidate has or had. */
export const Experience = Schema.Struct({
  company: Field.text("personal"),
  title: Field.text("personal"),
  startDate: Field.date("personal"),
  endDate: Field.date("personal"),
  isCurrent: Field.flag("personal"),
  location: Field.text("personal"),
  description: Field.text("personal")
})

/** `candidate_experiences`. */
export const candidateExperiences = DataType.model({
  id: "candidate_experiences",
  title: "Experiences",
  schema: Schema.Array(Experience)
})
