import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What a stage is for, whatever its name. */
export const StageCategory = [
  "APPLIED",
  "SCREEN",
  "INTERVIEW",
  "ASSESSMENT",
  "OFFER",
  "HIRED",
  "REJECTED",
  "OTHER"
] as const

/** A step of a job's pipeline. `id` and `text` are Knit's; `index` counts from 0 in the pipeline's order. */
export const JobStage = Schema.Struct({
  id: Field.text(),
  text: Field.text(),
  index: Field.number(),
  isActive: Field.flag(),
  category: Field.enumeration(StageCategory),
  categoryRaw: Field.text()
})

/** `job_stages`. */
export const jobStages = DataType.model({
  id: "job_stages",
  title: "Stages",
  schema: Schema.Array(JobStage)
})
