import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { PaymentMode, PaymentModeDetail } from "../PaymentMode.ts"

/** How the payment went. */
export const PaymentStatus = ["SUCCESS", "FAILURE", "PENDING"] as const
/** Which way the money went, seen from the company. */
export const PaymentDirection = ["RECEIVED", "SENT"] as const

/**
 * Money that was received or sent. The first thirteen fields are Knit's.
 *
 * `dateTime` is midnight UTC of the day where the app knows only the day. Credited and debited are meant as in
 * bookkeeping: money received debits the bank account and credits the receivables. `accountId` is the account that the
 * money lies in.
 */
export const PaymentInfo = Schema.Struct({
  id: Field.text(),
  dateTime: Field.dateTime(),
  status: Field.enumeration(PaymentStatus),
  paymentMode: Field.enumeration(PaymentMode),
  referenceNumber: Field.text("financial"),
  creditedAccountId: Field.text(),
  debitedAccountId: Field.text(),
  contactId: Field.text(),
  companyId: Field.text(),
  amount: Field.number("financial"),
  exchangeRate: Field.number(),
  currency: Field.text(),
  description: Field.text("personal"),
  direction: Field.enumeration(PaymentDirection),
  paymentModeDetail: Field.enumeration(PaymentModeDetail),
  paymentMethodId: Field.text(),
  reconciled: Field.flag(),
  accountId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_payment_info`. */
export const paymentInfo = DataType.model({ id: "accounting_payment_info", title: "Payment", schema: PaymentInfo })
