import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The kind of account. */
export const BankAccountType = ["SAVINGS", "CURRENT", "CHECKING"] as const
/** What a routing number is. */
export const RoutingType = [
  "ROUTING_NUMBER",
  "IBAN",
  "SWIFT_CODE",
  "IFSC_CODE",
  "BANK_IDENTIFICATION_CODE",
  "BRANCH_CODE"
] as const
/** What `RoutingType` cannot say. */
export const RoutingTypeDetail = ["SORT_CODE", "BSB", "BANKLEITZAHL", "CLABE", "TRANSIT_NUMBER", "RIB"] as const
/** Which payments go to the account. */
export const PayType = ["ALL", "REGULAR", "EXPENSE", "BONUS"] as const

/** One of the numbers that lead to the bank. */
export const RoutingInfo = Schema.Struct({
  type: Field.enumeration(RoutingType, "financial"),
  number: Field.text("financial"),
  typeDetail: Field.enumeration(RoutingTypeDetail, "financial")
})

/** An account that the employee is paid to. The first five fields are Knit's. */
export const BankAccount = Schema.Struct({
  accountNumber: Field.text("financial"),
  accountType: Field.enumeration(BankAccountType, "financial"),
  bankName: Field.text("financial"),
  routingInfo: Field.list(RoutingInfo, "financial"),
  payTypes: Field.list(Field.oneOf(PayType), "financial"),
  id: Field.text(),
  holderName: Field.text("financial"),
  currency: Field.text("financial"),
  country: Field.text("financial"),
  percentage: Field.number("financial"),
  amount: Field.number("financial"),
  isPrimary: Field.flag("financial")
})

/** `employee_bankAccount`. */
export const bankAccounts = DataType.model({
  id: "employee_bankAccount",
  title: "Bank accounts",
  description: "The accounts that the pay goes to.",
  schema: Schema.Array(BankAccount)
})
