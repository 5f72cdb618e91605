import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** What a user may do. */
export const UserRole = ["SUPER_ADMIN", "ADMIN", "MEMBER", "LIMITED", "INTERVIEWER"] as const

/** A user of the recruiting system; `roleRaw` is the app's own word. */
export const UserAccount = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  email: Field.text("personal"),
  role: Field.enumeration(UserRole),
  isActive: Field.flag(),
  employeeId: Field.text(),
  title: Field.text("personal"),
  roleRaw: Field.text()
})

/** `user_info`. */
export const userInfo = DataType.model({
  id: "user_info",
  title: "User",
  schema: UserAccount
})

/** `ats_users`: who works with the recruiting system. */
export const AtsUsers = DataType.make({
  id: "ats_users",
  category: "ATS",
  title: "Users",
  models: { info: userInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ userId: recordId })
})
