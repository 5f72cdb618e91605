import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { AppliedTo } from "../Applied.ts"

/** A part of a payment, and what it was applied to. */
export const PaymentLineItem = Schema.Struct({
  lineItemId: Field.text(),
  amount: Field.number("financial"),
  description: Field.text("personal"),
  appliedTo: Field.list(AppliedTo, "financial")
})

/** `accounting_payment_lineItems`. */
export const paymentLineItems = DataType.model({
  id: "accounting_payment_lineItems",
  title: "Line items",
  schema: Schema.Array(PaymentLineItem)
})
