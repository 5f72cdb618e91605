import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What a job asks of its candidates. Knit names the model and not its fields. */
export const JobRequirements = Schema.Struct({
  text: Field.text(),
  html: Field.text(),
  education: Field.text(),
  experience: Field.text(),
  skills: Field.list(Schema.String)
})

/** `job_requirements`. */
export const jobRequirements = DataType.model({
  id: "job_requirements",
  title: "Requirements",
  schema: JobRequirements
})
