import { Effect, Option } from "effect"
import { assert, describe, it } from "vitest"
import { collect, decoded, resource, withAccount } from "./Account.ts"

const projects = resource("accounting_projects")
const contacts = resource("accounting_contacts")
const project = { Job: true, IsProject: true, ParentRef: { value: "2" }, DisplayName: "Bride's shawl" }
const idsOf = (rows: ReadonlyArray<unknown>) => rows.map((row) => projects.recordId(row)).toSorted()
const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

describe("projects", () => {
  it("are the customers that say so, under the ids by which documents name them", () =>
    withAccount({ customers: 12, largestPage: 3 }, (account) =>
      Effect.gen(function* () {
        const made = account.sim.control.add("Customer", project, 4).map(({ id }) => `customer-${id}`)
        const { end, rows } = yield* collect(projects.list(account.context()))
        assert.isDefined(end)
        assert.deepStrictEqual(idsOf(rows), made.toSorted())
        const listed = yield* collect(contacts.list(account.context()))
        const ids = listed.rows.map((row) => contacts.recordId(row))
        assert.includeMembers(ids, made)
        const { info } = decoded("accounting_projects", rows[0] as never)
        assert.deepInclude(info, { id: made[0], name: "Bride's shawl", customerId: "customer-2", isActive: "TRUE" })
      })
    ))

  it("can be read one by one; another customer is none", () =>
    withAccount({ customers: 3 }, (account) =>
      Effect.gen(function* () {
        const [made] = account.sim.control.add("Customer", project)
        const get = (id: string) => projects.get!(account.context(), id)
        const found = Option.getOrThrow(yield* get(`customer-${made!.id}`))
        assert.strictEqual(projects.recordId(found), `customer-${made!.id}`)
        for (const id of ["customer-1", "customer-99", made!.id, "vendor-1"]) {
          assert.isTrue(Option.isNone(yield* get(id)), id)
        }
      })
    ))

  it("change with their customers, and are gone when they are projects no more", () => {
    const time = clock()
    return withAccount({ customers: 5, now: time.now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const [first, second] = control.add("Customer", project, 3)
        time.advance(3600)
        const start = yield* projects.changes!.start(account.context())
        time.advance(3600)
        control.change("Customer", first!.id, { DisplayName: "Groom's vest" })
        control.change("Customer", second!.id, { IsProject: false })
        control.change("Customer", "1", { DisplayName: "Not a project" })
        time.advance(60)
        const delta = yield* collect(projects.changes!.fetch(account.context(), start))
        assert.deepStrictEqual(idsOf(delta.rows), [`customer-${first!.id}`])
        assert.include(delta.deleted, `customer-${second!.id}`)
      })
    )
  })

  it("that cannot be read are reported and not taken for other customers", () => {
    for (const IsProject of [[{ broken: true }], "perhaps"]) {
      const row = { entity: "Customer", wire: { Id: "7", IsProject } }
      assert.throws(() => projects.toRecord(row), /no project/)
    }
  })
})

describe("the closing date of the books", () => {
  const periods = resource("accounting_periods")

  it("is one closed period, and none where the books are open", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        control.closeBooks("2025-12-31")
        const { end, rows } = yield* collect(periods.list(account.context()))
        assert.isDefined(end)
        assert.deepStrictEqual(
          rows.map((row) => decoded("accounting_periods", row as never).info),
          [
            {
              id: "closed",
              name: null,
              start: null,
              end: "2025-12-31T00:00:00.000Z",
              status: "CLOSED",
              statusRaw: null
            }
          ]
        )
        const get = (id: string) => periods.get!(account.context(), id)
        assert.isTrue(Option.isSome(yield* get("closed")))
        assert.isTrue(Option.isNone(yield* get("2025")))
        control.closeBooks(null)
        const open = yield* collect(periods.list(account.context()))
        assert.deepStrictEqual([open.rows, open.end === undefined], [[], false])
        assert.isTrue(Option.isNone(yield* get("closed")))
      })
    ))

  it("that is no date is reported", () => {
    assert.throws(() => periods.toRecord({ entity: "Preferences", wire: { BookCloseDate: "soon" } }), /no date/)
  })
})

describe("the company", () => {
  it("has its currency, method and tax from the preferences", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        const companies = resource("accounting_companies")
        const { rows } = yield* collect(companies.list(account.context()))
        const { info, rawValues } = decoded("accounting_companies", rows[0] as never)
        assert.deepInclude(info, { currency: "USD", accountingMethod: "ACCRUAL", taxEnabled: "TRUE" })
        assert.deepInclude(rawValues, { accountingMethod: "Accrual" })
        const open = decoded("accounting_companies", { entity: "CompanyInfo", wire: { Id: "1" } })
        assert.deepInclude(open.info, {
          currency: null,
          accountingMethod: "NOT_SPECIFIED",
          taxEnabled: "NOT_SPECIFIED"
        })
      })
    ))
})
