import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The kind of document. */
export const IdentificationType = ["NATIONAL_ID", "LICENSE", "PASSPORT", "OTHERS"] as const

/**
 * A number that an authority gave the person. The first three fields are Knit's. `subType` is free: `SSN`, `SIN`,
 * `NIN`, `TFN`, `PAN`, `AADHAAR`, `TAX_ID`, ….
 */
export const Identification = Schema.Struct({
  type: Field.enumeration(IdentificationType, "personal"),
  subType: Field.text("personal"),
  identificationNumber: Field.text("government_id"),
  country: Field.text("personal"),
  issuedAt: Field.date("personal"),
  expiresAt: Field.date("personal")
})

/** `employee_identification`. */
export const identification = DataType.model({
  id: "employee_identification",
  title: "Identification",
  description: "Numbers that authorities gave the person.",
  schema: Schema.Array(Identification)
})
