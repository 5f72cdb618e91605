import { phone } from "../shared/Phone.ts"

/** Types of phones in accounting. */
export const PhoneType = ["WORK", "MOBILE", "HOME", "FAX", "OTHER"] as const

/** A phone of a contact, a company or an employee. */
export const Phone = phone(PhoneType)
