import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { PayFrequency, PayPeriod } from "./Pay.ts"
import { EmploymentType } from "./Profile.ts"

/** Whether US overtime law (FLSA) covers the position. */
export const FlsaStatus = ["EXEMPT", "NONEXEMPT", "SALARIED_NONEXEMPT", "OWNER"] as const

/** One position that the person holds or held. */
export const Employment = Schema.Struct({
  id: Field.text(),
  jobTitle: Field.text(),
  employmentType: Field.enumeration(EmploymentType),
  flsaStatus: Field.enumeration(FlsaStatus),
  effectiveDate: Field.date(),
  endDate: Field.date(),
  isPrimary: Field.flag(),
  payRate: Field.number("financial"),
  payPeriod: Field.enumeration(PayPeriod, "financial"),
  payFrequency: Field.enumeration(PayFrequency, "financial"),
  currency: Field.text("financial"),
  payGroupId: Field.text(),
  workLocationId: Field.text(),
  reason: Field.text("personal")
})

/** `employee_employments`: the history of positions, newest first. */
export const employments = DataType.model({
  id: "employee_employments",
  title: "Employment history",
  description: "The history of positions, newest first.",
  schema: Schema.Array(Employment)
})
