import { Effect, Option } from "effect"
import { assert, describe, it } from "vitest"
import { type Account, collect, failure, resource, withAccount } from "./Account.ts"

const contacts = resource("accounting_contacts")
const invoices = resource("accounting_invoices")

const idsOf = (of: typeof contacts, rows: ReadonlyArray<unknown>) => rows.map((row) => of.recordId(row))
const queries = ({ sim }: Account) =>
  sim.requests.filter(({ path }) => path.endsWith("/query")).map(({ query }) => String(query.query))

describe("listing", () => {
  it("reads customers and vendors, inactive ones too, each once, with ids that cannot collide", () =>
    withAccount({ customers: 2300, vendors: 12 }, (account) =>
      Effect.gen(function* () {
        const { end, pages, rows } = yield* collect(contacts.list(account.context()))
        const ids = idsOf(contacts, rows)
        const expected = (["Customer", "Vendor"] as const).flatMap((entity) =>
          account.sim.control.list(entity).map(({ id }) => `${entity.toLowerCase()}-${id}`)
        )
        assert.deepStrictEqual(ids.toSorted(), expected.toSorted())
        assert.isTrue(account.sim.control.list("Customer").some(({ active }) => !active))
        assert.deepStrictEqual(
          pages.map((page) => page.records.length),
          [1000, 980, 320, 12]
        )
        assert.strictEqual(end?.paging, "offset")
        assert.match(queries(account)[1] ?? "", /ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000$/)
      })
    ))

  it.each(["text", "number"] as const)("loses nobody while rows vanish before its position (ids as %s)", (idOrder) =>
    withAccount({ customers: 2500, vendors: 0, invoices: 0, bills: 0, idOrder }, (account) =>
      Effect.gen(function* () {
        const all = account.sim.control.list("Customer").map(({ id }) => id)
        const sorted = idOrder === "text" ? all.toSorted() : all
        const gone = sorted.slice(100, 160)
        const kinds = { kind: "Customer" }
        // One page, then sixty customers of it vanish: every later position moves by sixty.
        const first = yield* collect(contacts.list(account.context({ filters: kinds })))
        const checkpoint = first.pages[0]?.checkpoint
        for (const id of gone) account.sim.control.remove("Customer", id)
        const rest = yield* collect(contacts.list(account.context({ filters: kinds, checkpoint })))
        const seen = new Set(idsOf(contacts, [...(first.pages[0]?.records ?? []), ...rest.rows]))
        assert.deepStrictEqual(
          all.filter((id) => !gone.includes(id) && !seen.has(`customer-${id}`)),
          []
        )
        assert.isDefined(rest.end)
      })
    )
  )

  it("goes on from every checkpoint to the same rest", () =>
    withAccount({ customers: 1500, vendors: 3 }, (account) =>
      Effect.gen(function* () {
        const whole = yield* collect(contacts.list(account.context()))
        for (const [at, page] of whole.pages.entries()) {
          const rest = yield* collect(contacts.list(account.context({ checkpoint: page.checkpoint })))
          assert.deepStrictEqual(
            idsOf(contacts, rest.rows),
            idsOf(
              contacts,
              whole.pages.slice(at + 1).flatMap(({ records }) => records)
            )
          )
          assert.isDefined(rest.end)
        }
        const strange = yield* collect(contacts.list(account.context({ checkpoint: { page: 3 } })))
        assert.strictEqual(strange.rows.length, whole.rows.length)
        assert.strictEqual(account.issues[0]?.code, "listing.restarted")
      })
    ))

  it("of nothing has an end; of fewer rows than there are it has none", () =>
    withAccount({ customers: 0, vendors: 0, invoices: 4, bills: 0 }, (account) =>
      Effect.gen(function* () {
        const empty = yield* collect(contacts.list(account.context()))
        assert.deepStrictEqual(empty.rows, [])
        assert.isDefined(empty.end)

        account.sim.control.fault({ kind: "drop-page", match: { path: "SELECT+*+FROM+Invoice" }, times: 1 })
        const error = yield* failure(collect(invoices.list(account.context())))
        assert.strictEqual(error.reason._tag, "BadPayload")

        account.sim.control.fault({ kind: "empty-list", match: { path: "SELECT+*+FROM+Invoice" }, times: Infinity })
        const cut = yield* collect(invoices.list(account.context()))
        assert.isUndefined(cut.end)
        assert.strictEqual(account.issues[0]?.code, "listing.incomplete")
      })
    ))

  it("is filtered by the app: kind and days", () =>
    withAccount({ invoices: 30, bills: 10, now: () => Date.parse("2026-07-01T12:00:00Z") }, (account) =>
      Effect.gen(function* () {
        const filters = { kind: "Invoice", txnDateFrom: "2026-01-01", txnDateTo: "2026-03-31" }
        const { rows } = yield* collect(invoices.list(account.context({ filters })))
        const expected = account.sim.control
          .list("Invoice")
          .filter(({ fields }) => String(fields.TxnDate) >= "2026-01-01" && String(fields.TxnDate) <= "2026-03-31")
          .map(({ id }) => `invoice-${id}`)
        assert.isNotEmpty(expected)
        assert.deepStrictEqual(idsOf(invoices, rows).toSorted(), expected.toSorted())
        const error = yield* failure(
          collect(invoices.list(account.context({ filters: { txnDateFrom: "yesterday' OR" } })))
        )
        assert.match(error.message, /txnDateFrom must be a date/)
      })
    ))

  it("reads every data type, and every row fits its models", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        const { connector } = yield* Effect.promise(() => import("../src/index.ts"))
        const { decoded } = yield* Effect.promise(() => import("./Account.ts"))
        account.sim.control.add("Customer", { IsProject: true })
        for (const of of connector.resources) {
          const { end, rows } = yield* collect(of.list(account.context()))
          assert.isDefined(end, of.dataType.id)
          assert.isNotEmpty(rows, of.dataType.id)
          for (const row of rows) {
            const { info } = decoded(of.dataType.id, row as never)
            assert.strictEqual((info as { id: string }).id, of.recordId(row))
          }
        }
      })
    ))
})

describe("get", () => {
  it("reads one record, none for 610, and refuses to take another answer for gone", () =>
    withAccount({ customers: 3 }, (account) =>
      Effect.gen(function* () {
        const get = contacts.get!
        const found = yield* get(account.context(), "customer-2")
        assert.strictEqual(contacts.recordId(Option.getOrThrow(found)), "customer-2")
        assert.isTrue(Option.isNone(yield* get(account.context(), "vendor-99")))
        assert.isTrue(Option.isNone(yield* get(account.context(), "unicorn-1")))
        for (const status of [403, 404, 410]) {
          account.sim.control.fault({ kind: "status", status, times: 9 })
          const error = yield* failure(get(account.context(), "customer-2"))
          assert.notStrictEqual(error.reason._tag, "NotFound", String(status))
          account.sim.control.clearFaults()
        }
      })
    ))
})
