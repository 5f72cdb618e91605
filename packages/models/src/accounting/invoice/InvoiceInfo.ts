import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Who owes whom: a `BILL` is the company's to pay. */
export const InvoiceType = ["BILL", "INVOICE"] as const
/** Where the document stands. */
export const InvoiceStatus = [
  "PAID",
  "DUE",
  "VOID",
  "OVERDUE",
  "DRAFT",
  "SENT",
  "OPEN",
  "CANCELLED",
  "PARTIALLY_PAID",
  "SUBMITTED",
  "VALIDATED",
  "APPROVED",
  "ACCOUNTED"
] as const

/**
 * An invoice or a bill. The first nineteen fields are Knit's.
 *
 * Amounts are in `currency`; `exchangeRate` is how many units of the company's currency one unit of it is.
 */
export const InvoiceInfo = Schema.Struct({
  id: Field.text(),
  invoiceNumber: Field.text(),
  type: Field.enumeration(InvoiceType),
  issueDate: Field.date(),
  dueDate: Field.date(),
  paidOnDate: Field.date(),
  totalAmount: Field.number("financial"),
  remainingAmount: Field.number("financial"),
  totalDiscount: Field.number("financial"),
  totalTax: Field.number("financial"),
  contactId: Field.text(),
  companyId: Field.text(),
  linkedCompanyIds: Field.list(Schema.String, "none"),
  description: Field.text("personal"),
  currency: Field.text(),
  exchangeRate: Field.number(),
  status: Field.enumeration(InvoiceStatus),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  subTotal: Field.number("financial"),
  taxInclusive: Field.flag(),
  purchaseOrderNumber: Field.text(),
  reference: Field.text("personal"),
  paymentTermId: Field.text(),
  employeeId: Field.text(),
  accountingPeriodId: Field.text(),
  trackingCategoryIds: Field.list(Schema.String, "none"),
  sourceUrl: Field.text("personal")
})

/** `accounting_invoice_info`. */
export const invoiceInfo = DataType.model({
  id: "accounting_invoice_info",
  title: "Invoice or bill",
  schema: InvoiceInfo
})
