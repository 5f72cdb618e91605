import { Effect, Fiber, Stream } from "effect"
import { assert, describe, it } from "vitest"
import { connector } from "../src/index.ts"
import { collect, failure, resourceOf, withAccount } from "./Account.ts"
import { decoded, modelsOf } from "./Decoded.ts"

const contacts = resourceOf("crm_contacts")
const bulk = { bulkFrom: "1" }

describe("every data type", () => {
  for (const resource of connector.resources) {
    const id = resource.dataType.id
    it(`${id} is what the org holds, fits its models, and ends with a proof`, () =>
      withAccount(
        {},
        (account) =>
          Effect.gen(function* () {
            const { end, rows } = yield* collect(resource.list(account.context(id)))
            assert.isDefined(end)
            assert.isAbove(rows.length, 0)
            for (const row of rows) {
              const { info } = modelsOf(id, row)
              assert.strictEqual((info as { readonly id: string }).id, resource.recordId(row))
            }
            assert.deepStrictEqual(
              account.issues.filter(({ code }) => code !== "salesforce.fields_hidden"),
              []
            )
          }),
        { objects: "Loom__c" }
      ))
  }
})

describe("the listing by pages", () => {
  it("has every contact once, in the order of ids, with its fields", () =>
    withAccount({ records: { Contact: 4321 }, pageSizes: [2000, 700, 1] }, (account) =>
      Effect.gen(function* () {
        const { end, rows } = yield* collect(contacts.list(account.context("crm_contacts")))
        const held = account.sim.control.list("Contact", { limit: 10_000 })
        assert.deepStrictEqual(
          rows.map(({ Id }) => Id),
          held.map(({ id }) => id)
        )
        assert.strictEqual(end?.paging, "keyset")
        const record = decoded("crm_contacts", rows[7])
        const { fields } = held[7]!
        assert.strictEqual(record.info.firstName, fields.FirstName)
        assert.strictEqual(record.info.account, fields.AccountId)
        assert.strictEqual(record.info.owner.email.endsWith("@acme.example"), true)
        assert.strictEqual(record.customFields.fields.Badge__c, "B-7")
        assert.strictEqual(record.addresses[0]?.addressType, "MAILING")
        assert.strictEqual(record.addresses[0]?.addressLine1, String(fields.MailingStreet).split("\n")[0])
      })
    ))

  it("goes on from every checkpoint to the same rest", () =>
    withAccount({ records: { Contact: 5000 } }, (account) =>
      Effect.gen(function* () {
        const whole = yield* collect(contacts.list(account.context("crm_contacts")))
        let before = 0
        for (const page of whole.pages) {
          before += page.records.length
          const checkpoint: unknown = JSON.parse(JSON.stringify(page.checkpoint))
          const rest = yield* collect(contacts.list(account.context("crm_contacts", { checkpoint })))
          assert.deepStrictEqual(rest.rows, whole.rows.slice(before))
          assert.isDefined(rest.end)
        }
      })
    ))

  it("does not take a page without its records for the end", () =>
    withAccount({ records: { Contact: 4100 } }, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "drop-page", times: Infinity, after: 1, match: { path: "LIMIT" } })
        const error = yield* failure(collect(contacts.list(account.context("crm_contacts"))))
        assert.strictEqual(error.reason._tag, "BadPayload")
      })
    ))

  it("applies filters in the app", () =>
    withAccount({ records: { Contact: 300 } }, (account) =>
      Effect.gen(function* () {
        const accountId = String(
          account.sim.control.list("Contact").find(({ fields }) => fields.AccountId)!.fields.AccountId
        )
        const { rows } = yield* collect(contacts.list(account.context("crm_contacts", { filters: { accountId } })))
        assert.isAbove(rows.length, 0)
        assert.isTrue(rows.every(({ AccountId }) => AccountId === accountId))
        const ids = account.sim.control.list("Contact").filter(({ fields }) => fields.AccountId === accountId)
        assert.strictEqual(rows.length, ids.length)
      })
    ))
})

describe("fields that the user may not see", () => {
  it("are left out and reported when the description lacks them", () =>
    withAccount({ records: { Contact: 3 } }, (account) =>
      Effect.gen(function* () {
        account.sim.control.hideField("Contact", "Email")
        account.sim.control.hideField("Contact", "Birthdate")
        const { rows } = yield* collect(contacts.list(account.context("crm_contacts")))
        assert.strictEqual(rows.length, 3)
        const issue = account.issues.find(({ code }) => code === "salesforce.fields_hidden")
        assert.include(issue?.message ?? "", "Birthdate, Email of Contact")
        assert.isNull(decoded("crm_contacts", rows[0]).emails)
      })
    ))

  it("are left out and reported when only the query is refused", () =>
    withAccount({ records: { Contact: 3 } }, (account) =>
      Effect.gen(function* () {
        // The description of contacts still names the relationship to the owner.
        account.sim.control.hideField("User", "Email")
        const { end, rows } = yield* collect(contacts.list(account.context("crm_contacts")))
        assert.strictEqual(rows.length, 3)
        assert.isDefined(end)
        assert.include(account.issues.map(({ message }) => message).join(), "Owner.Email")
        assert.isString(rows[0]?.["Owner.Name"])
        // What was learnt holds for single records too.
        const one = yield* contacts.get!(account.context("crm_contacts"), String(rows[0]?.Id))
        assert.isTrue(one._tag === "Some")
      })
    ))
})

describe("the listing by Bulk API", () => {
  it("gives the same rows as the listing by pages", () =>
    withAccount(
      { records: { Contact: 12_345 }, bulk: { pageSize: 4000 } },
      (account) =>
        Effect.gen(function* () {
          account.sim.control.change(account.sim.control.list("Contact")[5]!.id, {
            LastName: 'de "Wever",\nthe second'
          })
          const byBulk = yield* collect(contacts.list(account.context("crm_contacts")))
          assert.strictEqual(byBulk.end?.paging, "token")
          assert.strictEqual(byBulk.pages.length, 4)
          account.sim.control.breakBulk("refuse")
          const byPages = yield* collect(contacts.list(account.context("crm_contacts")))
          assert.strictEqual(byPages.end?.paging, "keyset")
          assert.strictEqual(JSON.stringify(byBulk.rows), JSON.stringify(byPages.rows))
          assert.isTrue(account.issues.some(({ code }) => code === "salesforce.bulk_unavailable"))
        }),
      bulk
    ))

  it("is used from the threshold on, and never when it is switched off", async () => {
    const jobs = (settings: { readonly [key: string]: string }) =>
      withAccount(
        { records: { Contact: 100 } },
        (account) =>
          Effect.map(collect(contacts.list(account.context("crm_contacts"))), ({ rows }) => {
            assert.strictEqual(rows.length, 100)
            return account.sim.control.jobs().length
          }),
        settings
      )
    assert.strictEqual(await jobs({ bulkFrom: "101" }), 0)
    assert.strictEqual(await jobs({ bulkFrom: "100" }), 1)
    assert.strictEqual(await jobs({ bulkFrom: "1", bulk: "off" }), 0)
    assert.strictEqual(await jobs({}), 0)
  })

  it("goes on from every checkpoint, and starts again when the results are gone", () =>
    withAccount(
      { records: { Contact: 12_000 }, bulk: { pageSize: 5000 } },
      (account) =>
        Effect.gen(function* () {
          const whole = yield* collect(contacts.list(account.context("crm_contacts")))
          assert.strictEqual(whole.pages.length, 3)
          for (const [index, page] of whole.pages.entries()) {
            const checkpoint: unknown = JSON.parse(JSON.stringify(page.checkpoint))
            const rest = yield* collect(contacts.list(account.context("crm_contacts", { checkpoint })))
            assert.deepStrictEqual(rest.rows, whole.rows.slice(Math.min(whole.rows.length, (index + 1) * 5000)))
            assert.isDefined(rest.end)
          }
          assert.strictEqual(account.sim.control.jobs().length, 1)
          account.sim.control.expireCursors({ jobs: true })
          const again = yield* collect(
            contacts.list(account.context("crm_contacts", { checkpoint: whole.pages[0]!.checkpoint }))
          )
          assert.strictEqual(again.rows.length, 12_000)
          assert.include(
            account.issues.map(({ code }) => code),
            "listing.restarted"
          )
        }),
      bulk
    ))

  it("falls back to pages when the job fails", () =>
    withAccount(
      { records: { Contact: 50 } },
      (account) =>
        Effect.gen(function* () {
          account.sim.control.breakBulk("fail")
          const { end, rows } = yield* collect(contacts.list(account.context("crm_contacts")))
          assert.strictEqual(rows.length, 50)
          assert.strictEqual(end?.paging, "keyset")
          assert.include(account.issues.map(({ message }) => message).join(), "QUERY_TIMEOUT")
        }),
      bulk
    ))

  it("aborts its job when the run is cancelled while the job is at work", () =>
    withAccount(
      { records: { Contact: 50 }, bulk: { polls: 1_000_000 } },
      (account) =>
        Effect.gen(function* () {
          const run = yield* Effect.forkChild(Stream.runDrain(contacts.list(account.context("crm_contacts"))))
          while (account.sim.control.jobs()[0]?.state !== "InProgress")
            yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
          yield* Fiber.interrupt(run)
          assert.deepStrictEqual(
            account.sim.control.jobs().map(({ state }) => state),
            ["Aborted"]
          )
        }),
      bulk
    ))

  it("reads a page again that was cut off", () =>
    withAccount(
      { records: { Contact: 9000 } },
      (account) =>
        Effect.gen(function* () {
          account.sim.control.fault({ kind: "truncate", times: 2, after: 1, match: { path: "/results" } })
          const { rows } = yield* collect(contacts.list(account.context("crm_contacts")))
          assert.strictEqual(rows.length, 9000)
        }),
      bulk
    ))
})

describe("custom objects", () => {
  const records = resourceOf("crm_records")

  it("are read one after the other, each record with its own fields", () =>
    withAccount(
      { records: { Loom__c: 30, Campaign: 7 } },
      (account) =>
        Effect.gen(function* () {
          const { end, pages, rows } = yield* collect(records.list(account.context("crm_records")))
          assert.isDefined(end)
          assert.strictEqual(rows.length, 37)
          const loom = decoded("crm_records", rows[0])
          assert.strictEqual(loom.info.schemaId, "Loom__c")
          assert.strictEqual(loom.info.name, "L-00000")
          assert.hasAllKeys(loom.fields.fields, ["Account__c", "OwnerId", "Pattern__c", "Width__c"])
          const rest = yield* collect(
            records.list(account.context("crm_records", { checkpoint: pages[0]!.checkpoint }))
          )
          assert.deepStrictEqual(rest.rows, rows.slice(30))
          const one = yield* records.get!(account.context("crm_records"), String(rows[31]?.Id))
          assert.deepStrictEqual(one._tag === "Some" && one.value, rows[31])
        }),
      { objects: "Loom__c, Campaign" }
    ))

  it("need the setting that names them", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        const error = yield* failure(collect(records.list(account.context("crm_records"))))
        assert.strictEqual(error.reason._tag, "InvalidRequest")
        assert.include(error.resolution, "objects")
      })
    ))
})
