import { DataType } from "@crochet/core"
import * as Predicate from "effect/Predicate"
import { bankAccounts } from "./BankAccounts.ts"
import { company } from "./Company.ts"
import { compensation } from "./Compensation.ts"
import { contactInfo } from "./ContactInfo.ts"
import { customFields } from "./CustomFields.ts"
import { deductions } from "./Deductions.ts"
import { demographics } from "./Demographics.ts"
import { dependents } from "./Dependents.ts"
import { employments } from "./Employments.ts"
import { identification } from "./Identification.ts"
import { kycDocuments } from "./KycDocuments.ts"
import { leaveBalances } from "./LeaveBalances.ts"
import { leaveRequests } from "./LeaveRequests.ts"
import { locations } from "./Locations.ts"
import { orgStructure } from "./OrgStructure.ts"
import { profile } from "./Profile.ts"
import { profilePicture } from "./ProfilePicture.ts"
import { rawValues } from "./RawValues.ts"
import { w4 } from "./W4.ts"

const profileOf = (record: DataType.RecordValues, key: string): unknown =>
  Predicate.hasProperty(record.profile, key) ? record.profile[key] : undefined

/**
 * `employee`: a person in an HR system. Keys are the names under which event bodies carry the models, in this order.
 *
 * A record is gone for receivers once its `employmentStatus` is `INACTIVE`; `NOT_SPECIFIED` counts as active, since
 * not knowing must never delete anybody.
 */
export const Employee = DataType.make({
  id: "employee",
  category: "HRIS",
  title: "Employees",
  models: {
    profile,
    contactInfo,
    orgStructure,
    dependents,
    locations,
    bankAccounts,
    employeeIdentificationData: identification,
    employeeKYC: kycDocuments,
    employeeProfilePicture: profilePicture,
    compensation,
    deductions,
    w4Data: w4,
    company,
    rawValues,
    leaveRequests,
    customFields,
    employments,
    leaveBalances,
    demographics
  },
  core: ["profile"],
  isActive: (record) => profileOf(record, "employmentStatus") !== "INACTIVE",
  identifiers: (recordId, record) => {
    const workEmail = profileOf(record, "workEmail")
    return { employeeId: recordId, workEmail: typeof workEmail === "string" ? workEmail : null }
  }
})
