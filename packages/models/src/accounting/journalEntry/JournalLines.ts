import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The side of the account that a line is posted to. */
export const JournalSide = ["DEBIT", "CREDIT"] as const

/** A line of a journal entry; `amount` is not signed, `side` says where it belongs. */
export const JournalLine = Schema.Struct({
  id: Field.text(),
  lineNumber: Field.number(),
  accountId: Field.text(),
  side: Field.enumeration(JournalSide),
  amount: Field.number("financial"),
  description: Field.text("personal"),
  contactId: Field.text(),
  taxRateId: Field.text(),
  projectId: Field.text(),
  trackingCategoryIds: Field.list(Schema.String, "none"),
  sideRaw: Field.text()
})

/** `accounting_journal_entry_lines`. */
export const journalLines = DataType.model({
  id: "accounting_journal_entry_lines",
  title: "Lines",
  schema: Schema.Array(JournalLine)
})
