import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { EmployeePhone } from "./ContactInfo.ts"
import { EmployeeAddress } from "./Locations.ts"
import { Gender } from "./Profile.ts"

/** What the dependent is to the employee. */
export const Relation = [
  "PARENT",
  "FATHER",
  "MOTHER",
  "CHILD",
  "SON",
  "DAUGHTER",
  "SIBLING",
  "BROTHER",
  "SISTER",
  "SPOUSE",
  "HUSBAND",
  "WIFE"
] as const
/** What `Relation` cannot say. */
export const RelationDetail = ["DOMESTIC_PARTNER", "OTHER"] as const

/** A person whom the employee provides for. The first six fields are Knit's. */
export const Dependent = Schema.Struct({
  id: Field.text(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  relation: Field.enumeration(Relation, "personal"),
  birthDate: Field.date("personal"),
  gender: Field.enumeration(Gender, "special"),
  middleName: Field.text("personal"),
  relationDetail: Field.enumeration(RelationDetail, "personal"),
  phone: Field.optional(EmployeePhone),
  address: Field.optional(EmployeeAddress),
  isStudent: Field.flag("personal"),
  isBeneficiary: Field.flag("personal"),
  nationalId: Field.text("government_id")
})

/** `employee_dependent`. */
export const dependents = DataType.model({
  id: "employee_dependent",
  title: "Dependents",
  description: "Whom the employee provides for.",
  schema: Schema.Array(Dependent)
})
