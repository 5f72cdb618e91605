import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A user of the CRM; `role` is the name of it in the app. */
export const UserInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  email: Field.text("personal"),
  isActive: Field.flag(),
  role: Field.text(),
  title: Field.text("personal"),
  managerId: Field.text()
})

/** `crm_user_info`. */
export const userInfo = DataType.model({ id: "crm_user_info", title: "User", schema: UserInfo })

/** `crm_users`: who works with the CRM: the owners of everything else. Deactivated ones stay, and say so. */
export const CrmUser = DataType.make({
  id: "crm_users",
  category: "CRM",
  title: "Users",
  models: { info: userInfo },
  core: ["info"],
  isActive: () => true,
  identifiers: (recordId) => ({ userId: recordId })
})
