import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** How far the entry has come. */
export const JournalEntryStatus = ["DRAFT", "PENDING_APPROVAL", "POSTED", "VOIDED"] as const

/** An entry of the journal. `sourceType` and `sourceId` name the document that it was made from, if it was. */
export const JournalEntryInfo = Schema.Struct({
  id: Field.text(),
  number: Field.text(),
  date: Field.date(),
  memo: Field.text("personal"),
  currency: Field.text(),
  exchangeRate: Field.number(),
  status: Field.enumeration(JournalEntryStatus),
  companyId: Field.text(),
  periodId: Field.text(),
  sourceType: Field.text(),
  sourceId: Field.text(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_journal_entry_info`. */
export const journalEntryInfo = DataType.model({
  id: "accounting_journal_entry_info",
  title: "Journal entry",
  schema: JournalEntryInfo
})
