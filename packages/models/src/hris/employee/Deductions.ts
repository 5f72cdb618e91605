import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What a deduction is for. */
export const BenefitType = [
  "RETIREMENT_401K",
  "RETIREMENT_401K_ROTH",
  "RETIREMENT_403B",
  "RETIREMENT_457",
  "SIMPLE_IRA",
  "PENSION",
  "LOAN_401K",
  "HSA",
  "FSA_MEDICAL",
  "FSA_DEPENDENT_CARE",
  "COMMUTER",
  "MEDICAL",
  "DENTAL",
  "VISION",
  "LIFE",
  "DISABILITY",
  "CUSTOM_PRE_TAX",
  "CUSTOM_POST_TAX",
  "OTHER"
] as const
/** How often it is deducted. */
export const DeductionFrequency = ["EVERY_PAYCHECK", "MONTHLY", "ONE_TIME"] as const

/** Something that is taken from the pay, and what the employer adds. */
export const Deduction = Schema.Struct({
  id: Field.text(),
  name: Field.text("financial"),
  code: Field.text("financial"),
  benefitType: Field.enumeration(BenefitType, "financial"),
  employeeAmount: Field.number("financial"),
  employeePercentage: Field.number("financial"),
  employerAmount: Field.number("financial"),
  employerPercentage: Field.number("financial"),
  currency: Field.text("financial"),
  preTax: Field.flag("financial"),
  frequency: Field.enumeration(DeductionFrequency, "financial"),
  startDate: Field.date("financial"),
  endDate: Field.date("financial"),
  annualMax: Field.number("financial")
})

/** `employee_deductions`. */
export const deductions = DataType.model({
  id: "employee_deductions",
  title: "Deductions",
  description: "What is taken from the pay, and what the employer adds.",
  schema: Schema.Array(Deduction)
})
