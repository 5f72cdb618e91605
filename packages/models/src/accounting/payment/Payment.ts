import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { always } from "../Activity.ts"
import { customFields } from "../CustomFields.ts"
import { paymentInfo } from "./PaymentInfo.ts"
import { paymentLineItems } from "./PaymentLineItems.ts"

/** The app's own words behind a payment's enums, verbatim. */
export const PaymentRawValues = Schema.Struct({ status: Field.text(), paymentMode: Field.text() })

/** `accounting_payments`: money received from customers and sent to vendors. */
export const AccountingPayment = DataType.make({
  id: "accounting_payments",
  category: "ACCOUNTING",
  title: "Payments",
  models: {
    info: paymentInfo,
    lineItems: paymentLineItems,
    rawValues: DataType.model({ id: "accounting_payment_rawValues", title: "Raw values", schema: PaymentRawValues }),
    customFields: customFields("accounting_payment_custom_fields")
  },
  core: ["info"],
  isActive: always,
  identifiers: (paymentId) => ({ paymentId })
})
