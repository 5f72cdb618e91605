import { address } from "../../shared/Address.ts"

/** Types of addresses in a CRM. */
export const AddressType = ["PRIMARY", "BILLING", "SHIPPING", "MAILING", "OTHER"] as const

/** An address in a CRM. */
export const CrmAddress = address(AddressType)
