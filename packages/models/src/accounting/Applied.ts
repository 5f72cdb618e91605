import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What money or a credit can be applied to. */
export const AppliedToType = ["INVOICE", "BILL", "CREDIT_NOTE", "JOURNAL_ENTRY"] as const

/** A document that a payment or credit was applied to, and how much of it. */
export const AppliedTo = Schema.Struct({
  type: Field.enumeration(AppliedToType),
  id: Field.text(),
  amount: Field.number("financial"),
  date: Field.date()
})
