import { phone } from "../../shared/Phone.ts"

/** Types of phones in a CRM. */
export const PhoneType = ["WORK", "MOBILE", "HOME", "FAX", "OTHER"] as const

/** A phone in a CRM. */
export const CrmPhone = phone(PhoneType)
