import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { User } from "../User.ts"

/** Who ended the application. */
export const RejectionCategory = ["BY_COMPANY", "BY_CANDIDATE"] as const

/** Why and when the application ended without a hire; null while it has not. The first three fields are Knit's. */
export const Rejection = Schema.Struct({
  id: Field.text(),
  text: Field.text("personal"),
  rejectedAt: Field.dateTime("personal"),
  rejectedBy: Field.optional(User),
  category: Field.enumeration(RejectionCategory)
})

/** `application_rejection`. */
export const applicationRejection = DataType.model({
  id: "application_rejection",
  title: "Rejection",
  schema: Rejection
})
