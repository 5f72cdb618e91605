import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** Whether the person is employed. Finer values are in `EmploymentStatusDetail`. */
export const EmploymentStatus = ["ACTIVE", "INACTIVE"] as const
/** The employment status in more detail. */
export const EmploymentStatusDetail = [
  "ACTIVE",
  "ON_LEAVE",
  "PENDING",
  "ONBOARDING",
  "SUSPENDED",
  "TERMINATED",
  "RETIRED",
  "DECEASED"
] as const
/** The kind of employment. Finer values are in `EmploymentTypeDetail`. */
export const EmploymentType = ["FULL_TIME", "PART_TIME", "CONTRACT"] as const
/** The kind of employment in more detail. */
export const EmploymentTypeDetail = [
  "FULL_TIME",
  "PART_TIME",
  "CONTRACTOR",
  "FREELANCE",
  "INTERN",
  "TEMPORARY",
  "SEASONAL",
  "APPRENTICE",
  "WORKING_STUDENT",
  "TRAINEE",
  "VOLUNTEER",
  "OTHER"
] as const
/** In whose books the person is. */
export const WorkerType = ["EMPLOYEE", "CONTRACTOR"] as const
/** Gender as the app has it. */
export const Gender = ["MALE", "FEMALE", "NON_BINARY"] as const
/** What `Gender` cannot say. */
export const GenderDetail = ["OTHER", "PREFER_NOT_TO_DISCLOSE"] as const
/** Marital status; never a tax filing status, which is `employee_w4`'s. */
export const MaritalStatus = ["SINGLE", "MARRIED", "DIVORCED", "SEPARATED", "WIDOWED"] as const
/** What `MaritalStatus` cannot say. */
export const MaritalStatusDetail = ["DOMESTIC_PARTNERSHIP", "NOT_MARRIED"] as const

/**
 * Who the person is and whether they are employed. The first twelve fields are Knit's, in Knit's order.
 *
 * `startDate` is the latest hire; `createdAt` and `updatedAt` are the app's own. `weeklyHours` is contractual, `fte` a
 * fraction of 1. Ethnicity is not here but in `employee_demographics`, which is sent only when it is asked for.
 */
export const Profile = Schema.Struct({
  id: Field.text(),
  employeeNumber: Field.text("personal"),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  workEmail: Field.text("personal"),
  startDate: Field.date(),
  birthDate: Field.date("personal"),
  terminationDate: Field.date(),
  employmentStatus: Field.enumeration(EmploymentStatus),
  employmentType: Field.enumeration(EmploymentType),
  maritalStatus: Field.enumeration(MaritalStatus, "personal"),
  gender: Field.enumeration(Gender, "special"),
  middleName: Field.text("personal"),
  preferredName: Field.text("personal"),
  displayName: Field.text("personal"),
  pronouns: Field.text("special"),
  username: Field.text("personal"),
  avatarUrl: Field.text("personal"),
  timezone: Field.text(),
  preferredLanguage: Field.text("personal"),
  nationality: Field.text("personal"),
  originalHireDate: Field.date(),
  latestRehireDate: Field.date(),
  probationEndDate: Field.date(),
  employmentStatusDetail: Field.enumeration(EmploymentStatusDetail),
  employmentTypeDetail: Field.enumeration(EmploymentTypeDetail),
  workerType: Field.enumeration(WorkerType),
  genderDetail: Field.enumeration(GenderDetail, "special"),
  maritalStatusDetail: Field.enumeration(MaritalStatusDetail, "personal"),
  weeklyHours: Field.number(),
  fte: Field.number(),
  isManager: Field.flag(),
  worksRemotely: Field.flag(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** `employee_profile`. */
export const profile = DataType.model({
  id: "employee_profile",
  title: "Profile",
  description: "Who the person is: name, status, dates of employment.",
  schema: Profile
})
