import { DataType } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Attachment } from "../Attachment.ts"

/** `candidate_attachments`: the candidate's files. */
export const candidateAttachments = DataType.model({
  id: "candidate_attachments",
  title: "Attachments",
  schema: Schema.Array(Attachment)
})
