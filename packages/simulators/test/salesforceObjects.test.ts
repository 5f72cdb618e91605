import { assert, describe, it } from "vitest"
import type { SalesforceSimulator } from "../src/index.ts"
import { ask, query, refusal, type Row, start } from "./SalesforceSetup.ts"

describe("descriptions", () => {
  interface Described {
    readonly sobjects: ReadonlyArray<{ readonly name: string; readonly custom: boolean }>
    readonly label: string
    readonly fields: ReadonlyArray<Row>
    readonly childRelationships: ReadonlyArray<Row>
  }
  const read = async (sim: SalesforceSimulator, path: string, since?: number) => {
    const headers = since === undefined ? {} : { "if-modified-since": new Date(since).toUTCString() }
    const answer = await ask(sim, `/services/data/v66.0${path}`, { headers })
    const text = await answer.text()
    return { status: answer.status, json: (text === "" ? {} : JSON.parse(text)) as Described }
  }

  it("have fields, choices, and the references of others by their names from there", async () => {
    const sim = await start()
    sim.control.defineField("Loom__c", "Colour__c", "picklist", ["Red", "Green"])
    const { fields } = (await read(sim, "/sobjects/Loom__c/describe")).json
    const field = (name: string) => fields.find((one) => one.name === name)
    assert.deepInclude(field("Colour__c"), { type: "picklist", custom: true, createable: true, nillable: true })
    const values = (field("Colour__c")?.picklistValues ?? []) as ReadonlyArray<Row>
    assert.deepStrictEqual(
      values.map(({ value }) => value),
      ["Red", "Green"]
    )
    assert.deepInclude(field("SystemModstamp"), { createable: false, updateable: false, nillable: false })
    const { childRelationships } = (await read(sim, "/sobjects/Account/describe")).json
    const looms = childRelationships.find(({ childSObject }) => childSObject === "Loom__c")
    assert.deepInclude(looms, { field: "Account__c", relationshipName: "Looms__r" })
  })

  it("are 304 until objects, fields, labels or permissions change", async () => {
    let now = Date.parse("2026-07-01T12:00:00Z")
    const sim = await start({ now: () => now })
    const changes = [
      () => sim.control.relabelObject("Loom__c", "Power loom"),
      () => sim.control.defineField("Loom__c", "Speed__c", "double"),
      () => sim.control.hideField("Loom__c", "Width__c"),
      () => sim.control.defineObject("Fabric__c"),
      () => sim.control.hideObject("AccountContactRelation"),
      () => sim.control.dropObject("Fabric__c")
    ]
    for (const [at, change] of changes.entries()) {
      assert.strictEqual((await read(sim, "/sobjects", now)).status, 304)
      const before = now
      now += 60_000
      change()
      assert.strictEqual((await read(sim, "/sobjects", before)).status, 200)
      assert.strictEqual((await read(sim, "/sobjects/Loom__c/describe", before)).status, at < 3 ? 200 : 304)
    }
    assert.strictEqual((await read(sim, "/sobjects/Loom__c/describe")).json.label, "Power loom")
  })

  it("lack what the user may not see, and queries of it are refused", async () => {
    const sim = await start()
    sim.control.hideObject("CampaignMember")
    assert.notInclude(sim.control.objects(), "CampaignMember")
    const { sobjects } = (await read(sim, "/sobjects")).json
    assert.deepStrictEqual(
      sobjects.map(({ name }) => name),
      sim.control.objects()
    )
    assert.strictEqual((await read(sim, "/sobjects/CampaignMember/describe")).status, 404)
    const answer = await ask(sim, "/services/data/v66.0/query?q=SELECT+Id+FROM+CampaignMember")
    assert.deepStrictEqual(await refusal(answer), [400, "INVALID_TYPE"])
    sim.control.hideObject("CampaignMember", false)
    assert.strictEqual((await query(sim, "SELECT Id FROM CampaignMember")).records.length, 10)
  })

  it("are of objects that can be made and deleted while it runs", async () => {
    const sim = await start()
    const fabric = sim.control.defineObject("Fabric__c", "Fabric")
    const [id] = sim.control.add(fabric, { Name: "Tweed" })
    const { records } = await query(sim, "SELECT Id, Name, Owner.Name FROM Fabric__c")
    assert.deepStrictEqual([records[0]?.Id, records[0]?.Name], [id, "Tweed"])
    sim.control.dropObject(fabric)
    assert.strictEqual((await read(sim, "/sobjects/Fabric__c/describe")).status, 404)
    assert.throws(() => sim.control.dropObject("Account"), /object/)
    assert.throws(() => sim.control.defineObject("Fabric"), /__c/)
    assert.throws(() => sim.control.defineObject("Loom__c"), /already/)
    assert.throws(() => sim.control.defineField("Loom__c", "Width__c", "double"), /already/)
  })

  it("can be changed over HTTP too", async () => {
    const sim = await start()
    const send = (command: string, body: object) =>
      fetch(`${sim.url}/_control/${command}`, { method: "POST", body: JSON.stringify(body) })
    for (const [command, body] of [
      ["defineObject", { object: "Fabric__c", label: "Fabric" }],
      ["relabelObject", { object: "Fabric__c", label: "Cloth" }],
      ["defineField", { object: "Fabric__c", field: "Weight__c", type: "double" }],
      ["hideObject", { object: "Note" }]
    ] as const)
      assert.strictEqual((await send(command, body)).status, 200, command)
    const { fields, label } = (await read(sim, "/sobjects/Fabric__c/describe")).json
    assert.strictEqual(label, "Cloth")
    assert.include(
      fields.map(({ name }) => name),
      "Weight__c"
    )
    const { objects } = (await (await fetch(`${sim.url}/_control/objects`)).json()) as {
      readonly objects: ReadonlyArray<string>
    }
    assert.notInclude(objects, "Note")
    assert.strictEqual((await send("dropObject", { object: "Fabric__c" })).status, 200)
    assert.strictEqual((await send("defineObject", { object: "Fabric" })).status, 400)
  })
})

describe("contact roles", () => {
  it("that are deleted do not go to the recycle bin, but are told as deleted", async () => {
    let now = Date.parse("2026-07-01T12:00:30Z")
    const sim = await start({ now: () => now })
    const { id } = sim.control.list("OpportunityContactRole")[0]!
    sim.control.remove(id)
    assert.deepStrictEqual(
      (await query(sim, `SELECT Id FROM OpportunityContactRole WHERE Id = '${id}'`, true)).records,
      []
    )
    now += 120_000
    const [from, to] = [now - 600_000, now].map((at) => new Date(at).toISOString())
    const path = `/services/data/v66.0/sobjects/OpportunityContactRole/deleted?start=${from}&end=${to}`
    const { deletedRecords } = (await (await ask(sim, path)).json()) as { readonly deletedRecords: ReadonlyArray<Row> }
    assert.deepStrictEqual(
      deletedRecords.map((one) => one.id),
      [id]
    )
  })
})
