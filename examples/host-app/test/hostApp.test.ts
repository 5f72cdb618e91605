import type { AddressInfo } from "node:net"
import type { ReceivedEvent } from "@crochet/runtime-node"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { makeApp } from "../src/app.ts"
import { StaffDirectory } from "../src/StaffDirectory.ts"

let app: Awaited<ReturnType<typeof makeApp>>
let url = ""
let finished: (event: ReceivedEvent) => void = () => {}
const allConsumed = new Promise<ReceivedEvent>((resolve) => void (finished = resolve))

beforeAll(async () => {
  app = await makeApp({
    database: "sqlite::memory:",
    onEvent: (event) => void (event.eventType === "sync.events.allConsumed" && finished(event))
  })
  await new Promise<void>((resolve) => app.server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  app.server.close()
  await app.crochet.close()
})

const connect = (settings: object) =>
  fetch(`${url}/connect?customer=acme`, { method: "POST", body: JSON.stringify(settings) })

describe("a host app with Crochet inside", () => {
  it("shows the people of a customer as soon as the account is connected", async () => {
    const connected = await connect({ employees: "40", changesPerHour: "0" })
    assert.strictEqual(connected.status, 200)

    const { eventData } = await allConsumed
    const people = (await (await fetch(`${url}/people?customer=acme`)).json()) as Array<{ name: string; email: string }>
    // Some of the forty have left already: the initial sync sends who is active.
    assert.strictEqual(people.length, eventData["consumed"])
    assert.isAbove(people.length, 30)
    assert.isTrue(people.every(({ email, name }) => name.includes(" ") && email.endsWith(".example")))
    assert.deepStrictEqual(await (await fetch(`${url}/people?customer=another`)).json(), [])
  })

  it("hands on why an account cannot be connected", async () => {
    const refused = await connect({ employees: "many" })
    assert.strictEqual(refused.status, 422)
    const { code, field } = (await refused.json()) as { code: string; field: string }
    assert.deepStrictEqual({ code, field }, { code: "integration.invalid_settings", field: "settings.employees" })
  })

  it("serves Crochet's interface under its mount path, to holders of the key", async () => {
    const call = (headers: Record<string, string>) => fetch(`${url}/crochet/v1.0/apps.list`, { headers })
    assert.strictEqual((await call({})).status, 401)
    const answer = await call({ authorization: `Bearer ${app.crochet.apiKey}` })
    const { data } = (await answer.json()) as { data: { apps: Array<{ id: string }> } }
    assert.deepStrictEqual(
      data.apps.map(({ id }) => id),
      ["playground"]
    )
  })
})

describe("the staff directory", () => {
  const event = (sequence: string, eventType: string, firstName: string): ReceivedEvent => ({
    eventId: `ev_${sequence}`,
    eventType,
    eventData: { profile: { firstName, lastName: "Lovelace", workEmail: null } },
    integrationId: "int_1",
    occurredAt: "2026-01-01T00:00:00.000Z",
    appId: "playground",
    originOrgId: "acme",
    recordId: "7",
    sequence
  })

  it("takes an event once, and an old one never", () => {
    const directory = new StaffDirectory()
    directory.take(event("2", "record.modified", "Ada"))
    directory.take(event("1", "record.new", "Augusta"))
    directory.take(event("2", "record.modified", "Ada"))
    assert.deepStrictEqual(
      directory.of("acme").map(({ name }) => name),
      ["Ada Lovelace"]
    )
    directory.take(event("3", "record.deleted", ""))
    directory.take(event("2", "record.modified", "Ada"))
    assert.deepStrictEqual(directory.of("acme"), [])
  })
})
