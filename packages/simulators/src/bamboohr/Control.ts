import type { ArmedFault, Fault } from "../server/Fault.ts"
import type { LeaveStatus } from "./Company.ts"
import type { TextField } from "./Employee.ts"

/** An employee's id; the API writes it as a text. */
export type EmployeeId = string | number

/**
 * What can be set on an employee, named as the employee endpoint names it. `jobTitle`, `department`, `division`, `location`
 * and `managerId` add a row to the job history, `payRate` ("65000.00 USD"), `payType` and `payPer` one to the pay history,
 * `employmentHistoryStatus` one to the employment history. Dates are `YYYY-MM-DD`, null empties a field.
 */
export type EmployeeFields = Partial<Record<TextField, string | null>> & {
  readonly jobTitle?: string
  readonly department?: string
  readonly division?: string
  readonly location?: string
  readonly managerId?: EmployeeId | null
  readonly payRate?: string
  readonly payType?: string
  readonly payPer?: string
  readonly employmentHistoryStatus?: string
  readonly status?: "Active" | "Inactive"
}

/** An employee as the control interface shows one. */
export interface EmployeeSummary {
  readonly id: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly workEmail: string | null
  readonly jobTitle: string | null
  readonly department: string | null
  readonly location: string | null
  readonly managerId: string | null
  readonly payRate: string | null
  readonly status: "Active" | "Inactive"
  readonly hireDate: string | null
  readonly terminationDate: string | null
  readonly dependents: number
  readonly lastChanged: string
}

/** A dependent; what is left out is null. `ssn` never leaves the app unmasked at `/v1/employeedependents`. */
export interface DependentFields {
  readonly firstName: string
  readonly lastName?: string
  readonly relationship: string
  readonly gender?: string
  readonly dateOfBirth?: string
}

/** A request for time off; type is a name or an id of `GET /v1/meta/time_off/types`. */
export interface LeaveFields {
  readonly employeeId: EmployeeId
  readonly start: string
  readonly end: string
  readonly type?: string
  readonly status?: LeaveStatus
  readonly note?: string
}

/** The ways to change the company and the server while they run. Every bad input is an `InvalidInput` naming its field. */
export interface Control {
  /** Hires so many made-up people, or people with the fields given. Default one. */
  readonly hire: (who?: number | EmployeeFields | ReadonlyArray<EmployeeFields>) => ReadonlyArray<EmployeeSummary>
  readonly change: (id: EmployeeId, fields: EmployeeFields) => EmployeeSummary
  /** Ends the employment: Inactive, a termination date (today unless told) and a row in the employment history. */
  readonly fire: (id: EmployeeId, options?: { readonly date?: string; readonly reason?: string }) => EmployeeSummary
  /** Removes the record itself; `changed` then says Deleted. */
  readonly remove: (id: EmployeeId) => { readonly id: string; readonly deleted: true }
  readonly addLeave: (leave: LeaveFields) => { readonly id: string; readonly amount: string; readonly unit: string }
  readonly changeLeave: (id: EmployeeId, status: LeaveStatus) => { readonly id: string; readonly status: LeaveStatus }
  /** Puts this list in the place of all dependents of the employee. */
  readonly changeDependents: (id: EmployeeId, dependents: ReadonlyArray<DependentFields>) => EmployeeSummary
  readonly list: (options?: {
    readonly status?: "Active" | "Inactive"
    readonly offset?: number
    readonly limit?: number
  }) => ReadonlyArray<EmployeeSummary>
  readonly get: (id: EmployeeId) => EmployeeSummary
  readonly count: () => {
    readonly total: number
    readonly active: number
    readonly inactive: number
    readonly deleted: number
  }
  readonly fault: (fault: Fault) => ArmedFault
  readonly faults: () => ReadonlyArray<ArmedFault>
  readonly clearFaults: () => number
  /** Ends all access tokens; with `refresh` the refresh tokens too, so that only a new consent helps. */
  readonly expireTokens: (options?: { readonly refresh?: boolean }) => number
  readonly revokeKey: () => void
  /** Makes a key valid: the first one, or the one given. Also ends a lockout. */
  readonly restoreKey: (key?: string) => void
  /** Writes JSON with keys in random order and random white space from now on. */
  readonly shuffleKeys: (on: boolean) => void
  readonly clearRequests: () => number
}
