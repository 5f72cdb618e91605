import { Page } from "@crochet/core"
import { Effect, Stream } from "effect"
import { assert, describe, it } from "vitest"
import type { SchemaRow } from "../src/SalesforceSchemaMapping.ts"
import type { ObjectDescription } from "../src/SalesforceWire.ts"
import { type Account, failure, resourceOf, withAccount } from "./Account.ts"
import { decoded } from "./Decoded.ts"

const schemas = resourceOf("crm_schemas")
const hour = 3_600_000
const clock = () => {
  let now = Date.parse("2026-07-01T12:00:30.000Z")
  return { now: () => now, pass: (millis: number) => void (now += millis) }
}

const listed = (account: Account, checkpoint: unknown = null) =>
  Effect.map(Stream.runCollect(schemas.list(account.context("crm_schemas", { checkpoint }))), (all) => {
    const pages = all.filter((one): one is Page.Page<SchemaRow> => one._tag === "Page")
    return { pages, rows: pages.flatMap(({ records }) => records), isComplete: all.some(Page.isEnd) }
  })

const asked = ({ sim }: Account) => sim.requests.map(({ path }) => path.replace(/^.*\/v66\.0/, ""))

describe("schemas", () => {
  it("are the objects that are read and the account's own, one request each", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        account.sim.control.defineObject("Fabric__c")
        account.sim.control.clearRequests()
        const { isComplete, pages, rows } = yield* listed(account)
        assert.isTrue(isComplete)
        assert.deepStrictEqual(
          rows.map(({ dataType, name }) => [name, dataType]),
          [
            ["Account", "crm_accounts"],
            ["AccountContactRelation", "crm_associations"],
            ["Campaign", "crm_campaigns"],
            ["CampaignMember", "crm_associations"],
            ["Contact", "crm_contacts"],
            ["Event", "crm_engagements"],
            ["Fabric__c", null],
            ["Lead", "crm_leads"],
            ["Loom__c", null],
            ["Note", "crm_notes"],
            ["Opportunity", "crm_deals"],
            ["OpportunityContactRole", "crm_associations"],
            ["Product2", "crm_products"],
            ["Task", "crm_tasks"],
            ["User", "crm_users"]
          ]
        )
        assert.strictEqual(asked(account).length, 16)
        const rest = yield* listed(account, pages[0]!.checkpoint)
        assert.deepStrictEqual(rest.rows, rows.slice(10))
      })
    ))

  it("tell fields and relationships as the org has them, and lead to each other", () =>
    withAccount(
      {},
      (account) =>
        Effect.gen(function* () {
          account.sim.control.defineField("Loom__c", "Speed__c", "currency")
          account.sim.control.hideField("Loom__c", "Width__c")
          const { rows } = yield* listed(account)
          const names = new Set(rows.map(({ name }) => name))
          const all = rows.map((row) => decoded("crm_schemas", row))
          for (const { associations } of all)
            for (const { targetSchemaId } of associations) assert.isTrue(names.has(targetSchemaId), targetSchemaId)
          const of = (id: string) => all.find(({ info }) => info.id === id)!
          const { associations, fields, info } = of("Loom__c")
          assert.deepInclude(info, { label: "Loom", pluralLabel: "Looms", isCustom: "TRUE", dataType: "crm_records" })
          const field = (key: string) => fields.find((one) => one.key === key)
          assert.deepInclude(field("Speed__c"), { type: "CURRENCY", isCustom: "TRUE", readOnly: "FALSE" })
          assert.isUndefined(field("Width__c"), "a field that the user may not see")
          assert.deepInclude(field("SystemModstamp"), { type: "DATETIME", readOnly: "TRUE", required: "FALSE" })
          assert.deepStrictEqual(
            field("Pattern__c")?.options.map(({ value }) => value),
            ["Twill", "Satin", "Plain"]
          )
          assert.deepInclude(associations, {
            name: "Account__r",
            targetSchemaId: "Account",
            cardinality: "MANY_TO_ONE"
          })
          assert.deepInclude(of("Account").associations, {
            name: "Looms__r",
            targetSchemaId: "Loom__c",
            cardinality: "ONE_TO_MANY"
          })
          const who = of("Task").associations.filter(({ name }) => name === "Who")
          assert.deepStrictEqual(
            who.map(({ targetSchemaId }) => targetSchemaId),
            ["Contact", "Lead"]
          )
          assert.strictEqual(of("Opportunity").fields.find(({ key }) => key === "Name")?.required, "TRUE")
        }),
      { objects: "Loom__c" }
    ))

  it("cost one request while nothing changed, and are listed again when something did", () => {
    const { now, pass } = clock()
    return withAccount({ now }, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const context = account.context("crm_schemas")
        const fetch = (cursor: string) => Stream.runCollect(schemas.changes!.fetch(context, cursor))
        const start = yield* schemas.changes!.start(context)
        pass(hour)
        control.clearRequests()
        const [end, ...more] = yield* fetch(start)
        assert.isTrue(Page.isEnd(end) && end.cursor !== null && Date.parse(end.cursor) > Date.parse(start))
        assert.deepStrictEqual([more, asked(account)], [[], ["/sobjects"]])
        const cursor = Page.isEnd(end) ? end.cursor! : ""
        for (const change of [
          () => control.relabelObject("Loom__c", "Power loom"),
          () => control.hideField("Contact", "Email"),
          () => control.defineObject("Fabric__c"),
          () => control.dropObject("Loom__c")
        ]) {
          pass(hour)
          change()
          assert.strictEqual((yield* failure(fetch(cursor))).reason._tag, "CursorExpired")
        }
        const { rows } = yield* listed(account)
        assert.include(
          rows.map(({ name }) => name),
          "Fabric__c"
        )
        assert.notInclude(
          rows.map(({ name }) => name),
          "Loom__c"
        )
        assert.strictEqual((yield* failure(fetch("yesterday"))).reason._tag, "CursorExpired")
      })
    )
  })

  it("leave out an object that goes while they are listed, and nothing that is only refused", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        const { control } = account.sim
        const match = { path: "/Loom__c/describe" }
        control.fault({ kind: "status", status: 404, times: Infinity, match })
        assert.strictEqual((yield* failure(listed(account))).reason._tag, "NotFound")
        control.clearFaults()
        const context = account.context("crm_schemas")
        const one = yield* schemas.get!(context, "Loom__c")
        assert.strictEqual(one._tag === "Some" && schemas.recordId(one.value), "Loom__c")
        control.dropObject("Loom__c")
        for (const id of ["Loom__c", "Organization", "../limits"])
          assert.strictEqual((yield* schemas.get!(context, id))._tag, "None", id)
      })
    ))

  it("of an org that lists no objects at all are a fault", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "empty-list", times: Infinity, match: { path: "/sobjects" } })
        assert.strictEqual((yield* failure(listed(account))).reason._tag, "BadPayload")
      })
    ))
})

describe("the mapping of schemas", () => {
  const field = (name: string, type: string, more: Partial<ObjectDescription["fields"][number]> = {}) => ({
    name,
    type,
    ...more
  })
  const map = (description: Partial<ObjectDescription>) =>
    decoded("crm_schemas", {
      name: "Loom__c",
      dataType: "crm_records",
      description: { name: "Loom__c", fields: [], ...description }
    } satisfies SchemaRow)

  it("say what the description says", () => {
    const { associations, fields, info } = map({
      label: "Loom",
      labelPlural: "Looms",
      custom: true,
      fields: [
        field("Width__c", "double", {
          label: "Width",
          custom: true,
          createable: true,
          updateable: true,
          nillable: false,
          defaultedOnCreate: false
        }),
        field("Account__c", "reference", { referenceTo: ["Account"], relationshipName: "Account__r" }),
        field("Pattern__c", "picklist", {
          picklistValues: [
            { value: "Twill", label: "Köper", active: true },
            { value: "Old", label: "Old", active: false }
          ]
        })
      ],
      childRelationships: [
        { childSObject: "Fabric__c", relationshipName: "Fabrics__r" },
        { childSObject: "Fabric__c", relationshipName: null }
      ]
    })
    assert.deepStrictEqual(info, {
      id: "Loom__c",
      name: "Loom__c",
      label: "Loom",
      pluralLabel: "Looms",
      isCustom: "TRUE",
      dataType: "crm_records"
    })
    assert.deepStrictEqual(
      fields.map(({ key, type }) => [key, type]),
      [
        ["Account__c", "REFERENCE"],
        ["Pattern__c", "SINGLE_SELECT"],
        ["Width__c", "NUMBER"]
      ]
    )
    assert.deepStrictEqual(fields[1]!.options, [{ value: "Twill", label: "Köper" }])
    assert.deepStrictEqual<unknown>(fields[2], {
      key: "Width__c",
      label: "Width",
      type: "NUMBER",
      required: "TRUE",
      readOnly: "FALSE",
      options: null,
      isCustom: "TRUE",
      typeRaw: "double"
    })
    assert.deepStrictEqual(associations, [
      { name: "Account__r", targetSchemaId: "Account", cardinality: "MANY_TO_ONE" },
      { name: "Fabrics__r", targetSchemaId: "Fabric__c", cardinality: "ONE_TO_MANY" }
    ])
  })

  it("require only what a person has to give", () => {
    const required = (more: Partial<ObjectDescription["fields"][number]>) =>
      map({ fields: [field("A", "string", more)] }).fields[0]!.required
    const given = { nillable: false, createable: true, updateable: true, defaultedOnCreate: false }
    assert.deepStrictEqual(
      [
        required(given),
        required({ ...given, nillable: true }),
        required({ ...given, defaultedOnCreate: true }),
        required({ ...given, createable: false }),
        required({})
      ],
      ["TRUE", "FALSE", "FALSE", "FALSE", "NOT_SPECIFIED"]
    )
  })

  it("keep the word for a type that is new, and refuse what cannot be read", () => {
    const [one] = map({ fields: [field("A", "hologram"), field("B", "constructor")] }).fields
    assert.deepInclude(one, { type: "NOT_SPECIFIED", typeRaw: "hologram" })
    const { toRecord } = resourceOf("crm_schemas")
    assert.throws(() => toRecord({ name: "Loom__c", dataType: null, description: null }), /Loom__c/)
  })
})
