/** Entities of which an inactive row is hidden from queries that do not ask for it; they are never deleted. */
export const listEntities = [
  "Account",
  "Class",
  "Customer",
  "Department",
  "Employee",
  "Item",
  "PaymentMethod",
  "TaxRate",
  "Term",
  "Vendor"
] as const
/** Transactions, which can be deleted and then are gone but for `cdc`. */
export const transactionEntities = [
  "Bill",
  "BillPayment",
  "CreditMemo",
  "Invoice",
  "JournalEntry",
  "Payment",
  "Purchase",
  "PurchaseOrder",
  "VendorCredit"
] as const

/** All entities that are simulated, beside `CompanyInfo`. */
export const entities = [...listEntities, ...transactionEntities] as const
/** An entity's name as the API writes it. */
export type Entity = (typeof entities)[number]

/** Queries of these tell `totalCount`; it counts the page and not the whole. */
export const counted: ReadonlySet<string> = new Set(["Invoice", "Bill", "JournalEntry"])
/** `cdc` does not tell of these. */
export const withoutCdc: ReadonlySet<string> = new Set(["TaxRate"])
const lists: ReadonlySet<string> = new Set(listEntities)

/** Whether the entity has `Active`. */
export const hasActive = (entity: string): boolean => lists.has(entity)

/** The entity of a name in any case, as paths write it (`creditmemo`). */
export const entityOf = (name: string): Entity | undefined =>
  entities.find((entity) => entity.toLowerCase() === name.toLowerCase())
