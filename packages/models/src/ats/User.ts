/** A user of the recruiting system. `employeeId` joins to the HR system where the app knows it. */
export { UserReference as User } from "../shared/UserReference.ts"
