import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type BambooHRSimulator, startBambooHR } from "../src/index.ts"

describe("a simulator that is asked without a socket", () => {
  let sim: BambooHRSimulator
  beforeAll(async () => {
    sim = await startBambooHR({ employees: 3, now: () => Date.UTC(2026, 0, 1) })
  })
  afterAll(() => sim.close())

  const headers = () => ({ authorization: `Basic ${btoa(`${sim.apiKey}:x`)}`, accept: "application/json" })
  const ask = () =>
    sim.answer({ method: "GET", url: `${sim.url}/v1/employees?page[limit]=2`, headers: headers(), body: "" })

  it("answers what it answers over HTTP, and logs it", async () => {
    const direct = await ask()
    const response = await fetch(`${sim.url}/v1/employees?page[limit]=2`, { headers: headers() })
    assert.strictEqual(direct.status, response.status)
    assert.strictEqual(direct.headers["content-type"], response.headers.get("content-type"))
    assert.strictEqual(direct.headers.date, response.headers.get("date"))
    assert.deepStrictEqual(JSON.parse(direct.body), await response.json())
    assert.deepStrictEqual(sim.requests[0], sim.requests[1])
  })

  it("meets the same faults: rejects where the connection would break", async () => {
    sim.control.fault({ kind: "status", status: 503, retryAfter: 7 })
    const refused = await ask()
    assert.deepStrictEqual([refused.status, refused.headers["retry-after"]], [503, "7"])
    for (const kind of ["reset", "truncate"] as const) {
      sim.control.fault({ kind })
      const outcome = await ask().catch((error: unknown) => error)
      assert.instanceOf(outcome, TypeError, kind)
    }
    assert.strictEqual((await ask()).status, 200)
  })

  it("takes requests to its own address only", async () => {
    const url = "http://127.0.0.1:1/v1/employees"
    const outcome = await sim.answer({ method: "GET", url, headers: {}, body: "" }).catch((error: unknown) => error)
    assert.match(String(outcome), /is not http:\/\/127\.0\.0\.1:/)
  })
})
