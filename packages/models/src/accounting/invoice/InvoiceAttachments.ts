import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A file that hangs on the document. `url` may live only for minutes. */
export const InvoiceAttachment = Schema.Struct({
  id: Field.text(),
  fileName: Field.text("personal"),
  contentType: Field.text(),
  url: Field.text("personal"),
  createdAt: Field.dateTime()
})

/** `accounting_invoice_attachments`. */
export const invoiceAttachments = DataType.model({
  id: "accounting_invoice_attachments",
  title: "Attachments",
  schema: Schema.Array(InvoiceAttachment)
})
