/** The time that a salary in a job or an offer is for. */
export { PayPeriod as SalaryPeriod } from "../hris/employee/Pay.ts"
