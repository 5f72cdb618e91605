import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Another employee of the same account; `id` is their record id. */
export const EmployeeReference = Schema.Struct({
  id: Field.text(),
  workEmail: Field.text("personal")
})

/** Where the person stands in the organisation. The first three fields are Knit's. */
export const OrgStructure = Schema.Struct({
  designation: Field.text(),
  department: Field.text(),
  manager: Field.optional(EmployeeReference),
  departmentId: Field.text(),
  teamId: Field.text(),
  team: Field.text(),
  divisionId: Field.text(),
  division: Field.text(),
  businessUnitId: Field.text(),
  businessUnit: Field.text(),
  costCenterId: Field.text(),
  costCenter: Field.text(),
  legalEntityId: Field.text(),
  legalEntity: Field.text(),
  jobId: Field.text(),
  jobCode: Field.text(),
  jobLevel: Field.text(),
  jobFamily: Field.text(),
  positionId: Field.text(),
  directReportIds: Field.list(Schema.String),
  matrixManagers: Field.list(EmployeeReference)
})

/** `employee_orgStructure`. */
export const orgStructure = DataType.model({
  id: "employee_orgStructure",
  title: "Organisation structure",
  description: "Where the person stands: title, department, manager. Ids join to `hris_groups`.",
  schema: OrgStructure
})
