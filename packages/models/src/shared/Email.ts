import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Whose mailbox it is. */
export const EmailType = ["WORK", "PERSONAL", "OTHER"] as const

/** An e-mail address with its type. */
export const Email = Schema.Struct({
  type: Field.enumeration(EmailType),
  email: Field.text("personal"),
  isPrimary: Field.flag()
})
