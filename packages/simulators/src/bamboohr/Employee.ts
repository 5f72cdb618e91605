/** A value of a table row as the API writes it. */
export type Cell = string | null

/** One row of a table; `managerId` is ours and never sent. */
export interface Row {
  readonly id: number
  readonly cells: Readonly<Record<string, Cell>>
  /** The employee id behind `reportsTo`, which the API shows as a name. */
  readonly managerId?: number | null
}

/** Tables of an employee in the order in which the API lists them. */
export const tableNames = [
  "jobInfo",
  "employmentStatus",
  "compensation",
  "dependents",
  "contacts",
  "customBankInfo"
] as const

/** A table of an employee. */
export type TableName = (typeof tableNames)[number]

/** Plain text fields of an employee, named as the employee endpoint names them. Empty is null. */
export const textFields = [
  "firstName",
  "middleName",
  "lastName",
  "preferredName",
  "employeeNumber",
  "workEmail",
  "homeEmail",
  "workPhone",
  "workPhoneExtension",
  "mobilePhone",
  "homePhone",
  "dateOfBirth",
  "gender",
  "maritalStatus",
  "pronouns",
  "ethnicity",
  "nationality",
  "citizenship",
  "ssn",
  "customNIN1",
  "customTaxFileNumber1",
  "address1",
  "address2",
  "city",
  "state",
  "zipcode",
  "country",
  "hireDate",
  "originalHireDate",
  "terminationDate",
  "linkedIn",
  "customShirtsize",
  "customSecondaryLanguage1"
] as const

/** A plain text field of an employee. */
export type TextField = (typeof textFields)[number]

/** Those of the text fields that hold a calendar date. */
export const dateFields: ReadonlySet<string> = new Set([
  "dateOfBirth",
  "hireDate",
  "originalHireDate",
  "terminationDate"
])

/** An employee as the simulated company holds it. */
export interface Employee {
  readonly id: number
  readonly text: Record<TextField, Cell>
  status: "Active" | "Inactive"
  readonly tables: Record<TableName, Array<Row>>
  photoUploaded: boolean
  /** Milliseconds, whole seconds: the app knows no finer time. */
  lastChanged: number
  change: "Inserted" | "Updated"
}

/** The row in force on a day: the latest that has begun, else the first to come. `dateCell` names its date. */
export const rowInForce = (rows: ReadonlyArray<Row>, dateCell: string, today: string): Row | undefined => {
  let best: Row | undefined
  let bestDate = ""
  let first: Row | undefined
  let firstDate = "9999"
  for (const row of rows) {
    const date = row.cells[dateCell] ?? ""
    if (date <= today && date >= bestDate) {
      best = row
      bestDate = date
    }
    if (date < firstDate) {
      first = row
      firstDate = date
    }
  }
  return best ?? first
}

/** "Dana Reyes", or "Dee Reyes" for who prefers that. */
export const displayName = (employee: Employee): string =>
  `${employee.text.preferredName ?? employee.text.firstName ?? ""} ${employee.text.lastName ?? ""}`.trim()

/** An employee with nothing filled in. */
export const emptyEmployee = (id: number, at: number): Employee => ({
  id,
  text: Object.fromEntries(textFields.map((name) => [name, null])) as Record<TextField, Cell>,
  status: "Active",
  tables: { jobInfo: [], employmentStatus: [], compensation: [], dependents: [], contacts: [], customBankInfo: [] },
  photoUploaded: false,
  lastChanged: at,
  change: "Inserted"
})
