/** The HR models one by one: enums, schemas and models by name. */
export * as Hris from "./hris/index.ts"

export { Employee } from "./hris/employee/Employee.ts"

export * as Country from "./mapping/Country.ts"
export * as Dates from "./mapping/Dates.ts"
export * as Enums from "./mapping/Enums.ts"
export * as Money from "./mapping/Money.ts"
