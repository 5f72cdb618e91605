import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A time at a school. */
export const Education = Schema.Struct({
  school: Field.text("personal"),
  degree: Field.text("personal"),
  fieldOfStudy: Field.text("personal"),
  startDate: Field.date("personal"),
  endDate: Field.date("personal"),
  grade: Field.text("personal")
})

/** `candidate_education`. */
export const candidateEducation = DataType.model({
  id: "candidate_education",
  title: "Education",
  schema: Schema.Array(Education)
})
