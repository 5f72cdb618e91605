import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A user of the app: an owner, an author, a recruiter. `employeeId` joins to the HR system where the app knows it. */
export const UserReference = Schema.Struct({
  id: Field.text(),
  email: Field.text("personal"),
  employeeId: Field.text(),
  name: Field.text("personal")
})
