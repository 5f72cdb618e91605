import { DataType } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Attachment } from "../Attachment.ts"

/** `application_attachments`: files that came with the application. */
export const applicationAttachments = DataType.model({
  id: "application_attachments",
  title: "Attachments",
  schema: Schema.Array(Attachment)
})
