import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A credit note that was set off against the document. */
export const InvoiceCredit = Schema.Struct({
  creditNoteId: Field.text(),
  amount: Field.number("financial"),
  date: Field.date("financial")
})

/** `accounting_invoice_credits`. */
export const invoiceCredits = DataType.model({
  id: "accounting_invoice_credits",
  title: "Credits",
  schema: Schema.Array(InvoiceCredit)
})
