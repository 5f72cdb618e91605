import { assert, describe, it } from "vitest"
import { toRecord } from "../src/BambooHRMapping.ts"
import { money } from "../src/BambooHRMappingPay.ts"
import type { EmployeeRow } from "../src/BambooHRWire.ts"
import { window } from "../src/BambooHRTimeOff.ts"
import { leaveType } from "../src/BambooHRWords.ts"
import { decoded, employee } from "./Account.ts"

/** The same person as each endpoint writes her, with made-up values in the recorded shapes. */
const rows: { readonly [source: string]: EmployeeRow } = {
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
const includes = (actual: object, expected: object): void => assert.deepInclude(actual, expected)

const row = (more: Partial<EmployeeRow> = {}): EmployeeRow => ({ ...rows.report!, ...more })
const withFields = (fields: { readonly [name: string]: unknown }) =>
  decoded(row({ employee: { ...rows.report!.employee, ...fields } }))

describe("an employee", () => {
  it("is the same record from every endpoint, whatever its fields are called there", () => {
    assert.deepStrictEqual(decoded(rows.dataset!), decoded(rows.report!))
    assert.deepStrictEqual(decoded({ ...rows.report!, source: "employee" }), decoded(rows.report!))
  })

  it("has profile, place in the organisation, contact and address", () => {
    const record = decoded(rows.dataset!)
    includes(record.profile, {
      id: "41",
      displayName: "Noor Vermeer",
      workEmail: "noor@loom.example",
      startDate: "2021-08-30T00:00:00.000Z",
      birthDate: "1990-02-28T00:00:00.000Z",
      terminationDate: null,
      employmentStatus: "ACTIVE",
      employmentStatusDetail: "ACTIVE",
      employmentType: "PART_TIME",
      workerType: "EMPLOYEE",
      gender: "FEMALE",
      maritalStatus: "NOT_SPECIFIED",
      maritalStatusDetail: "DOMESTIC_PARTNERSHIP"
    })
    includes(record.orgStructure, {
      designation: "Weaver",
      department: "Fabric",
      division: "Europe",
      manager: { id: "7", workEmail: "boss@loom.example" }
    })
    assert.deepStrictEqual(record.contactInfo.personalEmails, [])
    assert.deepStrictEqual(
      record.contactInfo.phones.map((phone) => [phone.type, phone.phoneNumber, phone.extension]),
      [
        ["WORK", "+31 20 555 0100", "12"],
        ["PERSONAL", "+31 6 5550 0101", null]
      ]
    )
    includes(record.locations.presentAddress, { city: "Utrecht", country: "NL", addressType: "HOME_PRESENT" })
    includes(record.locations, { workLocationName: "Remote Worker", workLocationType: "REMOTE" })
    includes(record.rawValues, {
      employmentStatus: "Active",
      employmentType: "Part-Time",
      maritalStatus: "Domestic Partnership",
      gender: "Female"
    })
  })

  it("keeps the words that it cannot map, and says NOT_SPECIFIED for them", () => {
    const record = withFields({ employmentHistoryStatus: "Moon shift", gender: "X", country: "Atlantis", status: "" })
    includes(record.profile, {
      employmentType: "NOT_SPECIFIED",
      gender: "NOT_SPECIFIED",
      employmentStatus: "NOT_SPECIFIED"
    })
    includes(record.rawValues, { employmentType: "Moon shift", gender: "X", employmentStatus: null })
    assert.strictEqual(record.locations.presentAddress.country, "Atlantis")
  })

  it("is inactive when terminated, and when yet to begin", () => {
    const gone = withFields({
      status: "Inactive",
      employmentHistoryStatus: "Terminated",
      terminationDate: "2026-01-31"
    })
    includes(gone.profile, {
      employmentStatus: "INACTIVE",
      employmentStatusDetail: "TERMINATED",
      employmentType: "NOT_SPECIFIED",
      terminationDate: "2026-01-31T00:00:00.000Z"
    })
    assert.strictEqual(withFields({ status: "Inactive", hireDate: "2031-01-01" }).profile.employmentStatus, "INACTIVE")
  })

  it("has no manager when there is none, and empty dates are no dates", () => {
    for (const none of ["", null, "0", undefined])
      assert.isNull(withFields({ supervisorEId: none }).orgStructure.manager)
    for (const none of ["", "0000-00-00", null, "2026-02-30"])
      assert.isNull(withFields({ hireDate: none }).profile.startDate)
  })

  it("is refused without an id, so that it is quarantined", () => {
    assert.throws(() => toRecord(row({ employee: { firstName: "Nobody" } })), /has no id/)
    assert.strictEqual(employee.recordId(row({ employee: { firstName: "Nobody" } })), "")
  })

  it("tells when it was changed", () => {
    assert.strictEqual(employee.updatedAt!(rows.dataset!), Date.parse("2026-05-29T14:29:44Z"))
    assert.isUndefined(employee.updatedAt!(row({ employee: { id: "1" } })))
  })

  it("carries numbers of the state only when these were read", () => {
    assert.deepStrictEqual(decoded(rows.dataset!).employeeIdentificationData, [])
    includes(withFields({ ssn: "000-12-3456" }).employeeIdentificationData[0]!, {
      type: "NATIONAL_ID",
      subType: "SSN",
      identificationNumber: "000-12-3456",
      country: "US"
    })
  })

  it("shows no drawing as a picture", () => {
    assert.isNull(
      toRecord(row({ employee: { id: "1" }, photo: "https://resources.example/images/photo_person_160x160.png" }))
        .employeeProfilePicture
    )
    assert.deepStrictEqual(
      toRecord(row({ employee: { id: "1" }, photo: "https://images.example/1.jpg?Expires=1" })).employeeProfilePicture,
      {
        url: "https://images.example/1.jpg?Expires=1"
      }
    )
  })
})

describe("pay and positions", () => {
  const tables = {
    jobInfo: [
      { id: "1", date: "2021-08-30", jobTitle: "Apprentice", inForce: false },
      { id: "3", date: "2024-01-01", jobTitle: "Weaver", inForce: true },
      { id: "2", date: "2022-06-01", jobTitle: "Junior Weaver", inForce: false }
    ],
    employmentStatus: [
      { id: "5", date: "2021-08-30", employmentStatus: "Intern" },
      { id: "6", date: "2022-01-01", employmentStatus: "Full-Time" }
    ],
    compensation: [
      {
        id: "8",
        startDate: "2021-08-30",
        rate: "21.50 EUR",
        type: "Hourly",
        paidPer: "Hour",
        paySchedule: "Every other week",
        exempt: "Non-exempt",
        inForce: false
      },
      {
        id: "9",
        startDate: "2024-01-01",
        rate: { currency: "EUR", value: "52000.00" },
        type: "Salary",
        paidPer: "Year",
        paySchedule: "Twice a month",
        exempt: "Exempt",
        inForce: true
      }
    ],
    bonus: [{ id: "11", date: "2025-12-01", amount: "1500.00 EUR", comment: "" }],
    commission: null
  }

  it("are history, newest first, each until the next begins", () => {
    const { compensation, employments } = decoded(row({ tables }))
    assert.deepStrictEqual(
      employments.map((one) => one.jobTitle),
      ["Weaver", "Junior Weaver", "Apprentice"]
    )
    includes(employments[0]!, {
      effectiveDate: "2024-01-01T00:00:00.000Z",
      endDate: null,
      isPrimary: "TRUE",
      payRate: 52000,
      currency: "EUR",
      payPeriod: "YEAR",
      flsaStatus: "EXEMPT",
      employmentType: "FULL_TIME"
    })
    includes(employments[1]!, {
      endDate: "2023-12-31T00:00:00.000Z",
      payRate: 21.5,
      payFrequency: "BIWEEKLY",
      employmentType: "FULL_TIME"
    })
    includes(employments[2]!, { endDate: "2022-05-31T00:00:00.000Z", employmentType: "NOT_SPECIFIED" })
    includes(compensation.fixed[0]!, {
      type: "SALARY",
      amount: 52000,
      currency: "EUR",
      payFrequency: "SEMIMONTHLY",
      isCurrent: "TRUE",
      endDate: null
    })
    includes(compensation.fixed[1]!, {
      type: "HOURLY_WAGE",
      amount: 21.5,
      payPeriod: "HOUR",
      endDate: "2023-12-31T00:00:00.000Z",
      isCurrent: "FALSE"
    })
    includes(compensation.variable[0]!, { type: "BONUS", amount: 1500, currency: "EUR", payFrequency: "ONE_TIME" })
  })

  it("are the same whatever the order of the rows", () => {
    const reversed = Object.fromEntries(
      Object.entries(tables).map(([name, list]) => [name, list === null ? null : [...list].reverse()])
    )
    assert.deepStrictEqual(decoded(row({ tables: reversed })), decoded(row({ tables })))
  })

  it("are null when the tables may not be read, and empty when there is nothing in them", () => {
    assert.isNull(decoded(row({ tables: { jobInfo: null, compensation: null } })).employments)
    assert.deepStrictEqual(decoded(row({ tables: { jobInfo: [], compensation: [] } })).employments, [])
    assert.deepStrictEqual(decoded(row({ tables: { jobInfo: [], compensation: [] } })).compensation.fixed, [])
  })

  it("read amounts in all the forms that the app has had", () => {
    assert.deepStrictEqual(money("65000.00 USD"), { amount: 65000, currency: "USD" })
    assert.deepStrictEqual(money({ currency: "usd", value: "0.10" }), { amount: 0.1, currency: "USD" })
    assert.deepStrictEqual(money("1,234.50"), { amount: 1234.5, currency: null })
    for (const none of ["", null, "n/a", {}, []]) assert.isNull(money(none))
  })
})

describe("time off", () => {
  const request = {
    id: "1659",
    status: { lastChanged: "2026-05-11", lastChangedByUserId: "2385", status: "approved" },
    start: "2026-04-10",
    end: "2026-04-14",
    created: "2026-05-10",
    type: { id: "77", name: "Bereavement", icon: "time-off-luggage" },
    amount: { unit: "days", amount: "5" }
  }

  it("becomes a leave request; empty notes may be a list", () => {
    const [one, two] = decoded(
      row({
        tables: {
          timeOff: [
            { ...request, notes: [] },
            { ...request, notes: { employee: "Thank you" } }
          ]
        }
      })
    ).leaveRequests
    includes(one!, {
      id: "1659",
      status: "APPROVED",
      unit: "DAYS",
      amount: 5,
      note: null,
      startDate: "2026-04-10T00:00:00.000Z",
      decidedOn: "2026-05-11T00:00:00.000Z"
    })
    includes(one!.leaveType, { id: "77", name: "Bereavement", type: "BEREAVEMENT" })
    assert.strictEqual(two!.note, "Thank you")
  })

  it("knows the kinds by the words in their names", () => {
    assert.deepStrictEqual(leaveType("Vacation Full-Time").type, "VACATION")
    assert.deepStrictEqual(leaveType("Comp/In Lieu Time").typeDetail, "COMP_TIME")
    assert.deepStrictEqual(leaveType("FMLA"), { type: "NOT_SPECIFIED", typeDetail: "OTHER" })
    assert.deepStrictEqual(leaveType(""), { type: "NOT_SPECIFIED", typeDetail: "NOT_SPECIFIED" })
  })

  it("is read for a year back and a year ahead, in whole months", () => {
    assert.deepStrictEqual(window(Date.parse("2026-07-15T22:00:00Z")), { start: "2025-07-01", end: "2027-07-31" })
    assert.deepStrictEqual(window(Date.parse("2028-02-29T00:00:00Z")), { start: "2027-02-01", end: "2029-02-28" })
  })
})

describe("people around an employee", () => {
  it("are dependents and emergency contacts, without numbers of the state", () => {
    const { contactInfo, dependents } = decoded(
      row({
        tables: {
          dependents: [
            {
              id: "3",
              firstName: "Bo",
              lastName: "Vermeer",
              relationship: "Child",
              gender: "Male",
              dateOfBirth: "2015-01-02",
              isStudent: "yes",
              zipcode: "3511 AA",
              country: "Netherlands"
            },
            { id: "4", firstName: "Sam", relationship: "Domestic Partner", dateOfBirth: "" },
            { id: "5", firstName: "Kim", relationship: "Cousin" }
          ],
          contacts: [
            {
              id: "9",
              name: "Sam",
              relationship: "Spouse",
              mobilePhone: "1",
              workPhone: "2",
              workPhoneExtension: "3",
              primary: "1"
            }
          ]
        }
      })
    )
    includes(dependents[0]!, {
      relation: "CHILD",
      birthDate: "2015-01-02T00:00:00.000Z",
      isStudent: "TRUE",
      gender: "MALE"
    })
    includes(dependents[0]!.address, { zipCode: "3511 AA", country: "NL" })
    includes(dependents[1]!, {
      relation: "NOT_SPECIFIED",
      relationDetail: "DOMESTIC_PARTNER",
      birthDate: null,
      address: null
    })
    includes(dependents[2]!, { relation: "NOT_SPECIFIED", relationDetail: "OTHER" })
    includes(contactInfo.emergencyContacts[0]!, { name: "Sam", relation: "Spouse", isPrimary: "TRUE" })
    assert.strictEqual(contactInfo.emergencyContacts[0]!.phones.length, 2)
  })

  it("have bank accounts from the custom table", () => {
    const { bankAccounts } = decoded(
      row({
        tables: {
          customBankInfo: [
            {
              id: "2",
              customBankName: "Bank of Examples",
              customAccountType: "Checking",
              customRoutingNumber: "000012345",
              customAccountNumber: "0001"
            }
          ]
        }
      })
    )
    includes(bankAccounts[0]!, {
      id: "2",
      accountNumber: "0001",
      accountType: "CHECKING",
      bankName: "Bank of Examples"
    })
    includes(bankAccounts[0]!.routingInfo[0]!, { type: "ROUTING_NUMBER", number: "000012345" })
  })
})
