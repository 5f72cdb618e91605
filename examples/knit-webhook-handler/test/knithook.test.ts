import type { AddressInfo } from "node:net"
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "vitest"
import { getSignature, headcount, makeKnithook } from "../src/knithook.mjs"
import { makeServer } from "../src/server.mjs"

const apiKey = "test-api-key"
const employees = new Map<string, Record<string, unknown>>()
const lines: Array<string> = []
const server = makeServer(makeKnithook({ apiKey, employees, log: (line) => void lines.push(line) }))
let url = ""

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/knithook`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  employees.clear()
  lines.length = 0
})

const post = async (body: string, signature: string | null = getSignature(apiKey, body)) => {
  const headers = new Headers({ "content-type": "application/json", "x-knit-integration-id": "int_1" })
  if (signature !== null) headers.set("X-Knit-Signature", signature)
  const response = await fetch(url, { method: "POST", headers, body })
  return { status: response.status, text: await response.text() }
}
const event = (eventType: string, eventData: object, recordId?: string) =>
  JSON.stringify({
    eventId: "e_1",
    eventType,
    eventData,
    syncType: "delta_sync",
    syncDataType: "employee",
    syncJobId: "sj_1",
    syncRunId: "sr_1",
    ...(recordId === undefined ? {} : { recordId })
  })
const ok = { status: 200, text: "ok" }
const notOk = { status: 401, text: "not ok" }

describe("a receiver written for Knit", () => {
  it("computes Knit's signature", () => {
    assert.strictEqual(
      getSignature("test-api-key", '{"eventId":"e_1","eventType":"record.new"}'),
      "ir327X3inTBtLVxHxGeFnBwvN6WqwrkZvrv1fvVdvbo"
    )
  })

  it("follows an employee from the first event to the last", async () => {
    assert.deepStrictEqual(await post(event("record.new", { profile: { firstName: "Zoë" } }, "7")), ok)
    assert.deepStrictEqual(employees.get("7"), { profile: { firstName: "Zoë" } })
    assert.deepStrictEqual(await post(event("record.modified", { profile: { firstName: "Zoe" } }, "7")), ok)
    assert.deepStrictEqual(employees.get("7"), { profile: { firstName: "Zoe" } })
    assert.deepStrictEqual(await post(event("record.deleted", { employeeId: "7", workEmail: null }, "7")), ok)
    assert.strictEqual(employees.size, 0)
  })

  it("logs the end of a run and counts heads by department", async () => {
    for (const [id, department] of [
      ["1", "Sales"],
      ["2", "Finance"],
      ["3", "Sales"]
    ] as const) {
      await post(event("record.new", { orgStructure: { department } }, id))
    }
    assert.deepStrictEqual(headcount(employees), [
      ["Sales", 2],
      ["Finance", 1]
    ])
    assert.deepStrictEqual(await post(event("sync.events.processed", { processed: 3 })), ok)
    assert.deepStrictEqual(await post(event("sync.events.allConsumed", { consumed: 3 })), ok)
    assert.deepStrictEqual(lines, [
      "int_1: delta_sync sr_1 has read 3 records",
      "int_1: all 3 events of sr_1 are here",
      "  Sales: 2",
      "  Finance: 1"
    ])
  })

  it("acknowledges an event type that it does not know", async () => {
    assert.deepStrictEqual(await post(event("sync.events.allEmitted", { emitted: 3 })), ok)
  })

  it("refuses a body that was changed, a wrong signature and none, and stores nothing", async () => {
    const body = event("record.new", { profile: { firstName: "Ada" } }, "7")
    assert.deepStrictEqual(await post(body.replace("Ada", "Eve"), getSignature(apiKey, body)), notOk)
    assert.deepStrictEqual(await post(body, getSignature("another-key", body)), notOk)
    assert.deepStrictEqual(await post(body, `${getSignature(apiKey, body)}=`), notOk)
    assert.deepStrictEqual(await post(body, ""), notOk)
    assert.deepStrictEqual(await post(body, null), notOk)
    assert.strictEqual(employees.size, 0)
  })

  it("takes POST at its own path only", async () => {
    assert.strictEqual((await fetch(url)).status, 404)
    assert.strictEqual((await fetch(`${url}/other`, { method: "POST", body: "{}" })).status, 404)
  })
})
