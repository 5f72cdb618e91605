import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Whose credit it is: given to a customer, or got from a vendor. */
export const CreditNoteType = ["CUSTOMER", "VENDOR"] as const
/** How far the credit has come. */
export const CreditNoteStatus = ["DRAFT", "SUBMITTED", "AUTHORISED", "PARTIALLY_APPLIED", "APPLIED", "VOID"] as const

/** A credit note or vendor credit; amounts are in `currency`, `remainingCredit` is what was not applied yet. */
export const CreditNoteInfo = Schema.Struct({
  id: Field.text(),
  number: Field.text(),
  type: Field.enumeration(CreditNoteType),
  contactId: Field.text(),
  issueDate: Field.date(),
  status: Field.enumeration(CreditNoteStatus),
  currency: Field.text(),
  exchangeRate: Field.number(),
  subTotal: Field.number("financial"),
  totalTax: Field.number("financial"),
  totalAmount: Field.number("financial"),
  remainingCredit: Field.number("financial"),
  companyId: Field.text(),
  description: Field.text("personal"),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_credit_note_info`. */
export const creditNoteInfo = DataType.model({
  id: "accounting_credit_note_info",
  title: "Credit note",
  schema: CreditNoteInfo
})
