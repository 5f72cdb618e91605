import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What a file is. */
export const AttachmentType = ["RESUME", "COVER_LETTER", "OFFER_LETTER", "PORTFOLIO", "OTHER"] as const

/** A file of a candidate or an application. `link` is often signed and short-lived; `type`, `name`, `link` are Knit's. */
export const Attachment = Schema.Struct({
  type: Field.enumeration(AttachmentType),
  name: Field.text("personal"),
  link: Field.text("personal"),
  id: Field.text(),
  createdAt: Field.dateTime()
})
