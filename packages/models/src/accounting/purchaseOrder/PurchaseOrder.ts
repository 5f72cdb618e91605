import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"
import { Address } from "../Address.ts"
import { customFields } from "../CustomFields.ts"
import { LineItem } from "../LineItem.ts"

/** How far the order has come. */
export const PurchaseOrderStatus = [
  "DRAFT",
  "SUBMITTED",
  "AUTHORISED",
  "OPEN",
  "PARTIALLY_RECEIVED",
  "BILLED",
  "CLOSED",
  "DELETED"
] as const

/** An order to a vendor; amounts are in `currency`. */
export const PurchaseOrderInfo = Schema.Struct({
  id: Field.text(),
  number: Field.text(),
  vendorId: Field.text(),
  issueDate: Field.date(),
  deliveryDate: Field.date(),
  deliveryAddress: Field.optional(Address),
  status: Field.enumeration(PurchaseOrderStatus),
  currency: Field.text(),
  exchangeRate: Field.number(),
  subTotal: Field.number("financial"),
  totalTax: Field.number("financial"),
  totalAmount: Field.number("financial"),
  memo: Field.text("personal"),
  companyId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind a purchase order's enums, verbatim. */
export const PurchaseOrderRawValues = Schema.Struct({ status: Field.text() })

/** `accounting_purchase_orders`. Gone for receivers once the status is `DELETED`. */
export const AccountingPurchaseOrder = DataType.make({
  id: "accounting_purchase_orders",
  category: "ACCOUNTING",
  title: "Purchase orders",
  models: {
    info: DataType.model({ id: "accounting_purchase_order_info", title: "Purchase order", schema: PurchaseOrderInfo }),
    lineItems: DataType.model({
      id: "accounting_purchase_order_lineItems",
      title: "Line items",
      schema: Schema.Array(LineItem)
    }),
    rawValues: DataType.model({
      id: "accounting_purchase_order_rawValues",
      title: "Raw values",
      schema: PurchaseOrderRawValues
    }),
    customFields: customFields("accounting_purchase_order_custom_fields")
  },
  core: ["info"],
  isActive: goneWhen("status", "DELETED"),
  identifiers: (purchaseOrderId) => ({ purchaseOrderId })
})
