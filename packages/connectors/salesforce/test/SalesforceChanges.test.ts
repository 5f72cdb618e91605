import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { type Account, collect, failure, resourceOf, withAccount } from "./Account.ts"
import { decoded } from "./Decoded.ts"

const contacts = resourceOf("crm_contacts")
const changes = contacts.changes!

/** A clock that the test moves: seconds count here. */
const clock = () => {
  let now = Date.parse("2026-07-01T12:00:30.000Z")
  return {
    now: () => now,
    pass: (millis: number) => {
      now += millis
    }
  }
}
const hour = 3_600_000

/** A delta of a client that has just heard the app's clock, which tests move faster than ours. */
const changed = (account: Account, cursor: string, filters: { readonly [id: string]: string } = {}) =>
  Effect.andThen(
    changes.start(account.context("crm_contacts")),
    collect(changes.fetch(account.context("crm_contacts", { filters }), cursor))
  )

describe("changes", () => {
  it("are what was added and changed since, and what is gone; then nothing", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 500 }, now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const start = yield* changes.start(account.context("crm_contacts"))
        assert.closeTo(Date.parse(start), now(), 1500)
        const [first, second, third] = control.list("Contact")
        pass(hour)
        control.change(first!.id, { Title: "Master weaver" })
        const [added] = control.add("Contact", { LastName: "Nouveau" })
        control.remove(second!.id)
        control.remove(third!.id, { purge: true })
        pass(hour)
        const delta = yield* changed(account, start)
        assert.deepStrictEqual(
          delta.rows.map(({ Id }) => Id),
          [first!.id, added]
        )
        assert.deepStrictEqual([...delta.deleted].sort(), [second!.id, third!.id].sort())
        assert.strictEqual(decoded("crm_contacts", delta.rows[0]).info.jobTitle, "Master weaver")
        assert.isString(delta.end?.cursor)
        pass(hour)
        const next = yield* changed(account, delta.end!.cursor!)
        assert.deepStrictEqual([next.rows, next.deleted], [[], []])
      })
    )
  })

  it("find what was written before the cursor and seen after it", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 50 }, now, delayMillis: 60_000 }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const [first, second] = control.list("Contact")
        pass(hour)
        control.change(first!.id, { Title: "Late" })
        control.remove(second!.id)
        pass(10_000)
        const start = yield* changes.start(account.context("crm_contacts"))
        assert.deepStrictEqual((yield* changed(account, start)).rows, [])
        pass(hour)
        const delta = yield* changed(account, start)
        assert.deepStrictEqual(
          delta.rows.map(({ Id }) => Id),
          [first!.id]
        )
        assert.deepStrictEqual(delta.deleted, [second!.id])
      })
    )
  })

  it("are complete where more records share a stamp than fit on a page", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 10 }, now, pageSizes: [2000, 900] }, (account) =>
      Effect.gen(function* () {
        const start = yield* changes.start(account.context("crm_contacts"))
        pass(hour)
        account.sim.control.add("Contact", 4500)
        pass(hour)
        const delta = yield* changed(account, start)
        assert.strictEqual(new Set(delta.rows.map(({ Id }) => Id)).size, 4500)
        assert.strictEqual(delta.rows.length, 4500)
      })
    )
  })

  it("do not delete what was taken out of the bin again", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 10 }, now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const start = yield* changes.start(account.context("crm_contacts"))
        const [first] = control.list("Contact")
        pass(hour)
        control.remove(first!.id)
        pass(hour)
        control.restore(first!.id)
        const delta = yield* changed(account, start)
        assert.deepStrictEqual(delta.deleted, [])
        assert.deepStrictEqual(
          delta.rows.map(({ Id }) => Id),
          [first!.id]
        )
      })
    )
  })

  it("report what does not fit the filter any more as gone", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 50 }, now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const [mine, other] = control.list("User")
        const [first, second] = control.list("Contact")
        const start = yield* changes.start(account.context("crm_contacts"))
        pass(hour)
        control.change(first!.id, { OwnerId: mine!.id })
        control.change(second!.id, { OwnerId: other!.id })
        pass(hour)
        const delta = yield* changed(account, start, { ownerId: mine!.id })
        assert.deepStrictEqual(
          delta.rows.map(({ Id }) => Id),
          [first!.id]
        )
        assert.deepStrictEqual(delta.deleted, [second!.id])
        const short = yield* changed(account, start, { ownerId: mine!.id.slice(0, 15) })
        assert.deepStrictEqual(
          short.rows.map(({ Id }) => Id),
          [first!.id]
        )
      })
    )
  })

  it("end as an expired cursor when the log of deletions does not reach back far enough", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 5 }, now, maxDeletedIds: 2 }, (account) =>
      Effect.gen(function* () {
        const start = yield* changes.start(account.context("crm_contacts"))
        pass(hour)
        for (const { id } of account.sim.control.list("Contact", { limit: 3 })) account.sim.control.remove(id)
        pass(hour)
        assert.strictEqual((yield* failure(changed(account, start))).reason._tag, "CursorExpired")
        pass(16 * 24 * hour)
        assert.strictEqual((yield* failure(changed(account, start))).reason._tag, "CursorExpired")
        assert.strictEqual((yield* failure(changed(account, "yesterday"))).reason._tag, "CursorExpired")
      })
    )
  })

  it("are taken from the recycle bin where the app logs no deletions", () => {
    const { now, pass } = clock()
    return withAccount({ records: { Contact: 10 }, now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const start = yield* changes.start(account.context("crm_contacts"))
        const [first] = control.list("Contact")
        pass(hour)
        control.remove(first!.id)
        pass(hour)
        control.replicate("Contact", false)
        const delta = yield* changed(account, start)
        assert.deepStrictEqual(delta.deleted, [first!.id])
      })
    )
  })

  it("begin each object's delta where the least far one ended", () => {
    const { now, pass } = clock()
    const records = resourceOf("crm_records")
    return withAccount(
      { records: { Loom__c: 10, Campaign: 10 }, now },
      (account) =>
        Effect.gen(function* () {
          const { control } = account.sim
          const start = yield* records.changes!.start(account.context("crm_records"))
          pass(hour)
          const [loom] = control.add("Loom__c", { Name: "L-new" })
          control.remove(control.list("Campaign")[0]!.id)
          const campaign = control.list("Campaign")[0]!.id
          control.change(campaign, { Name: "Autumn fair" })
          pass(hour)
          const delta = yield* collect(records.changes!.fetch(account.context("crm_records"), start))
          assert.deepStrictEqual(
            delta.rows.map(({ Id }) => Id),
            [loom, campaign]
          )
          assert.strictEqual(delta.deleted.length, 1)
          assert.isAtMost(Date.parse(delta.end!.cursor!), now() + 1500)
          assert.isAbove(Date.parse(delta.end!.cursor!), now() - 60_000)
        }),
      { objects: "Loom__c,Campaign" }
    )
  })
})

describe("single records", () => {
  it("are the rows of the listing, none for what is deleted, unknown or no id", () =>
    withAccount({ records: { Contact: 5 } }, (account) =>
      Effect.gen(function* () {
        const { rows } = yield* collect(contacts.list(account.context("crm_contacts")))
        const get = (id: string) => contacts.get!(account.context("crm_contacts"), id)
        const [first, second] = rows.map(({ Id }) => String(Id))
        const found = yield* get(first!)
        assert.deepStrictEqual(found._tag === "Some" && found.value, rows[0])
        assert.strictEqual((yield* get(first!.slice(0, 15)))._tag, "Some")
        account.sim.control.remove(second!)
        for (const id of [second!, "003000000000000AAA", "x' OR Name != '"])
          assert.strictEqual((yield* get(id))._tag, "None")
      })
    ))
})
