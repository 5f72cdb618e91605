import { assert, describe, it } from "vitest"
import { toRecord } from "../src/BambooHRMapping.ts"
import { decoded, employee } from "./Account.ts"
import { includes, row, rows, withFields } from "./EmployeeRows.ts"

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
