import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { infoText } from "../../shared/Info.ts"
import { BenefitType } from "../employee/Deductions.ts"

/** How the pay reaches the person. */
export const PaymentMethod = ["DIRECT_DEPOSIT", "CHECK", "OTHER"] as const
/** What is paid for. */
export const EarningType = [
  "SALARY",
  "WAGE",
  "OVERTIME",
  "DOUBLE_OVERTIME",
  "BONUS",
  "COMMISSION",
  "TIPS",
  "PTO",
  "SICK",
  "SEVERANCE",
  "REIMBURSEMENT",
  "OTHER"
] as const
/** Who levies the tax. */
export const PayrollTaxType = ["FEDERAL", "STATE", "LOCAL", "FICA", "SOCIAL", "OTHER"] as const

/** What one person is paid by one payroll run. Amounts are in major units of `currency` (ISO 4217). */
export const StatementInfo = Schema.Struct({
  id: Field.text(),
  runId: Field.text(),
  employeeId: Field.text(),
  grossPay: Field.number("financial"),
  netPay: Field.number("financial"),
  currency: Field.text("financial"),
  totalHours: Field.number("personal"),
  paymentMethod: Field.enumeration(PaymentMethod, "financial")
})

/** A part of the gross pay. It can tell of an illness. */
export const Earning = Schema.Struct({
  name: Field.text("special"),
  type: Field.enumeration(EarningType, "special"),
  amount: Field.number("financial"),
  hours: Field.number("personal")
})

/** What is taken from the pay for a benefit, and what the employer adds. */
export const StatementDeduction = Schema.Struct({
  name: Field.text("financial"),
  benefitType: Field.enumeration(BenefitType, "financial"),
  employeeAmount: Field.number("financial"),
  employerAmount: Field.number("financial"),
  preTax: Field.flag("financial")
})

/** A tax on the pay; `employer` says who bears it. */
export const StatementTax = Schema.Struct({
  name: Field.text("financial"),
  type: Field.enumeration(PayrollTaxType, "financial"),
  amount: Field.number("financial"),
  employer: Field.flag("financial")
})

/** The app's own words behind the statement's enums, verbatim. */
export const StatementRawValues = Schema.Struct({ paymentMethod: Field.text("financial") })

const part = <A, I>(name: string, title: string, description: string, schema: Schema.Codec<A, I>) =>
  DataType.model({ id: `payroll_statement_${name}`, title, description, schema })

/** `payroll_statements`: pay slips. One that the app still has is never gone. */
export const PayrollStatements = DataType.make({
  id: "payroll_statements",
  category: "HRIS",
  title: "Payroll statements",
  models: {
    info: part("info", "Statement", "What one person is paid by one payroll run.", StatementInfo),
    earnings: part("earnings", "Earnings", "The parts of the gross pay.", Schema.Array(Earning)),
    deductions: part(
      "deductions",
      "Deductions",
      "What is taken for benefits, and what the employer adds.",
      Schema.Array(StatementDeduction)
    ),
    taxes: part("taxes", "Taxes", "The taxes on the pay.", Schema.Array(StatementTax)),
    rawValues: part("rawValues", "Raw values", "The app's own words behind the enums.", StatementRawValues)
  },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId, record) => ({
    statementId: recordId,
    employeeId: infoText(record, "employeeId"),
    runId: infoText(record, "runId")
  })
})
