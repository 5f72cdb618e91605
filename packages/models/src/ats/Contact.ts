import { Email } from "../shared/Email.ts"
import { phone } from "../shared/Phone.ts"

/** Types of a candidate's phones. */
export const PhoneType = ["WORK", "PERSONAL", "SKYPE"] as const

/** A phone of a candidate. */
export const CandidatePhone = phone(PhoneType)

/** An e-mail address of a candidate. */
export const CandidateEmail = Email
