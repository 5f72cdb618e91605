import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { infoText } from "../../shared/Info.ts"

/**
 * A file in an employee's folder, not its content. `category` is the app's own word. `url` is often short-lived: fetch
 * the file when the event comes; Crochet neither fetches nor keeps it, and connectors declare it volatile.
 */
export const DocumentInfo = Schema.Struct({
  id: Field.text(),
  employeeId: Field.text(),
  category: Field.text("personal"),
  fileName: Field.text("personal"),
  contentType: Field.text(),
  createdAt: Field.dateTime(),
  url: Field.text("personal")
})

/** `hris_document_info`. */
export const documentInfo = DataType.model({
  id: "hris_document_info",
  title: "Document",
  description: "A file in an employee's folder, not its content. The link may be short-lived.",
  schema: DocumentInfo
})

/** `hris_documents`: the files that an HR system keeps about people. */
export const HrisDocuments = DataType.make({
  id: "hris_documents",
  category: "HRIS",
  title: "Documents",
  models: { info: documentInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId, record) => ({ documentId: recordId, employeeId: infoText(record, "employeeId") })
})
