import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/**
 * The app's own words behind the mapped enums, verbatim: with them a receiver tells "the app says nothing" (null) from
 * "the app says something that has no counterpart". The first four fields are Knit's.
 */
export const RawValues = Schema.Struct({
  employmentStatus: Field.text(),
  employmentType: Field.text(),
  maritalStatus: Field.text("personal"),
  gender: Field.text("special"),
  workerType: Field.text(),
  flsaStatus: Field.text(),
  workLocationType: Field.text(),
  payPeriod: Field.text("financial"),
  payFrequency: Field.text("financial")
})

/** `employee_rawValues`. */
export const rawValues = DataType.model({
  id: "employee_rawValues",
  title: "Raw values",
  description: "The app's own words behind the enums.",
  schema: RawValues
})
