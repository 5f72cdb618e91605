import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** How far a payroll run has come. */
export const PayrollRunStatus = ["DRAFT", "APPROVED", "PAID", "FAILED", "CLOSED"] as const
/** Why a payroll is run. */
export const PayrollRunType = ["REGULAR", "OFF_CYCLE", "CORRECTION", "TERMINATION", "SIGN_ON_BONUS"] as const

/** What the run comes to, over all its statements. */
export const PayrollTotals = Schema.Struct({
  gross: Field.number("financial"),
  net: Field.number("financial"),
  employerTaxes: Field.number("financial"),
  employeeTaxes: Field.number("financial"),
  employerCost: Field.number("financial")
})

/**
 * One run of a payroll: a period, the day on which people are paid for it, and what it comes to. Amounts are in major
 * units of `currency` (ISO 4217); null where a run has several.
 */
export const PayrollRunInfo = Schema.Struct({
  id: Field.text(),
  status: Field.enumeration(PayrollRunStatus),
  type: Field.enumeration(PayrollRunType),
  periodStart: Field.date(),
  periodEnd: Field.date(),
  payDate: Field.date(),
  payGroupIds: Field.list(Schema.String),
  currency: Field.text(),
  totals: Field.optional(PayrollTotals, "financial")
})

/** The app's own words behind the run's enums, verbatim. */
export const PayrollRunRawValues = Schema.Struct({ status: Field.text(), type: Field.text() })

/** `payroll_run_info`. */
export const payrollRunInfo = DataType.model({
  id: "payroll_run_info",
  title: "Payroll run",
  description: "One run of a payroll and what it comes to.",
  schema: PayrollRunInfo
})

/** `payroll_run_rawValues`. */
export const payrollRunRawValues = DataType.model({
  id: "payroll_run_rawValues",
  title: "Raw values",
  description: "The app's own words behind the enums.",
  schema: PayrollRunRawValues
})

/** `payroll_runs`. A run stays whatever becomes of it: only one that the app no longer has is gone. */
export const PayrollRuns = DataType.make({
  id: "payroll_runs",
  category: "HRIS",
  title: "Payroll runs",
  models: { info: payrollRunInfo, rawValues: payrollRunRawValues },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ runId: recordId })
})
