import type { Source, WireRow } from "./BambooHRWire.ts"
import { text } from "./BambooHRWire.ts"

/** How one fact about an employee is called. A missing `dataset` or `directory` name means that it is not offered there. */
interface FieldNames {
  /** On `GET /v1/employees/{id}` and in reports. */
  readonly employee: string
  /** On `POST /v2/datasets/employee/data`. */
  readonly dataset?: string
  /** In `GET /v1/employees/directory`. */
  readonly directory?: string
}

const same = (name: string): FieldNames => ({ employee: name, dataset: name, directory: name })
const named = (employee: string, dataset: string): FieldNames => ({ employee, dataset, directory: employee })

/**
 * What is read of an employee, by our name. The endpoints call the same fact by different names, so rows are read through
 * this table only. https://documentation.bamboohr.com/docs/list-of-field-names (2026-11)
 */
const names = {
  id: named("id", "eeid"),
  status: same("status"),
  lastChanged: named("lastChanged", "lastChangedIso"),
  employeeNumber: same("employeeNumber"),
  firstName: same("firstName"),
  middleName: same("middleName"),
  lastName: same("lastName"),
  preferredName: same("preferredName"),
  pronouns: named("pronouns", "employeePronouns"),
  workEmail: named("workEmail", "email"),
  hireDate: same("hireDate"),
  originalHireDate: same("originalHireDate"),
  terminationDate: same("terminationDate"),
  birthDate: same("dateOfBirth"),
  gender: same("gender"),
  maritalStatus: same("maritalStatus"),
  ethnicity: same("ethnicity"),
  nationality: same("nationality"),
  employmentStatus: named("employmentHistoryStatus", "employmentStatus"),
  jobTitle: named("jobTitle", "jobInformationJobTitle"),
  department: named("department", "jobInformationDepartment"),
  division: named("division", "jobInformationDivision"),
  location: named("location", "jobInformationLocation"),
  managerId: named("supervisorEId", "supervisorEid"),
  managerEmail: same("supervisorEmail"),
  homeEmail: same("homeEmail"),
  workPhone: same("workPhone"),
  workPhoneExtension: named("workPhoneExtension", "workExtension"),
  mobilePhone: same("mobilePhone"),
  homePhone: same("homePhone"),
  address1: named("address1", "addressLineOne"),
  address2: named("address2", "addressLineTwo"),
  city: same("city"),
  state: same("state"),
  zipCode: same("zipcode"),
  country: same("country"),
  ssn: same("ssn"),
  sin: same("sin"),
  nin: same("nin"),
  photo: named("photoUrl", "employeePhoto")
} as const satisfies { readonly [name: string]: FieldNames }

/** A fact about an employee, by our name. */
export type FieldName = keyof typeof names

/** Read always: who it is, and whether the person is still there. */
const always: ReadonlyArray<FieldName> = [
  "id",
  "status",
  "lastChanged",
  "employeeNumber",
  "firstName",
  "middleName",
  "lastName",
  "preferredName",
  "workEmail",
  "hireDate",
  "terminationDate",
  "employmentStatus"
]

/** What is read beside that for each model. What nobody subscribed to is never asked for. */
const byModel: { readonly [modelId: string]: ReadonlyArray<FieldName> } = {
  employee_profile: ["pronouns", "originalHireDate", "birthDate", "gender", "maritalStatus", "nationality"],
  employee_demographics: ["ethnicity"],
  employee_orgStructure: ["jobTitle", "department", "division", "managerId", "managerEmail"],
  employee_contactInfo: ["homeEmail", "workPhone", "workPhoneExtension", "mobilePhone", "homePhone"],
  employee_location: ["address1", "address2", "city", "state", "zipCode", "country", "location"],
  employee_identification: ["ssn", "sin", "nin"],
  employee_profilePicture: ["photo"],
  employee_rawValues: ["gender", "maritalStatus", "location"]
}

/** The fields that the models need, each once, in a fixed order. */
export const fieldsFor = (models: ReadonlySet<string>, filters: ReadonlyArray<FieldName>): ReadonlyArray<FieldName> => {
  const wanted = new Set<FieldName>([...always, ...filters])
  for (const model of models) for (const field of byModel[model] ?? []) wanted.add(field)
  return (Object.keys(names) as Array<FieldName>).filter((name) => wanted.has(name))
}

const namesAt = (endpoint: keyof FieldNames): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(names).flatMap(([field, entry]: readonly [string, FieldNames]) => {
      const name = entry[endpoint]
      return name === undefined ? [] : [[field, name] as const]
    })
  )

const employee = namesAt("employee")
const wireNames: { readonly [source in Source]: ReadonlyMap<string, string> } = {
  dataset: namesAt("dataset"),
  report: employee,
  employee,
  directory: namesAt("directory")
}

/** What a field is called at an endpoint; `undefined` when it is not offered there. */
export const wireName = (source: Source, field: FieldName): string | undefined => wireNames[source].get(field)

/** The value of a field in a row, whichever endpoint it came from; empty text counts as absent. */
export const read = (source: Source, row: WireRow, field: FieldName): string | undefined => {
  const name = wireName(source, field)
  return name === undefined ? undefined : text(row[name])
}
