import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** A department; `parentId` is the one above it. */
export const Department = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  parentId: Field.text(),
  isActive: Field.flag()
})

/** `department_info`. */
export const departmentInfo = DataType.model({
  id: "department_info",
  title: "Department",
  schema: Department
})

/** `ats_departments`: departments that jobs can be in. */
export const AtsDepartments = DataType.make({
  id: "ats_departments",
  category: "ATS",
  title: "Departments",
  models: { info: departmentInfo },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ departmentId: recordId })
})
