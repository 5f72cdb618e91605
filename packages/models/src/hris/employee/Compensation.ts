import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { PayFrequency, PayPeriod } from "./Pay.ts"

/** Types of pay that is agreed on. */
export const FixedPayType = ["SALARY", "HOURLY_WAGE", "ALLOWANCE", "STIPEND", "OTHER"] as const
/** Types of pay that depends on something. */
export const VariablePayType = ["BONUS", "COMMISSION", "OVERTIME", "TIPS", "OTHER"] as const
/** Types of a share in the company. */
export const StockOptionType = ["ISO", "NSO", "RSU", "ESPP", "OTHER"] as const

const pay = <const T extends string>(types: ReadonlyArray<T>) =>
  Schema.Struct({
    id: Field.text(),
    planId: Field.text(),
    planName: Field.text("financial"),
    type: Field.enumeration(types, "financial"),
    amount: Field.number("financial"),
    percentage: Field.number("financial"),
    currency: Field.text("financial"),
    payPeriod: Field.enumeration(PayPeriod, "financial"),
    payFrequency: Field.enumeration(PayFrequency, "financial"),
    startDate: Field.date("financial"),
    endDate: Field.date("financial"),
    isCurrent: Field.flag("financial"),
    note: Field.text("financial")
  })

/** Pay that is agreed on; `amount` is for one `payPeriod`. */
export const FixedPay = pay(FixedPayType)
/** Pay that depends on something; `amount` or `percentage` of the fixed pay. */
export const VariablePay = pay(VariablePayType)
/** A grant of stock or options; `strikePrice` is per share. */
export const StockGrant = Schema.Struct({
  id: Field.text(),
  planId: Field.text(),
  planName: Field.text("financial"),
  optionType: Field.enumeration(StockOptionType, "financial"),
  quantity: Field.number("financial"),
  vestingStart: Field.date("financial"),
  vestingEnd: Field.date("financial"),
  strikePrice: Field.number("financial"),
  currency: Field.text("financial")
})

/** What the person earns. Amounts are in major units (65000 is sixty-five thousand), currencies ISO 4217. */
export const Compensation = Schema.Struct({
  fixed: Field.list(FixedPay, "financial"),
  variable: Field.list(VariablePay, "financial"),
  stock: Field.list(StockGrant, "financial")
})

/** `employee_compensation`. */
export const compensation = DataType.model({
  id: "employee_compensation",
  title: "Compensation",
  description: "What the person earns: fixed, variable, stock.",
  schema: Compensation
})
