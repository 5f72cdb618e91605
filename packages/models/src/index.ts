/** The data types, which connectors name. */
export { Employee } from "./hris/employee/Employee.ts"
export { HrisAttendance } from "./hris/time/Attendance.ts"
export { HrisCompanies } from "./hris/organisation/Companies.ts"
export { HrisDocuments } from "./hris/documents/Documents.ts"
export { HrisGroups } from "./hris/organisation/Groups.ts"
export { HrisLocations } from "./hris/organisation/Locations.ts"
export { HrisTimesheets } from "./hris/time/Timesheets.ts"
export { PayrollRuns } from "./hris/payroll/PayrollRuns.ts"
export { PayrollStatements } from "./hris/payroll/PayrollStatements.ts"

/** The HR models one by one: enums, schemas and models by name. */
export * as Hris from "./hris/index.ts"
/** Parts that several categories share. */
export * as Shared from "./shared/index.ts"

/** For mappers: from an app's words to the models' values. */
export * as Country from "./mapping/Country.ts"
export * as Dates from "./mapping/Dates.ts"
export * as Enums from "./mapping/Enums.ts"
export * as Money from "./mapping/Money.ts"
