import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** More about a job than `job_info` tells. Knit names the model and not its fields. */
export const JobInfoEnhanced = Schema.Struct({
  fullDescriptionHtml: Field.text(),
  benefitsHtml: Field.text(),
  industry: Field.text(),
  function: Field.text(),
  keywords: Field.list(Schema.String)
})

/** `job_info_enhanced`. */
export const jobInfoEnhanced = DataType.model({
  id: "job_info_enhanced",
  title: "More about the job",
  schema: JobInfoEnhanced
})
