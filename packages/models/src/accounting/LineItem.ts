import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What a line is. */
export const LineItemType = ["ITEM", "DISCOUNT", "SUBTOTAL", "TEXT", "TAX"] as const

/**
 * A line of an invoice, bill, credit note, expense or purchase order. The first ten fields are Knit's.
 *
 * `amount` is the line's total in the document's currency, `discountRate` a percentage. `trackingCategoryIds` join to
 * `accounting_tracking_categories`, `customerId` (whom a billable cost goes to) to `accounting_contacts`.
 */
export const LineItem = Schema.Struct({
  lineItemId: Field.text(),
  itemId: Field.text(),
  itemCode: Field.text(),
  itemName: Field.text(),
  quantity: Field.number("financial"),
  unitRate: Field.number("financial"),
  discountRate: Field.number("financial"),
  accountId: Field.text(),
  amount: Field.number("financial"),
  description: Field.text("personal"),
  lineNumber: Field.number(),
  unitOfMeasure: Field.text(),
  discountAmount: Field.number("financial"),
  taxAmount: Field.number("financial"),
  taxRateId: Field.text(),
  projectId: Field.text(),
  employeeId: Field.text(),
  trackingCategoryIds: Field.list(Schema.String, "none"),
  departmentId: Field.text(),
  locationId: Field.text(),
  isBillable: Field.flag(),
  customerId: Field.text(),
  type: Field.enumeration(LineItemType)
})
