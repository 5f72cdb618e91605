import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A department that a job is in. `id` and `name` are Knit's. */
export const JobDepartment = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  parentId: Field.text()
})

/** `job_departments`. */
export const jobDepartments = DataType.model({
  id: "job_departments",
  title: "Departments",
  schema: Schema.Array(JobDepartment)
})
