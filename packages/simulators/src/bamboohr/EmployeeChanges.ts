import {
  InvalidInput,
  isDate,
  refuseUnknown,
  requireObject,
  requireOneOf,
  requireText
} from "../server/InvalidInput.ts"
import type { Company } from "./Company.ts"
import { type Cell, dateFields, type Employee, type Row, type TableName, textFields } from "./Employee.ts"

const jobCellNames = ["jobTitle", "department", "division", "location"] as const
const payCellNames = { payRate: "rate", payType: "type", payPer: "paidPer" } as const
const fieldNames: ReadonlyArray<string> = [
  ...textFields,
  ...jobCellNames,
  ...Object.keys(payCellNames),
  "managerId",
  "employmentHistoryStatus",
  "status"
]

/** What the control interface may change in an employee: fields, and rows of the histories they are read from. */
export class EmployeeChanges {
  readonly #company: Company
  readonly #find: (field: string, id: unknown) => Employee

  constructor(company: Company, find: (field: string, id: unknown) => Employee) {
    this.#company = company
    this.#find = find
  }

  /** Whom a value names as manager; null for nobody. */
  managerId(value: unknown): number | null {
    return value === null ? null : this.#find("managerId", value).id
  }

  /** The fields that were given, or `InvalidInput` that names the one that cannot be. */
  check(input: unknown, employee: Employee | undefined): Record<string, unknown> {
    const fields = requireObject("fields", input)
    refuseUnknown("", fields, fieldNames)
    for (const [name, value] of Object.entries(fields)) {
      if (name === "status") requireOneOf("status", value, ["Active", "Inactive"])
      else if (name === "managerId") {
        const manager = this.managerId(value)
        if (employee !== undefined && manager !== null) this.#refuseCircle(employee, manager)
      } else if (name === "payRate") {
        if (typeof value !== "string" || !/^\d+(\.\d{1,2})? [A-Z]{3}$/.test(value)) {
          throw new InvalidInput("payRate", 'must be an amount and a currency like "65000.00 USD"')
        }
      } else if (dateFields.has(name)) {
        if (value !== null && value !== "" && !(typeof value === "string" && isDate(value))) {
          throw new InvalidInput(name, "must be a date as YYYY-MM-DD, or null")
        }
      } else if (value === null && (textFields as ReadonlyArray<string>).includes(name)) continue
      else requireText(name, value)
    }
    return fields
  }

  #refuseCircle(employee: Employee, managerId: number): void {
    const day = this.#company.today()
    const seen = new Set<number>()
    let at: number | null = managerId
    while (at !== null && !seen.has(at)) {
      if (at === employee.id) throw new InvalidInput("managerId", `employee ${managerId} reports to ${employee.id}`)
      seen.add(at)
      const manager = this.#company.employees.get(at)
      at = manager === undefined ? null : (this.#company.job(manager, day)?.managerId ?? null)
    }
  }

  /** Writes checked fields; `replace` changes the rows in force themselves, for who was just hired. */
  apply(employee: Employee, fields: Record<string, unknown>, replace: boolean): void {
    const company = this.#company
    const today = company.today()
    for (const name of textFields) {
      if (name in fields)
        employee.text[name] = fields[name] === null && dateFields.has(name) ? "" : (fields[name] as Cell)
    }
    if (fields.status === "Active" || fields.status === "Inactive") employee.status = fields.status
    const job: Record<string, Cell> = {}
    for (const name of jobCellNames) {
      if (name in fields) {
        job[name] = fields[name] as string
        company.option(name, fields[name] as string)
      }
    }
    const managerId = "managerId" in fields ? this.managerId(fields.managerId) : undefined
    if (managerId !== undefined) job.reportsTo = company.nameOf(managerId)
    if (Object.keys(job).length > 0) {
      const now = company.job(employee, today)
      const manager = managerId === undefined ? (now?.managerId ?? null) : managerId
      this.#history(employee, "jobInfo", now, job, "date", replace, manager)
    }
    const pay: Record<string, Cell> = {}
    for (const [name, cell] of Object.entries(payCellNames)) if (name in fields) pay[cell] = fields[name] as string
    if (Object.keys(pay).length > 0) {
      if (!replace) pay.reason = "Adjustment"
      this.#history(employee, "compensation", company.pay(employee, today), pay, "startDate", replace)
    }
    if (typeof fields.employmentHistoryStatus === "string") {
      const status = fields.employmentHistoryStatus
      company.option("employmentHistoryStatus", status)
      const now = company.employment(employee, today)
      this.#history(employee, "employmentStatus", now, { employmentStatus: status }, "date", replace)
    }
  }

  /** Adds a row like the one in force but for `cells`, from today; or changes that row itself, for who was just hired. */
  #history(
    employee: Employee,
    table: TableName,
    now: Row | undefined,
    cells: Record<string, Cell>,
    dateCell: string,
    replace: boolean,
    managerId?: number | null
  ): void {
    const rows = employee.tables[table]
    if (!replace || now === undefined) {
      this.#company.addRow(employee, table, { ...now?.cells, ...cells, [dateCell]: this.#company.today() }, managerId)
      return
    }
    rows[rows.indexOf(now)] = {
      ...now,
      cells: { ...now.cells, ...cells },
      ...(managerId === undefined ? {} : { managerId })
    }
  }
}
