import {
  InvalidInput,
  isDate,
  refuseUnknown,
  requireDate,
  requireObject,
  requireOneOf,
  requireText
} from "../server/InvalidInput.ts"
import { type Company, type LeaveStatus, leaveStatuses, leaveTypes } from "./Company.ts"
import type { Control, EmployeeSummary } from "./Control.ts"
import { type Cell, dateFields, type Employee, type Row, type TableName, textFields } from "./Employee.ts"
import { departments, places } from "./People.ts"
import { addEmployment, addPerson, pickDepartment, pickPlace } from "./Population.ts"
import { addLeave } from "./TimeOff.ts"

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

/** The company's part of the control interface. */
export class CompanyControl {
  readonly #company: Company

  constructor(company: Company) {
    this.#company = company
  }

  find(field: string, id: unknown): Employee {
    const number = typeof id === "number" ? id : typeof id === "string" && /^\d+$/.test(id) ? Number(id) : Number.NaN
    const employee = this.#company.employees.get(number)
    if (employee === undefined) throw new InvalidInput(field, `no employee ${JSON.stringify(id) ?? "without id"}`)
    return employee
  }

  summary(employee: Employee): EmployeeSummary {
    const day = this.#company.today()
    const job = this.#company.job(employee, day)
    return {
      id: String(employee.id),
      firstName: employee.text.firstName,
      lastName: employee.text.lastName,
      workEmail: employee.text.workEmail,
      jobTitle: job?.cells.jobTitle ?? null,
      department: job?.cells.department ?? null,
      location: job?.cells.location ?? null,
      managerId: job?.managerId?.toString() ?? null,
      payRate: this.#company.pay(employee, day)?.cells.rate ?? null,
      status: employee.status,
      hireDate: employee.text.hireDate,
      terminationDate: employee.text.terminationDate,
      dependents: employee.tables.dependents.length,
      lastChanged: new Date(employee.lastChanged).toISOString()
    }
  }

  hire(input: unknown): ReadonlyArray<EmployeeSummary> {
    if (input === undefined) return this.#hireMany([{}])
    if (typeof input === "number") {
      if (!Number.isInteger(input) || input < 1 || input > 100_000) {
        throw new InvalidInput("count", `must be a whole number from 1 to 100000, got ${input}`)
      }
      return this.#hireMany(Array.from({ length: input }, () => ({})))
    }
    return this.#hireMany(Array.isArray(input) ? input : [input])
  }

  #hireMany(people: ReadonlyArray<unknown>): ReadonlyArray<EmployeeSummary> {
    // All are checked before the first is hired: either everybody comes or nobody.
    const checked = people.map((fields) => this.#check(fields, undefined))
    const { random } = this.#company
    return checked.map((fields) => {
      const department = departments.find(({ name }) => name === fields.department) ?? pickDepartment(random)
      const place = places.find(({ location }) => location === fields.location) ?? pickPlace(random)
      const today = this.#company.today()
      const hireDate = typeof fields.hireDate === "string" && fields.hireDate !== "" ? fields.hireDate : today
      const employee = addPerson(this.#company, {
        department,
        place,
        title: random.pick(department.member),
        managerId:
          fields.managerId === undefined ? this.#someManager(department.name) : this.#managerId(fields.managerId),
        hired: Date.parse(hireDate),
        payFactor: 1
      })
      // The app counts who has yet to begin as inactive.
      if (hireDate > today) employee.status = "Inactive"
      this.#apply(employee, { ...fields, originalHireDate: fields.originalHireDate ?? hireDate }, true)
      return this.summary(employee)
    })
  }

  change(id: unknown, input: unknown): EmployeeSummary {
    const employee = this.find("id", id)
    const fields = this.#check(input, employee)
    if (Object.keys(fields).length === 0) throw new InvalidInput("fields", "must name at least one field to change")
    this.#apply(employee, fields, false)
    this.#company.touch(employee)
    return this.summary(employee)
  }

  fire(id: unknown, options: unknown): EmployeeSummary {
    const employee = this.find("id", id)
    const given = options === undefined ? {} : requireObject("options", options)
    refuseUnknown("", given, ["date", "reason"])
    const date = given.date === undefined ? this.#company.today() : requireDate("date", given.date)
    const reason = given.reason === undefined ? "Other" : requireText("reason", given.reason)
    if (employee.status === "Inactive" && employee.text.terminationDate) {
      throw new InvalidInput("id", `employee ${employee.id} has left already`)
    }
    addEmployment(this.#company, employee, date, "Terminated", { reason, type: "Termination (Involuntary)" })
    employee.text.terminationDate = date
    if (date <= this.#company.today()) employee.status = "Inactive"
    this.#company.touch(employee)
    return this.summary(employee)
  }

  remove(id: unknown): { readonly id: string; readonly deleted: true } {
    const employee = this.find("id", id)
    this.#company.remove(employee)
    return { id: String(employee.id), deleted: true }
  }

  changeDependents(id: unknown, input: unknown): EmployeeSummary {
    const employee = this.find("id", id)
    if (!Array.isArray(input)) throw new InvalidInput("dependents", "must be a list")
    const checked = input.map((item: unknown, index) => {
      const where = `dependents[${index}]`
      const given = requireObject(where, item)
      refuseUnknown(where, given, ["firstName", "lastName", "relationship", "gender", "dateOfBirth"])
      const optional = (name: string) =>
        given[name] === undefined ? null : requireText(`${where}.${name}`, given[name])
      return {
        firstName: requireText(`${where}.firstName`, given.firstName),
        middleName: null,
        lastName: optional("lastName") ?? employee.text.lastName,
        relationship: requireText(`${where}.relationship`, given.relationship),
        gender: optional("gender"),
        ssn: null,
        dateOfBirth: given.dateOfBirth === undefined ? "" : requireDate(`${where}.dateOfBirth`, given.dateOfBirth),
        addressLine1: employee.text.address1,
        addressLine2: employee.text.address2,
        city: employee.text.city,
        state: employee.text.state,
        zipCode: employee.text.zipcode,
        homePhone: null,
        country: employee.text.country,
        isUsCitizen: null,
        isStudent: null
      }
    })
    employee.tables.dependents.length = 0
    for (const cells of checked) this.#company.addRow(employee, "dependents", cells)
    this.#company.touch(employee)
    return this.summary(employee)
  }

  addLeave(input: unknown): { readonly id: string; readonly amount: string; readonly unit: string } {
    const given = requireObject("leave", input)
    refuseUnknown("", given, ["employeeId", "start", "end", "type", "status", "note"])
    const employee = this.find("employeeId", given.employeeId)
    const start = requireDate("start", given.start)
    const end = requireDate("end", given.end)
    if (end < start) throw new InvalidInput("end", `must not be before start ${start}`)
    if (Date.parse(end) - Date.parse(start) > 400 * 86_400_000)
      throw new InvalidInput("end", "must be within 400 days of start")
    const wanted = given.type === undefined ? "Vacation" : requireText("type", given.type)
    const type = leaveTypes.find(({ id, name }) => id === wanted || name === wanted)
    if (type === undefined)
      throw new InvalidInput("type", `must be one of ${leaveTypes.map(({ name }) => name).join(", ")}`)
    const added = addLeave(this.#company, employee.id, {
      start,
      end,
      typeId: type.id,
      status: given.status === undefined ? "requested" : requireOneOf("status", given.status, leaveStatuses),
      created: this.#company.today(),
      note: given.note === undefined ? null : requireText("note", given.note)
    })
    return { id: String(added.id), amount: added.amount, unit: added.unit }
  }

  changeLeave(id: unknown, status: unknown): { readonly id: string; readonly status: LeaveStatus } {
    const request = this.#company.leave.get(Number(id))
    if (request === undefined) throw new InvalidInput("id", `no time-off request ${JSON.stringify(id)}`)
    request.status = requireOneOf("status", status, leaveStatuses)
    request.statusChanged = this.#company.today()
    return { id: String(request.id), status: request.status }
  }

  list(options: unknown): ReadonlyArray<EmployeeSummary> {
    const given = options === undefined ? {} : requireObject("options", options)
    refuseUnknown("", given, ["status", "offset", "limit"])
    const status = given.status === undefined ? undefined : requireOneOf("status", given.status, ["Active", "Inactive"])
    const whole = (name: string, otherwise: number) => {
      const value = given[name] === undefined ? otherwise : Number(given[name])
      if (!(value === Infinity || Number.isInteger(value)) || value < 0)
        throw new InvalidInput(name, "must be a whole number from 0")
      return value
    }
    const offset = whole("offset", 0)
    return [...this.#company.employees.values()]
      .filter((employee) => status === undefined || employee.status === status)
      .slice(offset, offset + whole("limit", Infinity))
      .map((employee) => this.summary(employee))
  }

  count(): ReturnType<Control["count"]> {
    let active = 0
    for (const { status } of this.#company.employees.values()) if (status === "Active") active++
    const total = this.#company.employees.size
    return { total, active, inactive: total - active, deleted: this.#company.tombstones.size }
  }

  /** Somebody of the department who leads others, so that new people do not all hang under one manager. */
  #someManager(department: string): number | null {
    const day = this.#company.today()
    const leaders: Array<number> = []
    for (const { employeeId } of this.#company.users) {
      const employee = this.#company.employees.get(employeeId)
      if (employee?.status !== "Active") continue
      if (this.#company.job(employee, day)?.cells.department === department) leaders.push(employeeId)
    }
    if (leaders.length > 0) return this.#company.random.pick(leaders)
    for (const employee of this.#company.employees.values()) if (employee.status === "Active") return employee.id
    return null
  }

  #managerId(value: unknown): number | null {
    return value === null ? null : this.find("managerId", value).id
  }

  #check(input: unknown, employee: Employee | undefined): Record<string, unknown> {
    const fields = requireObject("fields", input)
    refuseUnknown("", fields, fieldNames)
    for (const [name, value] of Object.entries(fields)) {
      if (name === "status") requireOneOf("status", value, ["Active", "Inactive"])
      else if (name === "managerId") {
        const manager = this.#managerId(value)
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

  #apply(employee: Employee, fields: Record<string, unknown>, replace: boolean): void {
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
    const managerId = "managerId" in fields ? this.#managerId(fields.managerId) : undefined
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
