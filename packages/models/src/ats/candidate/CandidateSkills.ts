import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Something that the candidate can; `level` is the app's own word. */
export const Skill = Schema.Struct({
  name: Field.text("personal"),
  level: Field.text("personal")
})

/** `candidate_skills`. */
export const candidateSkills = DataType.model({
  id: "candidate_skills",
  title: "Skills",
  schema: Schema.Array(Skill)
})
