import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { UserReference } from "../../shared/UserReference.ts"

/** How the content is written. */
export const NoteContentType = ["TEXT", "HTML"] as const

/** A note, and what it is about. */
export const NoteInfo = Schema.Struct({
  id: Field.text(),
  title: Field.text("personal"),
  content: Field.text("personal"),
  contentType: Field.enumeration(NoteContentType),
  owner: Field.optional(UserReference),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  accountId: Field.text(),
  contactIds: Field.list(Schema.String),
  dealId: Field.text(),
  leadId: Field.text()
})

/** `crm_note_info`. */
export const noteInfo = DataType.model({ id: "crm_note_info", title: "Note", schema: NoteInfo })

/** `crm_notes`: what somebody wrote down. */
export const CrmNote = DataType.make({
  id: "crm_notes",
  category: "CRM",
  title: "Notes",
  models: { info: noteInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ noteId: recordId })
})
