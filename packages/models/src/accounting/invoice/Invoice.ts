import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { always } from "../Activity.ts"
import { Address } from "../Address.ts"
import { customFields } from "../CustomFields.ts"
import { LineItem } from "../LineItem.ts"
import { invoiceAttachments } from "./InvoiceAttachments.ts"
import { invoiceCredits } from "./InvoiceCredits.ts"
import { invoiceInfo } from "./InvoiceInfo.ts"
import { invoicePayments } from "./InvoicePayments.ts"

/** The app's own words behind an invoice's enums, verbatim. */
export const InvoiceRawValues = Schema.Struct({ type: Field.text(), status: Field.text(), taxInclusive: Field.text() })

/** `accounting_invoices`: invoices and bills. Only what the app deletes is gone; a void one stays, as `VOID`. */
export const AccountingInvoice = DataType.make({
  id: "accounting_invoices",
  category: "ACCOUNTING",
  title: "Invoices and bills",
  models: {
    info: invoiceInfo,
    lineItems: DataType.model({
      id: "accounting_invoice_lineItems",
      title: "Line items",
      schema: Schema.Array(LineItem)
    }),
    addresses: DataType.model({
      id: "accounting_invoice_addresses",
      title: "Addresses",
      schema: Schema.Array(Address)
    }),
    payments: invoicePayments,
    credits: invoiceCredits,
    attachments: invoiceAttachments,
    rawValues: DataType.model({ id: "accounting_invoice_rawValues", title: "Raw values", schema: InvoiceRawValues }),
    customFields: customFields("accounting_invoice_custom_fields")
  },
  core: ["info"],
  isActive: always,
  identifiers: (invoiceId) => ({ invoiceId })
})
