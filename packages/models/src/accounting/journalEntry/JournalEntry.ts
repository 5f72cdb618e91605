import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { always } from "../Activity.ts"
import { customFields } from "../CustomFields.ts"
import { journalEntryInfo } from "./JournalEntryInfo.ts"
import { journalLines } from "./JournalLines.ts"

/** The app's own words behind a journal entry's enums, verbatim. */
export const JournalEntryRawValues = Schema.Struct({ status: Field.text() })

/** `accounting_journal_entries`. */
export const AccountingJournalEntry = DataType.make({
  id: "accounting_journal_entries",
  category: "ACCOUNTING",
  title: "Journal entries",
  models: {
    info: journalEntryInfo,
    lines: journalLines,
    rawValues: DataType.model({
      id: "accounting_journal_entry_rawValues",
      title: "Raw values",
      schema: JournalEntryRawValues
    }),
    customFields: customFields("accounting_journal_entry_custom_fields")
  },
  core: ["info"],
  isActive: always,
  identifiers: (journalEntryId) => ({ journalEntryId })
})
