import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { SalaryPeriod } from "../SalaryPeriod.ts"

/** The pay that a job offers, in major units of `currency` (ISO 4217). */
export const JobCompensation = Schema.Struct({
  min: Field.number("financial"),
  max: Field.number("financial"),
  currency: Field.text("financial"),
  period: Field.enumeration(SalaryPeriod, "financial"),
  note: Field.text("financial")
})

/** `job_compensation`. */
export const jobCompensation = DataType.model({
  id: "job_compensation",
  title: "Compensation",
  schema: JobCompensation
})
