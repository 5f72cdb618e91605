import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The app's own words behind the mapped enums of a job, verbatim. */
export const JobRawValues = Schema.Struct({
  status: Field.text(),
  employmentType: Field.text(),
  workplaceType: Field.text(),
  visibility: Field.text()
})

/** `job_rawValues`. */
export const jobRawValues = DataType.model({
  id: "job_rawValues",
  title: "Raw values",
  schema: JobRawValues
})
