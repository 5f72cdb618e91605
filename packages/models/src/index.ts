/** The data types, which connectors name. */
export { AtsApplications } from "./ats/application/Application.ts"
export { AtsCandidates } from "./ats/candidate/Candidate.ts"
export { AtsJobs } from "./ats/job/Job.ts"
export { AtsActivities } from "./ats/lookup/Activity.ts"
export { AtsDepartments } from "./ats/lookup/Department.ts"
export { AtsOffices } from "./ats/lookup/Office.ts"
export { AtsRejectReasons } from "./ats/lookup/RejectReason.ts"
export { AtsTags } from "./ats/lookup/Tag.ts"
export { AtsUsers } from "./ats/lookup/UserAccount.ts"
export { Employee } from "./hris/employee/Employee.ts"

/** The HR models one by one: enums, schemas and models by name. */
export * as Hris from "./hris/index.ts"
/** The recruiting models one by one: enums, schemas and models by name. */
export * as Ats from "./ats/index.ts"
/** Parts that several categories share. */
export * as Shared from "./shared/index.ts"

/** For mappers: from an app's words to the models' values. */
export * as Country from "./mapping/Country.ts"
export * as Dates from "./mapping/Dates.ts"
export * as Enums from "./mapping/Enums.ts"
export * as Money from "./mapping/Money.ts"
