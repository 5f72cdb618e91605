import { assert } from "vitest"
import type { EmployeeRow } from "../src/BambooHRWire.ts"
import { decoded } from "./Account.ts"

/** The same person as each endpoint writes her, with made-up values in the recorded shapes. */
export const rows: { readonly [source: string]: EmployeeRow } = {
  dataset: {
    source: "dataset",
    tables: {},
    employee: {
      eeid: "41",
      status: "Active",
      lastChangedIso: "2026-05-29T14:29:44+00:00",
      employeeNumber: "37",
      firstName: "Noor",
      lastName: "Vermeer",
      preferredName: null,
      email: "noor@loom.example",
      homeEmail: "",
      hireDate: "2021-08-30",
      terminationDate: "",
      dateOfBirth: "1990-02-28",
      gender: "Female",
      maritalStatus: "Domestic Partnership",
      employmentStatus: "Part-Time",
      jobInformationJobTitle: "Weaver",
      jobInformationDepartment: "Fabric",
      jobInformationDivision: "Europe",
      jobInformationLocation: "Remote Worker",
      supervisorEid: "7",
      supervisorEmail: "boss@loom.example",
      workPhone: "+31 20 555 0100",
      workExtension: "12",
      mobilePhone: "+31 6 5550 0101",
      addressLineOne: "Weefstraat 1",
      city: "Utrecht",
      country: "Netherlands",
      zipcode: "3511 AA"
    }
  },
  report: {
    source: "report",
    tables: {},
    employee: {
      id: "41",
      status: "Active",
      lastChanged: "2026-05-29T14:29:44+00:00",
      employeeNumber: "37",
      firstName: "Noor",
      lastName: "Vermeer",
      preferredName: null,
      workEmail: "noor@loom.example",
      homeEmail: null,
      hireDate: "2021-08-30",
      terminationDate: "0000-00-00",
      dateOfBirth: "1990-02-28",
      gender: "Female",
      maritalStatus: "Domestic Partnership",
      employmentHistoryStatus: "Part-Time",
      jobTitle: "Weaver",
      department: "Fabric",
      division: "Europe",
      location: "Remote Worker",
      supervisorEId: 7,
      supervisorEmail: "boss@loom.example",
      workPhone: "+31 20 555 0100",
      workPhoneExtension: "12",
      mobilePhone: "+31 6 5550 0101",
      address1: "Weefstraat 1",
      city: "Utrecht",
      country: "Netherlands",
      zipcode: "3511 AA"
    }
  }
}
/** `null` may be expected where a record is typed as if everything were there. */
export const includes = (actual: object, expected: object): void => assert.deepInclude(actual, expected)

export const row = (more: Partial<EmployeeRow> = {}): EmployeeRow => ({ ...rows.report!, ...more })
export const withFields = (fields: { readonly [name: string]: unknown }) =>
  decoded(row({ employee: { ...rows.report!.employee, ...fields } }))
