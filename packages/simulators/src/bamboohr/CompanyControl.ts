import {
  InvalidInput,
  refuseUnknown,
  requireDate,
  requireObject,
  requireOneOf,
  requireText
} from "../server/InvalidInput.ts"
import { type Company, type LeaveStatus, leaveStatuses, leaveTypes } from "./Company.ts"
import type { Control, EmployeeSummary } from "./Control.ts"
import type { Employee } from "./Employee.ts"
import { EmployeeChanges } from "./EmployeeChanges.ts"
import { departments, places } from "./People.ts"
import { addEmployment, addPerson, pickDepartment, pickPlace } from "./Hiring.ts"
import { addLeave } from "./TimeOff.ts"

/** The company's part of the control interface. */
export class CompanyControl {
  readonly #company: Company
  readonly #changes: EmployeeChanges

  constructor(company: Company) {
    this.#company = company
    this.#changes = new EmployeeChanges(company, (field, id) => this.find(field, id))
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
    const checked = people.map((fields) => this.#changes.check(fields, undefined))
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
          fields.managerId === undefined
            ? this.#someManager(department.name)
            : this.#changes.managerId(fields.managerId),
        hired: Date.parse(hireDate),
        payFactor: 1
      })
      // The app counts who has yet to begin as inactive.
      if (hireDate > today) employee.status = "Inactive"
      this.#changes.apply(employee, { ...fields, originalHireDate: fields.originalHireDate ?? hireDate }, true)
      return this.summary(employee)
    })
  }

  change(id: unknown, input: unknown): EmployeeSummary {
    const employee = this.find("id", id)
    const fields = this.#changes.check(input, employee)
    if (Object.keys(fields).length === 0) throw new InvalidInput("fields", "must name at least one field to change")
    this.#changes.apply(employee, fields, false)
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
}
