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
export { type SalesforceOptions, type SalesforceSimulator, startSalesforce } from "./salesforce/Salesforce.ts"
export type { BulkJob, BulkOptions } from "./salesforce/Bulk.ts"
export type { Limit as SalesforceLimit, SalesforceControl, SalesforceRecord } from "./salesforce/Control.ts"
export type { SalesforceOAuthOptions } from "./salesforce/OAuth.ts"
export type { Fields as SalesforceFields } from "./salesforce/Org.ts"
export type { Direct, DirectAnswer, DirectRequest } from "./server/Direct.ts"
export { type ArmedFault, type Fault, type FaultKind, faultKinds } from "./server/Fault.ts"
export { InvalidInput } from "./server/InvalidInput.ts"
export type { RateLimitOptions } from "./server/RateLimit.ts"
export type { LoggedRequest } from "./server/RequestLog.ts"
export { type QuickBooksOptions, type QuickBooksSimulator, startQuickBooks } from "./quickbooks/QuickBooks.ts"
export type { QuickBooksControl, QuickBooksRow, Refusal } from "./quickbooks/Control.ts"
export type { Entity as QuickBooksEntity } from "./quickbooks/Entities.ts"
export { startWorkable, type WorkableOptions, type WorkableSimulator } from "./workable/Workable.ts"
export type {
  CandidateChanges,
  CandidateSummary,
  EmployeeChanges,
  JobChanges,
  JobSummary,
  StaffSummary,
  WorkableControl
} from "./workable/Control.ts"
export type { WorkableOAuthOptions } from "./workable/OAuth.ts"
