/**
 * Stand-ins for apps' APIs over real HTTP: a sandbox for users, the app of the demo and of the tests.
 *
 * @module
 */
export { type BambooHROptions, type BambooHRSimulator, startBambooHR } from "./bamboohr/BambooHR.ts"
export type {
  Control,
  DependentFields,
  EmployeeFields,
  EmployeeId,
  EmployeeSummary,
  LeaveFields
} from "./bamboohr/Control.ts"
export type { LockoutOptions } from "./bamboohr/Access.ts"
export type { LeaveStatus } from "./bamboohr/Company.ts"
export type { OAuthOptions } from "./bamboohr/OAuth.ts"
export { type ArmedFault, type Fault, type FaultKind, faultKinds } from "./server/Fault.ts"
export { InvalidInput } from "./server/InvalidInput.ts"
export type { RateLimitOptions } from "./server/RateLimit.ts"
export type { LoggedRequest } from "./server/RequestLog.ts"
export { type QuickBooksOptions, type QuickBooksSimulator, startQuickBooks } from "./quickbooks/QuickBooks.ts"
export type { QuickBooksControl, QuickBooksRow, Refusal } from "./quickbooks/Control.ts"
export type { Entity as QuickBooksEntity } from "./quickbooks/Entities.ts"
