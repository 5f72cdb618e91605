import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import type { Row } from "../src/SalesforceRow.ts"
import { collect, failure, resourceOf, withAccount } from "./Account.ts"
import { decoded } from "./Decoded.ts"

const associations = resourceOf("crm_associations")
const records = { OpportunityContactRole: 30, AccountContactRelation: 20, CampaignMember: 10, Contact: 50 }
const hour = 3_600_000
const clock = () => {
  let now = Date.parse("2026-07-01T12:00:30.000Z")
  return { now: () => now, pass: (millis: number) => void (now += millis) }
}
const unavailable = ({ issues }: { readonly issues: ReadonlyArray<{ readonly code: string }> }) =>
  issues.filter(({ code }) => code === "salesforce.object_unavailable").length

describe("associations", () => {
  it("are those of all three objects, and each leads to records that are there", () =>
    withAccount({ records }, (account) =>
      Effect.gen(function* () {
        const { end, pages, rows } = yield* collect(associations.list(account.context("crm_associations")))
        assert.isDefined(end)
        assert.strictEqual(rows.length, 60)
        const { control } = account.sim
        for (const row of rows) {
          const { info } = decoded("crm_associations", row)
          assert.strictEqual(control.get(info.sourceId).object, info.sourceSchemaId)
          assert.strictEqual(control.get(info.targetId).object, info.targetSchemaId)
        }
        const roles = rows.filter(({ type }) => type === "OpportunityContactRole")
        assert.strictEqual(
          decoded("crm_associations", roles[3]).info.label,
          control.get(String(roles[3]?.Id)).fields.Role
        )
        const again = associations.list(account.context("crm_associations", { checkpoint: pages[0]!.checkpoint }))
        assert.deepStrictEqual((yield* collect(again)).rows, rows.slice(30))
      })
    ))

  it("change, come and go without a change of the records at either end", () => {
    const { now, pass } = clock()
    return withAccount({ records, now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const deals = resourceOf("crm_deals")
        const start = yield* associations.changes!.start(account.context("crm_associations"))
        pass(hour)
        const [role, gone] = control.list("OpportunityContactRole")
        control.change(role!.id, { Role: "Influencer" })
        // Deleted directly, a contact role does not go to the recycle bin.
        control.remove(gone!.id)
        const [relation] = control.list("AccountContactRelation")
        control.change(relation!.id, { IsActive: false })
        const contact = control.list("Contact")[0]!.id
        const [added] = control.add("CampaignMember", { CampaignId: "701Sm0000000000AAA", ContactId: contact })
        pass(hour)
        yield* associations.changes!.start(account.context("crm_associations"))
        const delta = yield* collect(associations.changes!.fetch(account.context("crm_associations"), start))
        assert.deepStrictEqual(
          delta.rows.map(({ Id }) => Id),
          [role!.id, relation!.id, added]
        )
        assert.deepStrictEqual(delta.deleted, [gone!.id])
        assert.strictEqual(decoded("crm_associations", delta.rows[1]).info.isActive, "FALSE")
        assert.deepStrictEqual(
          (yield* collect(deals.changes!.fetch(account.context("crm_deals"), start))).rows,
          [],
          "the deal did not change"
        )
        pass(hour)
        yield* associations.changes!.start(account.context("crm_associations"))
        const later = yield* collect(
          associations.changes!.fetch(account.context("crm_associations"), delta.end!.cursor!)
        )
        assert.deepStrictEqual([later.rows, later.deleted], [[], []])
      })
    )
  })

  it("are read without an object that the org does not have, and an issue says so", () => {
    const { now, pass } = clock()
    return withAccount({ records, now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const relation = control.list("AccountContactRelation")[0]!.id
        control.hideObject("AccountContactRelation")
        const context = () => account.context("crm_associations")
        const { end, rows } = yield* collect(associations.list(context()))
        assert.isDefined(end)
        assert.strictEqual(rows.length, 40)
        assert.strictEqual(unavailable(account), 1)
        assert.include(account.issues.at(-1)?.message ?? "", "Contacts to Multiple Accounts")
        assert.strictEqual((yield* associations.get!(context(), relation))._tag, "None")

        const start = yield* associations.changes!.start(context())
        pass(hour)
        const [role] = control.list("OpportunityContactRole")
        control.change(role!.id, { Role: "Influencer" })
        pass(hour)
        yield* associations.changes!.start(context())
        const delta = yield* collect(associations.changes!.fetch(context(), start))
        assert.deepStrictEqual(
          delta.rows.map(({ Id }) => Id),
          [role!.id]
        )
        assert.isString(delta.end?.cursor)
        assert.strictEqual(unavailable(account), 2)
      })
    )
  })

  it("are none in an org that has none of the objects, and the next delta still has a cursor", () =>
    withAccount({ records }, (account) =>
      Effect.gen(function* () {
        for (const object of ["OpportunityContactRole", "AccountContactRelation", "CampaignMember"])
          account.sim.control.hideObject(object)
        const context = account.context("crm_associations")
        const { end, rows } = yield* collect(associations.list(context))
        assert.deepStrictEqual([rows, end === undefined, unavailable(account)], [[], false, 3])
        const start = yield* associations.changes!.start(context)
        const delta = yield* collect(associations.changes!.fetch(context, start))
        assert.isString(delta.end?.cursor)
      })
    ))

  it("are not taken for absent when the object is listed but cannot be described", () =>
    withAccount({ records }, (account) =>
      Effect.gen(function* () {
        const match = { path: "/AccountContactRelation/describe" }
        account.sim.control.fault({ kind: "status", status: 404, times: Infinity, match })
        const error = yield* failure(collect(associations.list(account.context("crm_associations"))))
        assert.strictEqual(error.reason._tag, "NotFound")
        assert.strictEqual(unavailable(account), 0)
      })
    ))

  it("can be read one by one by the id alone", () =>
    withAccount({ records }, (account) =>
      Effect.gen(function* () {
        const context = account.context("crm_associations")
        const { rows } = yield* collect(associations.list(context))
        for (const at of [0, 35, 55]) {
          const one = yield* associations.get!(context, String(rows[at]?.Id))
          assert.deepStrictEqual(one._tag === "Some" && one.value, rows[at])
        }
        const [member] = account.sim.control.list("CampaignMember")
        account.sim.control.remove(member!.id)
        for (const id of [member!.id, account.sim.control.list("Contact")[0]!.id, "x"])
          assert.strictEqual((yield* associations.get!(context, id))._tag, "None")
      })
    ))
})

describe("the mapping of associations", () => {
  const info = (row: Row) => decoded("crm_associations", row).info

  it("of a deal carry the contact's role", () => {
    assert.deepStrictEqual<unknown>(
      info({
        type: "OpportunityContactRole",
        Id: "00K1",
        OpportunityId: "0061",
        ContactId: "0031",
        Role: "Evaluator",
        IsPrimary: true
      }),
      {
        id: "00K1",
        type: "OpportunityContactRole",
        sourceSchemaId: "Opportunity",
        sourceId: "0061",
        targetSchemaId: "Contact",
        targetId: "0031",
        label: "Evaluator",
        isPrimary: "TRUE",
        isActive: "NOT_SPECIFIED"
      }
    )
  })

  it("of an account may have several roles, and may have ended", () => {
    const row: Row = {
      type: "AccountContactRelation",
      Id: "07k1",
      AccountId: "0011",
      ContactId: "0031",
      Roles: ["Decision Maker", "Evaluator"],
      IsDirect: false,
      IsActive: false
    }
    assert.deepInclude(info(row), {
      sourceSchemaId: "Account",
      sourceId: "0011",
      targetId: "0031",
      label: "Decision Maker; Evaluator",
      isPrimary: "FALSE",
      isActive: "FALSE"
    })
    assert.isNull(info({ ...row, Roles: null }).label)
  })

  it("of a campaign lead to a contact, a lead or an account; a converted lead is a contact", () => {
    const target = (ids: { readonly [field: string]: string }) => {
      const { targetId, targetSchemaId } = info({ type: "CampaignMember", Id: "00v1", CampaignId: "7011", ...ids })
      return [targetSchemaId, targetId]
    }
    assert.deepStrictEqual(target({ LeadId: "00Q1" }), ["Lead", "00Q1"])
    assert.deepStrictEqual(target({ LeadId: "00Q1", ContactId: "0031" }), ["Contact", "0031"])
    assert.deepStrictEqual(target({ AccountId: "0011" }), ["Account", "0011"])
    assert.deepStrictEqual<unknown>(target({}), [null, null])
  })
})
