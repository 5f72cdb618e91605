import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Filing status on the US form W-4. */
export const FilingStatus = ["SINGLE", "MARRIED_JOINT", "MARRIED_SEPARATE", "HEAD_OF_HOUSEHOLD"] as const

/** The US form W-4 (2020 and later): how much income tax the employer withholds. Amounts are US dollars. */
export const W4 = Schema.Struct({
  filingStatus: Field.enumeration(FilingStatus, "financial"),
  multipleJobs: Field.flag("financial"),
  dependentsAmount: Field.number("financial"),
  otherIncome: Field.number("financial"),
  deductions: Field.number("financial"),
  extraWithholding: Field.number("financial"),
  exempt: Field.flag("financial"),
  effectiveDate: Field.date("financial")
})

/** `employee_w4`. */
export const w4 = DataType.model({ id: "employee_w4", title: "Form W-4", description: "The US form W-4.", schema: W4 })
