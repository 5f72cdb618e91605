import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { address } from "../../shared/Address.ts"

/** Types of an employee's addresses. */
export const AddressType = ["WORK", "HOME_PRESENT", "HOME_PERMANENT"] as const
/** Where work is done. */
export const WorkLocationType = ["OFFICE", "REMOTE", "HYBRID"] as const

/** An employee's address. */
export const EmployeeAddress = address(AddressType)

/** Where the person works and lives. The first three fields are Knit's. */
export const Locations = Schema.Struct({
  workAddress: Field.optional(EmployeeAddress),
  presentAddress: Field.optional(EmployeeAddress),
  permanentAddress: Field.optional(EmployeeAddress),
  workLocationId: Field.text(),
  workLocationName: Field.text(),
  workLocationType: Field.enumeration(WorkLocationType)
})

/** `employee_location`. */
export const locations = DataType.model({
  id: "employee_location",
  title: "Locations",
  description: "Where the person works and lives.",
  schema: Locations
})
