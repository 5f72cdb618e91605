import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** How far a posting has come. */
export const JobPostStatus = ["PUBLISHED", "INTERNAL", "DRAFT", "PENDING", "CLOSED"] as const

/** An advertisement of a job. */
export const JobPost = Schema.Struct({
  id: Field.text(),
  title: Field.text(),
  descriptionHtml: Field.text(),
  url: Field.text(),
  location: Field.text(),
  status: Field.enumeration(JobPostStatus),
  isInternal: Field.flag(),
  publishedAt: Field.dateTime()
})

/** `job_posts`. */
export const jobPosts = DataType.model({
  id: "job_posts",
  title: "Postings",
  schema: Schema.Array(JobPost)
})
