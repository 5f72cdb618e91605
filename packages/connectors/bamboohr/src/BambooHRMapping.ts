import type { DataType } from "@crochet/core"
import type { Employee, Hris } from "@crochet/models"
import { Country, Dates } from "@crochet/models"
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

/** The rows of a table: `null` when it may not be read, `undefined` when it was not asked for. */
const rowsOf = (row: EmployeeRow, table: string): ReadonlyArray<WireRow> | null | undefined => row.tables[table]

const profile = (get: Read): (typeof Hris.Profile)["Encoded"] => {
  const employment = get("employmentStatus")
  const typeDetail = Words.employmentTypeDetail(employment)
  const detail = Words.employmentStatusDetail(employment)
  const given = Words.employmentStatus(get("status"))
  // Some users may not see the status; an employment that has ended is inactive all the same.
  const status = given === "NOT_SPECIFIED" && detail === "TERMINATED" ? "INACTIVE" : given
  const name = [get("preferredName") ?? get("firstName"), get("lastName")]
    .filter((part) => part !== undefined)
    .join(" ")
  return {
    id: get("id") ?? null,
    employeeNumber: get("employeeNumber"),
    firstName: get("firstName"),
    lastName: get("lastName"),
    workEmail: get("workEmail"),
    startDate: Dates.fromCalendar(get("hireDate")),
    birthDate: Dates.fromCalendar(get("birthDate")),
    terminationDate: Dates.fromCalendar(get("terminationDate")),
    employmentStatus: status,
    employmentType: Words.employmentType(employment),
    maritalStatus: Words.maritalStatus(get("maritalStatus")),
    gender: Words.gender(get("gender")),
    middleName: get("middleName"),
    preferredName: get("preferredName"),
    displayName: name === "" ? null : name,
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
    genderDetail: Words.genderDetail(get("gender")),
    maritalStatusDetail: Words.maritalStatusDetail(get("maritalStatus")),
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
  const phone = (type: "WORK" | "HOME" | "PERSONAL", field: FieldName, extension?: FieldName) => {
    const phoneNumber = get(field)
    return phoneNumber === undefined
      ? []
      : [{ type, phoneNumber, extension: extension === undefined ? null : get(extension) }]
  }
  const email = get("homeEmail")
  const work = phone("WORK", "workPhone", "workPhoneExtension")
  return {
    personalEmails: email === undefined ? [] : [email],
    phones: [...work, ...phone("PERSONAL", "mobilePhone"), ...phone("HOME", "homePhone")],
    workPhones: work,
    emergencyContacts: contacts?.map(People.emergencyContact) ?? null
  }
}

const locations = (get: Read): (typeof Hris.Locations)["Encoded"] => {
  const country = get("country")
  const home = {
    addressLine1: get("address1"),
    addressLine2: get("address2"),
    city: get("city"),
    state: get("state"),
    country: Country.code(country) ?? country,
    zipCode: get("zipCode")
  }
  const site = get("location")
  return {
    // The place of work is a name from a list ("Salt Lake City, Utah"), not an address.
    workAddress: site === undefined ? null : { name: site, addressType: "WORK" },
    presentAddress: Object.values(home).every((part) => part === undefined)
      ? null
      : { ...home, addressType: "HOME_PRESENT" },
    workLocationName: site,
    workLocationType: /\bremote\b/i.test(site ?? "") ? "REMOTE" : "NOT_SPECIFIED"
  }
}

const identification = (get: Read): ReadonlyArray<(typeof Hris.Identification)["Encoded"]> =>
  (
    [
      ["ssn", "SSN", "US"],
      ["sin", "SIN", "CA"],
      ["nin", "NIN", "GB"]
    ] as const
  ).flatMap(([field, subType, country]) => {
    const identificationNumber = get(field)
    return identificationNumber === undefined
      ? []
      : [{ type: "NATIONAL_ID" as const, subType, identificationNumber, country }]
  })

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
    contactInfo: contactInfo(get, rowsOf(row, "contacts")),
    orgStructure: orgStructure(get),
    dependents: rowsOf(row, "dependents")?.map(People.dependent) ?? null,
    locations: locations(get),
    bankAccounts: rowsOf(row, "customBankInfo")?.map(People.bankAccount) ?? null,
    employeeIdentificationData: identification(get),
    employeeProfilePicture: picture(row.photo),
    compensation: Pay.compensation(row.tables),
    company: company(rowsOf(row, "company")),
    rawValues: {
      employmentStatus: get("status"),
      employmentType: get("employmentStatus"),
      maritalStatus: get("maritalStatus"),
      gender: get("gender"),
      workLocationType: get("location")
    },
    leaveRequests: rowsOf(row, "timeOff")?.map(Leave.leaveRequest) ?? null,
    customFields: row.custom ?? null,
    employments: Pay.employments(row.tables),
    demographics: { ethnicity: Words.ethnicity(ethnicity), ethnicityRaw: ethnicity }
  }
}
