import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Indian identity documents, under the names (and the spelling) that Knit gave them. */
export const KycDocuments = Schema.Struct({
  aadharNumber: Field.text("government_id"),
  aadharURL: Field.text("government_id"),
  panNumber: Field.text("government_id"),
  panURL: Field.text("government_id")
})

/** `employee_kycDocuments`. */
export const kycDocuments = DataType.model({
  id: "employee_kycDocuments",
  title: "KYC documents",
  description: "Aadhaar and PAN (India).",
  schema: KycDocuments
})
