import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { type Account, collect, failure, resource, withAccount } from "./Account.ts"

const contacts = resource("accounting_contacts")
const invoices = resource("accounting_invoices")

/** A clock that the test moves; the simulator and its answers follow it. */
const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}
const idsOf = (of: typeof contacts, rows: ReadonlyArray<unknown>) => rows.map((row) => of.recordId(row)).toSorted()
const since = (of: typeof contacts, account: Account, cursor: string, filters = {}) =>
  collect(of.changes!.fetch(account.context({ filters }), cursor))

describe("changes", () => {
  it("start at the app's clock, as an instant whatever its offset", () => {
    const time = clock("2031-01-04T05:06:07Z")
    return withAccount({ now: time.now }, (account) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* invoices.changes!.start(account.context()), "2031-01-04T05:06:07Z")
      })
    )
  })

  it("bring what was added, changed, voided, made inactive and deleted, and nothing else", () => {
    const time = clock()
    return withAccount({ now: time.now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const cursor = yield* invoices.changes!.start(account.context())
        time.advance(3600)
        const [added] = control.add("Invoice")
        control.change("Bill", "2", { DocNumber: "B-2" })
        control.void("Invoice", "3")
        control.remove("Invoice", "4")
        control.remove("Bill", "5")
        control.activate("Vendor", "1", false)
        time.advance(60)
        const result = yield* since(invoices, account, cursor)
        assert.deepStrictEqual(idsOf(invoices, result.rows), [`invoice-${added!.id}`, "bill-2", "invoice-3"].toSorted())
        assert.deepStrictEqual(result.deleted.toSorted(), ["bill-5", "invoice-4"])
        assert.strictEqual(result.end?.cursor, "2026-07-01T13:01:00Z")
        const people = yield* since(contacts, account, cursor)
        assert.deepStrictEqual(idsOf(contacts, people.rows), ["vendor-1"])
        assert.deepStrictEqual(people.deleted, [])
      })
    )
  })

  it("are found when they show late, also over the change to daylight saving time", () => {
    // 2026-03-08, 10:00 UTC: clocks in California go from -08:00 to -07:00.
    const time = clock("2026-03-08T09:58:00Z")
    return withAccount({ now: time.now, delayMillis: 120_000 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.change("Invoice", "1", { DocNumber: "late" })
        const cursor = yield* invoices.changes!.start(account.context())
        time.advance(240)
        const result = yield* since(invoices, account, cursor)
        assert.deepStrictEqual(idsOf(invoices, result.rows), ["invoice-1"])
        assert.strictEqual(result.end?.cursor, "2026-03-08T10:02:00Z")
        const next = yield* since(invoices, account, result.end?.cursor ?? "")
        assert.isTrue(Date.parse(next.end?.cursor ?? "") >= Date.parse(result.end?.cursor ?? ""))
      })
    )
  })

  it("that are more than cdc tells: lists are read by time, transactions ask for a whole listing", () => {
    const time = clock()
    return withAccount({ now: time.now, customers: 5, vendors: 2 }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const cursor = yield* contacts.changes!.start(account.context())
        time.advance(3600)
        for (let index = 0; index < 1300; index++) {
          if (index % 100 === 0) time.advance(1)
          control.add("Customer")
        }
        time.advance(60)
        const result = yield* since(contacts, account, cursor)
        assert.strictEqual(new Set(idsOf(contacts, result.rows)).size, 1300)
        assert.strictEqual(result.rows.length, 1300)
        assert.isDefined(result.end)

        control.add("Invoice", {}, 1000)
        control.remove("Invoice", "1")
        const error = yield* failure(since(invoices, account, cursor))
        assert.strictEqual(error.reason._tag, "CursorExpired")
      })
    )
  })

  it("of more rows with one stamp than a page holds ask for a whole listing too", () => {
    const time = clock()
    return withAccount({ now: time.now, customers: 5 }, (account) =>
      Effect.gen(function* () {
        const cursor = yield* contacts.changes!.start(account.context())
        time.advance(3600)
        account.sim.control.add("Customer", {}, 1100)
        const error = yield* failure(since(contacts, account, cursor))
        assert.strictEqual(error.reason._tag, "CursorExpired")
      })
    )
  })

  it("from too long ago, or from what is no time, ask for a whole listing", () => {
    const time = clock()
    return withAccount({ now: time.now }, (account) =>
      Effect.gen(function* () {
        yield* invoices.changes!.start(account.context())
        for (const cursor of ["2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", "soon", ""]) {
          const error = yield* failure(since(invoices, account, cursor))
          assert.strictEqual(error.reason._tag, "CursorExpired", cursor)
        }
      })
    )
  })

  it("take out of a filtered sync what does not fit any more", () => {
    const time = clock()
    return withAccount({ now: time.now }, (account) =>
      Effect.gen(function* () {
        const filters = { kind: "Invoice", txnDateFrom: "2026-01-01" }
        const cursor = yield* invoices.changes!.start(account.context())
        time.advance(3600)
        account.sim.control.change("Invoice", "1", { TxnDate: "2025-12-31" })
        account.sim.control.change("Invoice", "2", { TxnDate: "2026-02-01" })
        account.sim.control.change("Bill", "1", { TxnDate: "2026-02-01" })
        const result = yield* since(invoices, account, cursor, filters)
        assert.deepStrictEqual(idsOf(invoices, result.rows), ["invoice-2"])
        assert.deepStrictEqual(result.deleted, ["invoice-1"])
      })
    )
  })

  it("are not asked for where cdc does not tell of them", () => {
    assert.isUndefined(resource("accounting_tax_rates").changes)
    assert.isUndefined(resource("accounting_companies").changes)
  })
})
