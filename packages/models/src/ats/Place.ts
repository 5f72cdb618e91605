import { address } from "../shared/Address.ts"

/** What an address in a recruiting system is of. */
export const AddressType = ["WORK", "HOME", "OTHER"] as const

/** Where a candidate lives or an office is. */
export const Place = address(AddressType)
