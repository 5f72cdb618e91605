import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"

/** When a document falls due, in days; `discountRate` per cent less when paid within `discountDays`. */
export const PaymentTermInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  dueDays: Field.number(),
  discountDays: Field.number(),
  discountRate: Field.number(),
  isActive: Field.flag(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_payment_terms`. Gone for receivers once `isActive` is `FALSE`. */
export const AccountingPaymentTerm = DataType.make({
  id: "accounting_payment_terms",
  category: "ACCOUNTING",
  title: "Payment terms",
  models: {
    info: DataType.model({ id: "accounting_payment_term_info", title: "Payment term", schema: PaymentTermInfo })
  },
  core: ["info"],
  isActive: goneWhen("isActive", "FALSE"),
  identifiers: (paymentTermId) => ({ paymentTermId })
})
