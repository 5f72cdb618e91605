import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { goneWhen } from "../Activity.ts"

/** A project that costs and income are told apart by; `customerId` joins to `accounting_contacts`. */
export const ProjectInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  customerId: Field.text(),
  isActive: Field.flag(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `accounting_projects`. Gone for receivers once `isActive` is `FALSE`. */
export const AccountingProject = DataType.make({
  id: "accounting_projects",
  category: "ACCOUNTING",
  title: "Projects",
  models: { info: DataType.model({ id: "accounting_project_info", title: "Project", schema: ProjectInfo }) },
  core: ["info"],
  isActive: goneWhen("isActive", "FALSE"),
  identifiers: (projectId) => ({ projectId })
})
