import { type QuickBooksSimulator, startQuickBooks } from "@crochet/simulators"
import type { App, Expected } from "../App.ts"
import { isCanary } from "../Canaries.ts"

const entities = ["Invoice", "Bill"] as const

const rowsOf = ({ control }: QuickBooksSimulator, entity: (typeof entities)[number]) =>
  control.list(entity).map(({ id }) => ({ id, recordId: `${entity.toLowerCase()}-${id}` }))

/** Three invoices and a bill are written, two invoices change, one is void, an invoice and a bill are deleted. */
const changeThings = (simulator: QuickBooksSimulator): Expected => {
  const { control } = simulator
  const [noted, moved, voided, removed] = rowsOf(simulator, "Invoice")
  const [dropped] = rowsOf(simulator, "Bill")
  const added = [...control.add("Invoice", {}, 3), ...control.add("Bill")]
  control.change("Invoice", noted!.id, { PrivateNote: "For Valentina Castellanos" })
  control.change("Invoice", moved!.id, { DueDate: "2027-01-31" })
  control.void("Invoice", voided!.id)
  control.remove("Invoice", removed!.id)
  control.remove("Bill", dropped!.id)
  return {
    new: new Set(added.map(({ entity, id }) => `${entity.toLowerCase()}-${id}`)),
    modified: new Set([noted!, moved!, voided!].map(({ recordId }) => recordId)),
    deleted: new Map([removed!, dropped!].map(({ recordId }) => [recordId, "gone"]))
  }
}

/** Names, addresses, phones and e-mails of customers and vendors. */
const personalOf = ({ control }: QuickBooksSimulator): ReadonlySet<string> => {
  const found = new Set<string>()
  const add = (value: unknown, ...keys: ReadonlyArray<string>) => {
    const text = keys.reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null ? Object.entries(inner).find(([k]) => k === key)?.[1] : undefined,
      value
    )
    if (isCanary(text)) found.add(text)
  }
  for (const { fields } of [...control.list("Customer"), ...control.list("Vendor")]) {
    for (const key of ["GivenName", "FamilyName", "DisplayName", "CompanyName"]) add(fields, key)
    add(fields, "PrimaryEmailAddr", "Address")
    add(fields, "PrimaryPhone", "FreeFormNumber")
    add(fields, "BillAddr", "Line1")
  }
  return found
}

/** Invoices and bills of QuickBooks Online, with customers, vendors, payments and accounts beside them. */
export const quickbooks: App = {
  id: "quickbooks",
  name: "QuickBooks",
  category: "ACCOUNTING",
  dataType: "accounting_invoices",
  records: "invoices and bills",
  words: {
    present: "invoices and bills",
    added: "that were written",
    changed: "that changed or became void",
    gone: "that were deleted"
  },
  start: async () => {
    const simulator = await startQuickBooks({ seed: 7, customers: 60, vendors: 20, invoices: 120, bills: 40 })
    const { Bill, Customer, Invoice, Vendor } = simulator.control.count()
    return {
      url: simulator.url,
      population: `${Invoice} invoices to ${Customer} customers, ${Bill} bills of ${Vendor} vendors`,
      account: {
        credentials: { accessToken: simulator.accessToken, refreshToken: simulator.refreshToken },
        settings: { realmId: simulator.realmId }
      },
      oauth: { clientId: simulator.clientId, clientSecret: simulator.clientSecret, tokenUrl: simulator.tokenUrl },
      present: () => new Set(entities.flatMap((entity) => rowsOf(simulator, entity)).map(({ recordId }) => recordId)),
      change: () => changeThings(simulator),
      personal: () => Promise.resolve(personalOf(simulator)),
      curl: `${simulator.url}/_control/add -d '{"entity": "Invoice", "count": 3}'`,
      close: () => simulator.close()
    }
  }
}
