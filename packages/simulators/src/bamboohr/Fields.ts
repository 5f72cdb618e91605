import type { Company } from "./Company.ts"
import { displayName, type Employee, type Row, textFields } from "./Employee.ts"

/** What a request may see of the company, and how it wants empty dates written. */
export interface View {
  readonly company: Company
  /** The day in force: history rows up to it count. */
  readonly day: string
  /** How an empty date is written: `""`, or the older `0000-00-00`. */
  readonly emptyDate: string
  /** Address of the simulator, for `photoUrl`. */
  readonly photoUrl: (employee: Employee) => string
}

type Value = string | number | boolean | null
/** How a value is found. */
export type Read = (employee: Employee, view: View) => Value

/** A field of the employee endpoint and of reports: its id in the field list, its type, its label, how it is read. */
export interface Field {
  readonly id: number | string
  readonly type: string
  readonly label: string
  readonly read: Read
}

/** A time as the app writes it. */
export const iso = (millis: number) => `${new Date(millis).toISOString().slice(0, 19)}+00:00`
/** A cell of the job in force. */
export const job =
  (cell: string): Read =>
  (employee, { company, day }) =>
    company.job(employee, day)?.cells[cell] ?? null
/** A cell of the compensation in force. */
export const pay =
  (cell: string): Read =>
  (employee, { company, day }) =>
    company.pay(employee, day)?.cells[cell] ?? null
/** A cell of the employment status in force. */
export const employment =
  (cell: string): Read =>
  (employee, { company, day }) =>
    company.employment(employee, day)?.cells[cell] ?? null
/** The id of who manages somebody. */
export const manager = (employee: Employee, { company, day }: View): number | null =>
  company.job(employee, day)?.managerId ?? null
/** Amount and currency of a compensation. */
export const rate = (row: Row | undefined): [amount: string, currency: string] | null => {
  const [amount, currency] = (row?.cells.rate ?? "").split(" ")
  return amount === undefined || currency === undefined ? null : [amount, currency]
}
const lastFirst = (name: string) => {
  const at = name.indexOf(" ")
  return at < 0 ? name : `${name.slice(at + 1)}, ${name.slice(0, at)}`
}
const years = (from: string, to: string) => {
  const whole = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) < from.slice(5) ? whole - 1 : whole
}

const definitions: Array<[name: string, id: number | string, type: string, label: string, read?: Read]> = [
  ["id", "id", "int", "Employee ID", (employee) => String(employee.id)],
  ["displayName", "displayName", "text", "Display name", (employee) => displayName(employee)],
  ["firstName", 1, "text", "First Name"],
  ["middleName", 5, "text", "Middle Name"],
  ["lastName", 2, "text", "Last Name"],
  ["preferredName", 1358, "text", "Preferred Name"],
  ["nickname", 1358, "text", "Nickname", (employee) => employee.text.preferredName],
  ["fullName1", "fullName1", "text", "Name", ({ text }) => `${text.firstName ?? ""} ${text.lastName ?? ""}`.trim()],
  ["employeeNumber", 636, "employee_number", "Employee #"],
  ["workEmail", 15, "email", "Work Email"],
  ["homeEmail", 1357, "email", "Home Email"],
  ["bestEmail", "bestEmail", "email", "Email", ({ text }) => text.workEmail ?? text.homeEmail],
  ["workPhone", 634, "phone", "Work Phone"],
  ["workPhoneExtension", 635, "text", "Work Ext."],
  ["mobilePhone", 13, "phone", "Mobile Phone"],
  ["homePhone", 14, "phone", "Home Phone"],
  ["jobTitle", 17, "list", "Job Title", job("jobTitle")],
  ["department", 4, "list", "Department", job("department")],
  ["division", 1355, "list", "Division", job("division")],
  ["location", 18, "list", "Location", job("location")],
  ["reportsTo", 91, "employee", "Reporting to", job("reportsTo")],
  [
    "supervisor",
    "supervisor",
    "text",
    "Supervisor name",
    (e, view) => lastFirst(view.company.nameOf(manager(e, view))) || null
  ],
  ["supervisorEId", "supervisorEId", "int", "Supervisor EID", (e, view) => manager(e, view)?.toString() ?? null],
  ["supervisorId", "supervisorId", "int", "Supervisor ID", (e, view) => manager(e, view)?.toString() ?? null],
  [
    "supervisorEmail",
    "supervisorEmail",
    "email",
    "Supervisor email",
    (e, view) => view.company.employees.get(manager(e, view) ?? -1)?.text.workEmail ?? null
  ],
  ["hireDate", 3, "date", "Hire Date"],
  ["originalHireDate", 4333, "date", "Original Hire Date"],
  ["terminationDate", -38, "date", "Termination Date"],
  ["status", 387, "status", "Status", (employee) => employee.status],
  ["employmentHistoryStatus", 16, "list", "Employment Status", employment("employmentStatus")],
  ["employeeStatusDate", 1936, "date", "Employment Status: Date", employment("date")],
  ["payRate", 19, "currency", "Pay rate", pay("rate")],
  ["payRateEffectiveDate", 4021, "date", "Compensation: Date", pay("startDate")],
  ["payType", 156, "pay_type", "Pay type", pay("type")],
  ["payPer", 4330, "paid_per", "Paid per", pay("paidPer")],
  ["paidPer", 4330, "paid_per", "Paid per", pay("paidPer")],
  ["paySchedule", 4386, "list", "Pay Schedule", pay("paySchedule")],
  ["payChangeReason", 4017, "list", "Compensation Change Reason", pay("reason")],
  ["exempt", 4042, "exempt", "Overtime Status", pay("exempt")],
  ["overtimeRate", 4403, "currency", "Overtime Rate", pay("overtimeRate")],
  ["dateOfBirth", 6, "date", "Birth Date"],
  ["birthday", "birthday", "text", "Birthday", ({ text }) => text.dateOfBirth?.slice(5) ?? null],
  ["age", "age", "int", "Age", ({ text }, { day }) => (text.dateOfBirth ? String(years(text.dateOfBirth, day)) : null)],
  ["gender", 154, "gender", "Gender"],
  ["maritalStatus", 155, "marital_status", "Marital Status"],
  ["pronouns", "pronouns", "list", "Pronouns"],
  ["ethnicity", 1037, "list", "Ethnicity"],
  ["nationality", 4390, "list", "Nationality"],
  ["citizenship", "citizenship", "text", "Citizenship"],
  ["ssn", 7, "ssn", "SSN"],
  ["address1", 8, "text", "Address Line 1"],
  ["address2", 9, "text", "Address Line 2"],
  ["city", 10, "text", "City"],
  ["state", 11, "state", "State"],
  ["zipcode", 12, "text", "Zip Code"],
  ["country", 3991, "country", "Country"],
  ["linkedIn", 4058, "contact_url", "LinkedIn URL"],
  ["photoUploaded", "photoUploaded", "bool", "Employee photo exists", (employee) => employee.photoUploaded],
  ["isPhotoUploaded", "isPhotoUploaded", "bool", "Employee photo exists", (employee) => employee.photoUploaded],
  ["photoUrl", "photoUrl", "url", "Employee photo url", (employee, view) => view.photoUrl(employee)],
  ["lastChanged", "lastChanged", "timestamp", "Last changed", (employee) => iso(employee.lastChanged)],
  ["teams", 4549, "multilist", "Teams", () => null],
  ["customNIN1", 4337, "text", "NIN"],
  ["customTaxFileNumber1", 4338, "text", "Tax File Number"],
  ["customSecondaryLanguage1", 4339, "list", "Secondary Language"],
  ["customShirtsize", 4378, "list", "Shirt size"]
]

const texts: ReadonlySet<string> = new Set(textFields)

/** Fields of `GET /v1/employees/{id}`, the directory and reports, by alias. */
export const employeeFields: ReadonlyMap<string, Field> = new Map(
  definitions.map(([name, id, type, label, read]) => {
    if (read === undefined && !texts.has(name)) throw new Error(`Field ${name} cannot be read`)
    const direct: Read = (employee) => employee.text[name as keyof Employee["text"]]
    const value = read ?? direct
    const dated: Read = (employee, view) => value(employee, view) || view.emptyDate
    return [name, { id, type, label, read: type === "date" ? dated : value }]
  })
)

const byId = new Map([...employeeFields].map(([name, field]) => [String(field.id), name]))

/** A field by its alias or by its number in the field list, as the API takes both. */
export const findField = (name: string): Field | undefined =>
  employeeFields.get(name) ?? employeeFields.get(byId.get(name) ?? "")

/** How the employee endpoint reads a field. */
export const same = (name: string): Read => {
  const field = employeeFields.get(name)
  if (field === undefined) throw new Error(`No employee field ${name}`)
  return field.read
}
/** Fields of the directory, in its order; it shows the manager as "First Last". */
export const directoryFields: ReadonlyArray<{
  readonly id: string
  readonly type: string
  readonly name: string
  readonly read: Read
}> = [
  ...(
    [
      ["displayName", "text", "Display name"],
      ["firstName", "text", "First name"],
      ["lastName", "text", "Last name"],
      ["preferredName", "text", "Preferred name"],
      ["jobTitle", "list", "Job title"],
      ["workPhone", "text", "Work Phone"],
      ["mobilePhone", "text", "Mobile Phone"],
      ["workEmail", "email", "Work Email"],
      ["department", "list", "Department"],
      ["location", "list", "Location"],
      ["division", "list", "Division"],
      ["linkedIn", "text", "LinkedIn URL"],
      ["pronouns", "list", "Pronouns"],
      ["workPhoneExtension", "text", "Work Ext."]
    ] as const
  ).map(([id, type, name]) => ({ id, type, name, read: same(id) })),
  {
    id: "supervisor",
    type: "employee",
    name: "Manager",
    read: (e, view) => view.company.nameOf(manager(e, view)) || null
  },
  { id: "photoUploaded", type: "bool", name: "Employee photo exists", read: same("photoUploaded") },
  { id: "photoUrl", type: "url", name: "Employee photo url", read: same("photoUrl") },
  { id: "canUploadPhoto", type: "bool", name: "", read: () => 1 }
]
