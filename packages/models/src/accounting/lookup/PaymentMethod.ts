import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"

/** A way of paying that the books know; `type` is the app's own word. */
export const PaymentMethodInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  type: Field.text(),
  isActive: Field.flag(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_payment_methods`. Gone for receivers once `isActive` is `FALSE`. */
export const AccountingPaymentMethod = DataType.make({
  id: "accounting_payment_methods",
  category: "ACCOUNTING",
  title: "Payment methods",
  models: {
    info: DataType.model({ id: "accounting_payment_method_info", title: "Payment method", schema: PaymentMethodInfo })
  },
  core: ["info"],
  isActive: goneWhen("isActive", "FALSE"),
  identifiers: (paymentMethodId) => ({ paymentMethodId })
})
