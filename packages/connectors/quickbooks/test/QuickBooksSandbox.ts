import { Sandbox } from "@crochet/core/testing"
import { type QuickBooksEntity, type QuickBooksSimulator, startQuickBooks } from "@crochet/simulators"

const client = { clientId: "crochet", clientSecret: "client-secret-canary" }
const entities: { readonly [dataType: string]: readonly [QuickBooksEntity, ...ReadonlyArray<QuickBooksEntity>] } = {
  accounting_accounts: ["Account"],
  accounting_contacts: ["Customer", "Vendor"],
  accounting_credit_notes: ["CreditMemo", "VendorCredit"],
  accounting_employees: ["Employee"],
  accounting_expenses: ["Purchase"],
  accounting_invoices: ["Invoice", "Bill"],
  accounting_items: ["Item"],
  accounting_journal_entries: ["JournalEntry"],
  accounting_payment_methods: ["PaymentMethod"],
  accounting_payment_terms: ["Term"],
  accounting_payments: ["Payment", "BillPayment"],
  accounting_purchase_orders: ["PurchaseOrder"],
  accounting_tax_rates: ["TaxRate"],
  accounting_tracking_categories: ["Class", "Department"]
}
const one = Sandbox.absent("a connection has one company, which the simulator does not change")
const lists = ["Account", "Customer", "Employee", "Item", "PaymentMethod", "Term", "TaxRate", "Class"]

const populationOf = (
  { control }: QuickBooksSimulator,
  [first, second]: (typeof entities)[string]
): Sandbox.Population => {
  const idOf = (entity: QuickBooksEntity, id: string) => (second === undefined ? id : `${entity.toLowerCase()}-${id}`)
  const at = (id: string) =>
    [id.startsWith(`${second?.toLowerCase()}-`) ? second! : first, id.replace(/^\w+-/, "")] as const
  return {
    list: () =>
      [first, ...(second === undefined ? [] : [second])].flatMap((entity) =>
        control.list(entity).map(({ active, id }) => ({ id: idOf(entity, id), active }))
      ),
    add: () => idOf(first, control.add(first)[0]!.id),
    change: (id, turn) =>
      control.change(...at(id), { Name: `n${turn}`, GivenName: `n${turn}`, PrivateNote: `n${turn}` }),
    remove: (id) => control.remove(...at(id)),
    deactivate: lists.includes(first)
      ? (id) => control.activate(...at(id), false)
      : Sandbox.absent("transactions are deleted or voided, never inactive")
  }
}

const project = { Job: true, IsProject: true, ParentRef: { value: "1" } }
const only = Sandbox.absent("there is one closing date or none")

const projectsOf = ({ control }: QuickBooksSimulator): Sandbox.Population => {
  const at = (id: string) => id.replace("customer-", "")
  return {
    list: () =>
      control
        .list("Customer")
        .filter(({ fields }) => fields.IsProject === true)
        .map(({ active, id }) => ({ id: `customer-${id}`, active })),
    add: () => `customer-${control.add("Customer", project)[0]!.id}`,
    change: (id, turn) => control.change("Customer", at(id), { DisplayName: `n${turn}` }),
    remove: (id) => control.remove("Customer", at(id)),
    deactivate: (id) => control.activate("Customer", at(id), false)
  }
}

/** The QuickBooks simulator as the conformance kit wants it. */
export const sandbox: Sandbox.Sandbox = {
  records: 7,
  start: async ({ now, records, seed }) => {
    const sizes = { customers: records, vendors: records, invoices: records, bills: records, atLeast: records }
    const sim = await startQuickBooks({ ...sizes, seed, now, largestPage: 3, oauth: client })
    sim.control.add("Customer", project, Math.ceil(records / 2))
    const tokens = (realm?: string) => {
      const { expiresAt, ...granted } = sim.control.signIn(realm)
      return { ...granted, expiresAt: String(expiresAt) }
    }
    return {
      baseUrl: sim.url,
      answer: sim.answer,
      settings: { realmId: sim.realmId },
      access: null,
      wrong: { scheme: "oauth2", values: { accessToken: "a-token-that-nobody-gave" } },
      forbidden: { scheme: "oauth2", values: tokens("1234567890") },
      oauth: {
        scheme: "oauth2",
        client,
        tokenUrl: sim.tokenUrl,
        revokeUrl: sim.revokeUrl,
        signIn: () => tokens(),
        expire: () => sim.control.expireTokens(),
        revoke: () => sim.control.expireTokens({ refresh: true })
      },
      populations: {
        ...Object.fromEntries(Object.entries(entities).map(([id, of]) => [id, populationOf(sim, of)])),
        accounting_projects: projectsOf(sim),
        accounting_periods: {
          list: () => [{ id: "closed", active: true }],
          add: only,
          change: (_, turn) => sim.control.closeBooks(`${2000 + (turn % 1000)}-12-31`),
          remove: () => sim.control.closeBooks(null),
          deactivate: only
        },
        accounting_companies: {
          list: () => [{ id: "1", active: true }],
          add: one,
          change: one,
          remove: one,
          deactivate: one
        }
      },
      fault: ({ kind, match }) => sim.control.fault({ kind, match }),
      shuffle: (on) => sim.control.shuffleKeys(on),
      close: () => sim.close()
    }
  }
}
