import { address } from "../shared/Address.ts"

/** Types of addresses in accounting. */
export const AddressType = ["PRIMARY", "BILLING", "SHIPPING", "MAILING", "OTHER"] as const

/** An address of a contact, a company or on a document. */
export const Address = address(AddressType)
