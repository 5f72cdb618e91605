import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { isNotOff } from "../../shared/Info.ts"

/** What people are grouped by. */
export const GroupType = [
  "TEAM",
  "DEPARTMENT",
  "DIVISION",
  "COST_CENTER",
  "BUSINESS_UNIT",
  "LEGAL_ENTITY",
  "GROUP"
] as const

/**
 * A part of the organisation. The ids in `employee_orgStructure` (`departmentId`, `teamId`, `costCenterId`, …) are those
 * of groups; `parentId` is the group above, `managerId` the record id of an employee.
 */
export const GroupInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text(),
  code: Field.text(),
  type: Field.enumeration(GroupType),
  parentId: Field.text(),
  managerId: Field.text(),
  isActive: Field.flag()
})

/** The app's own words behind the group's enums, verbatim. */
export const GroupRawValues = Schema.Struct({ type: Field.text() })

/** `hris_group_info`. */
export const groupInfo = DataType.model({
  id: "hris_group_info",
  title: "Group",
  description: "A part of the organisation: a department, a team, a cost centre.",
  schema: GroupInfo
})

/** `hris_group_rawValues`. */
export const groupRawValues = DataType.model({
  id: "hris_group_rawValues",
  title: "Raw values",
  description: "The app's own words behind the enums.",
  schema: GroupRawValues
})

/** `hris_groups`: departments, teams, cost centres and the like. Gone for receivers once `isActive` is `FALSE`. */
export const HrisGroups = DataType.make({
  id: "hris_groups",
  category: "HRIS",
  title: "Groups",
  models: { info: groupInfo, rawValues: groupRawValues },
  core: ["info"],
  isActive: isNotOff,
  identifiers: (recordId) => ({ groupId: recordId })
})
