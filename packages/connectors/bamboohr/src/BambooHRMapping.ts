import type { DataType } from "@crochet/core"
import type { Employee, Hris } from "@crochet/models"
import { Dates } from "@crochet/models"
import type { FieldName } from "./BambooHRFields.ts"
import { read } from "./BambooHRFields.ts"
import * as Leave from "./BambooHRMappingLeave.ts"
import * as Pay from "./BambooHRMappingPay.ts"
import * as People from "./BambooHRMappingPeople.ts"
import type { EmployeeRow, WireRow } from "./BambooHRWire.ts"
import { text } from "./BambooHRWire.ts"
import * as Words from "./BambooHRWords.ts"

type Read = (field: FieldName) => string | undefined

const readerOf =
  (row: EmployeeRow): Read =>
  (field) =>
    read(row.source, row.employee, field) ??
    // The directory shows only whose status is Active, without saying so (https://documentation.bamboohr.com, 2026-11).
    (field === "status" && row.source === "directory" ? "Active" : undefined)

const profile = (get: Read): (typeof Hris.Profile)["Encoded"] => {
  const employment = get("employmentStatus")
  const typeDetail = Words.employmentTypeDetail(employment)
  const detail = Words.employmentStatusDetail(employment)
  const given = Words.employmentStatus(get("status"))
  // Some users may not see the status; an employment that has ended is inactive all the same.
  const status = given === "NOT_SPECIFIED" && detail === "TERMINATED" ? "INACTIVE" : given
  const firstName = get("firstName")
  const lastName = get("lastName")
  const preferredName = get("preferredName")
  const called = preferredName ?? firstName
  const gender = get("gender")
  const maritalStatus = get("maritalStatus")
  return {
    id: get("id") ?? null,
    employeeNumber: get("employeeNumber"),
    firstName,
    lastName,
    workEmail: get("workEmail"),
    startDate: Dates.fromCalendar(get("hireDate")),
    birthDate: Dates.fromCalendar(get("birthDate")),
    terminationDate: Dates.fromCalendar(get("terminationDate")),
    employmentStatus: status,
    employmentType: Words.employmentType(employment),
    maritalStatus: Words.maritalStatus(maritalStatus),
    gender: Words.gender(gender),
    middleName: get("middleName"),
    preferredName,
    displayName: called === undefined || lastName === undefined ? (called ?? lastName) : `${called} ${lastName}`,
    pronouns: get("pronouns"),
    nationality: get("nationality"),
    originalHireDate: Dates.fromCalendar(get("originalHireDate")),
    // "Active" and "Inactive" come from the status; the finer words only from the employment status list.
    employmentStatusDetail: detail !== "NOT_SPECIFIED" ? detail : status === "ACTIVE" ? "ACTIVE" : "NOT_SPECIFIED",
    employmentTypeDetail: typeDetail,
    workerType:
      typeDetail === "CONTRACTOR" || typeDetail === "FREELANCE"
        ? "CONTRACTOR"
        : typeDetail === "NOT_SPECIFIED"
          ? "NOT_SPECIFIED"
          : "EMPLOYEE",
    genderDetail: Words.genderDetail(gender),
    maritalStatusDetail: Words.maritalStatusDetail(maritalStatus),
    updatedAt: Dates.fromInstant(get("lastChanged"))
  }
}

const orgStructure = (get: Read): (typeof Hris.OrgStructure)["Encoded"] => {
  const id = get("managerId")
  return {
    designation: get("jobTitle"),
    department: get("department"),
    // An employee without a manager has "0" there on older accounts.
    manager: id === undefined || id === "0" ? null : { id, workEmail: get("managerEmail") },
    division: get("division")
  }
}

const contactInfo = (
  get: Read,
  contacts: ReadonlyArray<WireRow> | null | undefined
): (typeof Hris.ContactInfo)["Encoded"] => {
  const email = get("homeEmail")
  const work = People.phone("WORK", get("workPhone"), get("workPhoneExtension"))
  return {
    personalEmails: email === undefined ? [] : [email],
    phones: People.present(work, People.phone("PERSONAL", get("mobilePhone")), People.phone("HOME", get("homePhone"))),
    workPhones: work === undefined ? [] : [work],
    emergencyContacts: contacts?.map(People.emergencyContact) ?? null
  }
}

const locations = (get: Read): (typeof Hris.Locations)["Encoded"] => {
  const site = get("location")
  return {
    // The place of work is a name from a list ("Salt Lake City, Utah"), not an address.
    workAddress: site === undefined ? null : { name: site, addressType: "WORK" },
    presentAddress: People.home({
      addressLine1: get("address1"),
      addressLine2: get("address2"),
      city: get("city"),
      state: get("state"),
      country: get("country"),
      zipCode: get("zipCode")
    }),
    workLocationName: site,
    workLocationType: Words.workLocationType(site)
  }
}

const nationalId = (
  subType: string,
  identificationNumber: string | undefined,
  country: string
): (typeof Hris.Identification)["Encoded"] | undefined =>
  identificationNumber === undefined ? undefined : { type: "NATIONAL_ID", subType, identificationNumber, country }

const company = (rows: ReadonlyArray<WireRow> | null | undefined): (typeof Hris.Company)["Encoded"] | null => {
  const row = rows?.[0]
  return row === undefined ? null : { legalName: text(row.legalName), displayName: text(row.displayName) }
}

/** Who has no photo gets a drawing from a shared address. */
const picture = (url: string | undefined): (typeof Hris.ProfilePicture)["Encoded"] | null =>
  url === undefined || !url.startsWith("http") || /photo_person_\d+x\d+/.test(url) ? null : { url }

/** The common models of an employee. Throws for a row that has no id. */
export const toRecord = (row: EmployeeRow): DataType.Input<typeof Employee> => {
  const get = readerOf(row)
  if (get("id") === undefined) throw new TypeError(`an employee from the ${row.source} has no id`)
  const ethnicity = get("ethnicity")
  return {
    profile: profile(get),
    contactInfo: contactInfo(get, row.tables.contacts),
    orgStructure: orgStructure(get),
    dependents: row.tables.dependents?.map(People.dependent) ?? null,
    locations: locations(get),
    bankAccounts: row.tables.customBankInfo?.map(People.bankAccount) ?? null,
    employeeIdentificationData: People.present(
      nationalId("SSN", get("ssn"), "US"),
      nationalId("SIN", get("sin"), "CA"),
      nationalId("NIN", get("nin"), "GB")
    ),
    employeeProfilePicture: picture(row.photo),
    compensation: Pay.compensation(row.tables),
    company: company(row.tables.company),
    rawValues: {
      employmentStatus: get("status"),
      employmentType: get("employmentStatus"),
      maritalStatus: get("maritalStatus"),
      gender: get("gender"),
      workLocationType: get("location")
    },
    leaveRequests: row.tables.timeOff?.map(Leave.leaveRequest) ?? null,
    customFields: row.custom ?? null,
    employments: Pay.employments(row.tables),
    demographics: { ethnicity: Words.ethnicity(ethnicity), ethnicityRaw: ethnicity }
  }
}
