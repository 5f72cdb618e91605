import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Place } from "../Place.ts"

/** An office that a job is at. `location` is the one-line form, `address` the parts. */
export const JobOffice = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  location: Field.text(),
  address: Field.optional(Place)
})

/** `job_offices`. */
export const jobOffices = DataType.model({
  id: "job_offices",
  title: "Offices",
  schema: Schema.Array(JobOffice)
})
