import type { Row, WireRow } from "./QuickBooksWire.ts"
import { text } from "./QuickBooksWire.ts"

/** What the API calls a kind of record, and how it behaves. */
export interface Entity {
  readonly name: string
  /** Rows have `Active`, are hidden from queries when it is false, and are not deleted. Others are transactions. */
  readonly list: boolean
}

const list = (name: string): Entity => ({ name, list: true })
const transaction = (name: string): Entity => ({ name, list: false })

/** The entities that are read. */
export const account = list("Account")
export const bill = transaction("Bill")
export const billPayment = transaction("BillPayment")
export const class_ = list("Class")
export const creditMemo = transaction("CreditMemo")
export const customer = list("Customer")
export const department = list("Department")
export const employee = list("Employee")
export const invoice = transaction("Invoice")
export const item = list("Item")
export const journalEntry = transaction("JournalEntry")
export const payment = transaction("Payment")
export const paymentMethod = list("PaymentMethod")
export const purchase = transaction("Purchase")
export const purchaseOrder = transaction("PurchaseOrder")
export const taxRate = list("TaxRate")
export const term = list("Term")
export const vendor = list("Vendor")
export const vendorCredit = transaction("VendorCredit")

/** What a data type is read from, and how its records are named. */
export interface Source {
  readonly entities: ReadonlyArray<Entity>
  /** Ids have the entity's name in front although there is one entity only, so that they join to another data type. */
  readonly prefixed?: true
  /** Which rows belong to the data type, where the API cannot be asked for them alone. */
  readonly keeps?: (row: Row) => boolean
}

/** An id of ours: ids of two entities overlap, so where a data type has two, each gets its entity's name in front. */
export const prefixed = (entity: string, id: string): string => `${entity.toLowerCase()}-${id}`

const isPlain = (source: Source) => source.entities.length === 1 && source.prefixed !== true

/** The id of a record, empty when the row has none. */
export const recordIdOf =
  (source: Source) =>
  ({ entity, wire }: Row): string => {
    const id = text(wire.Id)
    return id === undefined ? "" : isPlain(source) ? id : prefixed(entity, id)
  }

/** The record's id for its own `info`. */
export const ownId = ({ entity, wire }: Row): string | null => {
  const id = text(wire.Id)
  return id === undefined ? null : prefixed(entity, id)
}

/** What a record id names: its entity and the API's own id; `undefined` for what cannot be one. */
export const locate = (
  source: Source,
  recordId: string
): { readonly entity: Entity; readonly id: string } | undefined => {
  const { entities } = source
  const [only] = entities
  if (only !== undefined && isPlain(source)) return { entity: only, id: recordId }
  const [, prefix = "", id = ""] = /^([a-z]+)-(.+)$/.exec(recordId) ?? []
  const entity = entities.find(({ name }) => name.toLowerCase() === prefix)
  return entity === undefined ? undefined : { entity, id }
}

/** The ids of a row's class and department, as they are in the tracking categories. */
export const trackingIds = (...rows: ReadonlyArray<WireRow>): ReadonlyArray<string> | null => {
  const found = rows.flatMap((row) =>
    (["Class", "Department"] as const).flatMap((name) => {
      const reference = row[`${name}Ref`]
      const id =
        typeof reference === "object" && reference !== null && "value" in reference ? text(reference.value) : undefined
      return id === undefined ? [] : [prefixed(name, id)]
    })
  )
  return found.length === 0 ? null : [...new Set(found)]
}
