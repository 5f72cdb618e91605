import { Random } from "../server/Random.ts"
import {
  type Cell,
  displayName,
  type Employee,
  emptyEmployee,
  type Row,
  rowInForce,
  type TableName
} from "./Employee.ts"

/** A request for time off, in the app's own words. */
export interface LeaveRequest {
  readonly id: number
  readonly employeeId: number
  readonly start: string
  readonly end: string
  readonly typeId: string
  status: LeaveStatus
  statusChanged: string
  readonly created: string
  readonly unit: "hours" | "days"
  readonly amount: string
  readonly dates: Readonly<Record<string, string>>
  readonly note: string | null
}

/** Where a request for time off stands; the spelling is the API's. */
export const leaveStatuses = ["approved", "denied", "superceded", "requested", "canceled"] as const
/** Where a request for time off stands. */
export type LeaveStatus = (typeof leaveStatuses)[number]

/** A kind of time off. */
export interface LeaveType {
  readonly id: string
  readonly name: string
  readonly units: "hours" | "days"
  readonly color: string | null
  readonly icon: string
}

/** The kinds of time off that every company has. */
export const leaveTypes: ReadonlyArray<LeaveType> = [
  { id: "78", name: "Vacation", units: "hours", color: null, icon: "palm-trees" },
  { id: "79", name: "Sick", units: "hours", color: "eef448", icon: "band-aid" },
  { id: "77", name: "Bereavement", units: "days", color: "6a6a6a", icon: "time-off-luggage" },
  { id: "80", name: "Jury Duty", units: "days", color: "56afdd", icon: "time-off-calendar" },
  { id: "81", name: "Comp/In Lieu Time", units: "hours", color: "b185da", icon: "time-off-luggage" },
  { id: "83", name: "Volunteer Time", units: "hours", color: "4db6ac", icon: "family" }
]

/** A person who is not there any more: what `changed` still tells, and the name that old rows still show. */
export interface Tombstone {
  readonly id: number
  readonly at: number
  readonly name: string
  readonly employeeNumber: Cell
}

/** A user of the company's account. */
export interface User {
  readonly id: number
  readonly employeeId: number
  readonly lastLogin: number
}

/** List fields whose options have ids. */
export const listFields = ["employmentHistoryStatus", "jobTitle", "location", "department", "division"] as const
/** A list field whose options have ids. */
export type ListField = (typeof listFields)[number]

/** The simulated company: who is there, what changed when, and the ids that it hands out. */
export class Company {
  readonly employees = new Map<number, Employee>()
  readonly tombstones = new Map<number, Tombstone>()
  readonly leave = new Map<number, LeaveRequest>()
  readonly users: Array<User> = []
  readonly options: Record<ListField, Map<string, number>> = {
    employmentHistoryStatus: new Map(),
    jobTitle: new Map(),
    location: new Map(),
    department: new Map(),
    division: new Map()
  }
  readonly random: Random
  readonly now: () => number
  /** Whose record `GET /v1/employees/0` shows. */
  keyOwner: number | undefined
  nextEmployeeId = 4
  nextEmployeeNumber = 1
  #nextRowId = 38_563
  #nextLeaveId = 1_348
  #nextOptionId = 18_158
  #latestChange = 0

  constructor(seed: number, now: () => number) {
    this.random = new Random(seed)
    this.now = now
  }

  /** The company's day, in UTC. */
  today(): string {
    return new Date(this.now()).toISOString().slice(0, 10)
  }

  /** The time of a change made now: whole seconds, and never before a change that was made already. */
  stamp(): number {
    const second = Math.floor(this.now() / 1000) * 1000
    this.#latestChange = Math.max(this.#latestChange, second)
    return this.#latestChange
  }

  get latestChange(): number {
    return this.#latestChange
  }

  /** Adds an empty record; the caller fills it. `at` is given only while the company is being made up. */
  add(at: number = this.stamp()): Employee {
    const employee = emptyEmployee(this.nextEmployeeId++, at)
    employee.text.employeeNumber = String(this.nextEmployeeNumber++)
    this.#latestChange = Math.max(this.#latestChange, at)
    this.employees.set(employee.id, employee)
    return employee
  }

  /** Marks a change. A person who came in this very second is still new. */
  touch(employee: Employee): void {
    const at = this.stamp()
    if (employee.change === "Inserted" && employee.lastChanged === at) return
    employee.lastChanged = at
    employee.change = "Updated"
  }

  remove(employee: Employee): Tombstone {
    const tombstone: Tombstone = {
      id: employee.id,
      at: this.stamp(),
      name: displayName(employee),
      employeeNumber: employee.text.employeeNumber
    }
    this.employees.delete(employee.id)
    this.tombstones.set(employee.id, tombstone)
    for (const request of this.leave.values()) if (request.employeeId === employee.id) this.leave.delete(request.id)
    if (this.keyOwner === employee.id) this.keyOwner = undefined
    return tombstone
  }

  addRow(employee: Employee, table: TableName, cells: Record<string, Cell>, managerId?: number | null): Row {
    const row: Row = { id: this.#nextRowId++, cells, ...(managerId === undefined ? {} : { managerId }) }
    employee.tables[table].push(row)
    return row
  }

  addLeave(request: Omit<LeaveRequest, "id">): LeaveRequest {
    const added: LeaveRequest = { ...request, id: this.#nextLeaveId++ }
    this.leave.set(added.id, added)
    return added
  }

  /** The id of a list's option, which is made when the list has none of that name. */
  option(list: ListField, name: string): number {
    const known = this.options[list].get(name)
    if (known !== undefined) return known
    const id = this.#nextOptionId++
    this.options[list].set(name, id)
    return id
  }

  /** The name of somebody who is, or was, there. */
  nameOf(id: number | null | undefined): string {
    if (id === null || id === undefined) return ""
    const employee = this.employees.get(id)
    return employee === undefined ? (this.tombstones.get(id)?.name ?? "") : displayName(employee)
  }

  job(employee: Employee, day: string): Row | undefined {
    return rowInForce(employee.tables.jobInfo, "date", day)
  }

  pay(employee: Employee, day: string): Row | undefined {
    return rowInForce(employee.tables.compensation, "startDate", day)
  }

  employment(employee: Employee, day: string): Row | undefined {
    return rowInForce(employee.tables.employmentStatus, "date", day)
  }
}
