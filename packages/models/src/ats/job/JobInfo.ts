import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Whether a job takes applications. */
export const JobStatus = ["OPEN", "CLOSED", "DRAFT", "ARCHIVED"] as const
/** The kind of employment that a job offers. */
export const JobEmploymentType = [
  "FULL_TIME",
  "PART_TIME",
  "CONTRACT",
  "TEMPORARY",
  "SEASONAL",
  "INTERNSHIP",
  "FREELANCE",
  "VOLUNTEER",
  "OTHER"
] as const
/** Where the work is done. */
export const WorkplaceType = ["ON_SITE", "REMOTE", "HYBRID"] as const
/** Who may see the job. */
export const JobVisibility = ["PUBLIC", "INTERNAL", "UNLISTED", "CONFIDENTIAL"] as const

/**
 * A job. The first ten fields are Knit's, in Knit's order.
 *
 * `description` is text or HTML as the app has it; `weeklyHours` is contractual.
 */
export const JobInfo = Schema.Struct({
  id: Field.text(),
  title: Field.text(),
  description: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  closedAt: Field.dateTime(),
  status: Field.enumeration(JobStatus),
  confidential: Field.flag(),
  infoUrl: Field.text(),
  applyUrl: Field.text(),
  code: Field.text(),
  requisitionId: Field.text(),
  openings: Field.number(),
  openedAt: Field.dateTime(),
  publishedAt: Field.dateTime(),
  employmentType: Field.enumeration(JobEmploymentType),
  workplaceType: Field.enumeration(WorkplaceType),
  visibility: Field.enumeration(JobVisibility),
  experienceLevel: Field.text(),
  category: Field.text(),
  weeklyHours: Field.number()
})

/** `job_info`. */
export const jobInfo = DataType.model({
  id: "job_info",
  title: "Job",
  schema: JobInfo
})
