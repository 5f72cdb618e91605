import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A link to the person's picture; Crochet never copies the picture itself. The link may be short-lived. */
export const ProfilePicture = Schema.Struct({
  url: Field.text("personal"),
  fileName: Field.text("personal"),
  contentType: Field.text()
})

/** `employee_profilePicture`. */
export const profilePicture = DataType.model({
  id: "employee_profilePicture",
  title: "Profile picture",
  description: "A link to the person's picture, which may be short-lived.",
  schema: ProfilePicture
})
