import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { always } from "../Activity.ts"
import { AppliedTo } from "../Applied.ts"
import { customFields } from "../CustomFields.ts"
import { LineItem } from "../LineItem.ts"
import { creditNoteInfo } from "./CreditNoteInfo.ts"

/** The app's own words behind a credit note's enums, verbatim. */
export const CreditNoteRawValues = Schema.Struct({ type: Field.text(), status: Field.text() })

/** `accounting_credit_notes`: credits to customers and from vendors. */
export const AccountingCreditNote = DataType.make({
  id: "accounting_credit_notes",
  category: "ACCOUNTING",
  title: "Credit notes",
  models: {
    info: creditNoteInfo,
    lineItems: DataType.model({
      id: "accounting_credit_note_lineItems",
      title: "Line items",
      schema: Schema.Array(LineItem)
    }),
    appliedTo: DataType.model({
      id: "accounting_credit_note_appliedTo",
      title: "Applied to",
      schema: Schema.Array(AppliedTo)
    }),
    rawValues: DataType.model({
      id: "accounting_credit_note_rawValues",
      title: "Raw values",
      schema: CreditNoteRawValues
    }),
    customFields: customFields("accounting_credit_note_custom_fields")
  },
  core: ["info"],
  isActive: always,
  identifiers: (creditNoteId) => ({ creditNoteId })
})
