import { type Read, same } from "./Fields.ts"

const optionId =
  (list: "jobTitle" | "department" | "division" | "location", cell: string): Read =>
  (employee, { company, day }) => {
    const name = company.job(employee, day)?.cells[cell]
    return name === null || name === undefined ? null : String(company.option(list, name))
  }

/** Fields of `GET /v1/employees`: the seven that always come, then those on request. */
export const listDefaults: ReadonlyMap<string, Read> = new Map([
  ["firstName", same("firstName")],
  ["lastName", same("lastName")],
  ["preferredName", same("preferredName")],
  ["photoUrl", same("photoUrl")],
  ["jobTitleName", same("jobTitle")],
  ["status", same("status")]
])

/** Fields that the employee list answers with when asked for them. */
export const listOptional: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["workEmail", same("workEmail")],
  ["homeEmail", same("homeEmail")],
  ["bestEmail", same("bestEmail")],
  ["middleName", same("middleName")],
  ["workPhone", same("workPhone")],
  ["workPhoneExtension", same("workPhoneExtension")],
  ["mobilePhone", same("mobilePhone")],
  ["homePhone", same("homePhone")],
  ["skypeUsername", () => null],
  ["linkedinUrl", same("linkedIn")],
  ["facebookUrl", () => null],
  ["instagramUrl", () => null],
  ["twitterUrl", () => null],
  ["pinterestUrl", () => null],
  ["birthDate", same("dateOfBirth")],
  ["hireDate", same("hireDate")],
  ["divisionName", same("division")],
  ["divisionId", optionId("division", "division")],
  ["departmentName", same("department")],
  ["departmentId", optionId("department", "department")],
  ["locationName", same("location")],
  ["locationId", optionId("location", "location")],
  ["jobTitleId", optionId("jobTitle", "jobTitle")],
  ["employmentStatusName", same("employmentHistoryStatus")],
  [
    "employmentStatusId",
    (employee, { company, day }) => {
      const name = company.employment(employee, day)?.cells.employmentStatus
      return name === null || name === undefined ? null : String(company.option("employmentHistoryStatus", name))
    }
  ],
  ["reportsToName", same("reportsTo")],
  ["reportsToId", same("supervisorEId")]
])
