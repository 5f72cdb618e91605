import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { PaymentMode, PaymentModeDetail } from "../PaymentMode.ts"
import { InvoiceType } from "./InvoiceInfo.ts"

/** A payment on the document. The first seven fields are Knit's; `amount` is what of it went to this document. */
export const InvoicePayment = Schema.Struct({
  id: Field.text(),
  date: Field.date("financial"),
  amount: Field.number("financial"),
  mode: Field.enumeration(PaymentMode),
  referenceNumber: Field.text("financial"),
  invoiceId: Field.text(),
  paymentLinkedTo: Field.enumeration(InvoiceType),
  modeDetail: Field.enumeration(PaymentModeDetail)
})

/** `accounting_invoice_payments`. */
export const invoicePayments = DataType.model({
  id: "accounting_invoice_payments",
  title: "Payments",
  schema: Schema.Array(InvoicePayment)
})
