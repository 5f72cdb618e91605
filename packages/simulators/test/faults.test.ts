import { assert, describe, it } from "vitest"
import { type Fault, InvalidInput } from "../src/index.ts"
import { get, type Json, list, start } from "./ServerSetup.ts"

describe("faults", () => {
  const withFault = async (fault: Fault) => {
    const sim = await start()
    sim.control.fault(fault)
    return sim
  }

  it("status", async () => {
    const sim = await withFault({ kind: "status", status: 503, retryAfter: 7 })
    const response = await get(sim, list)
    assert.deepStrictEqual(
      [response.status, response.headers.get("retry-after"), await response.text()],
      [503, "7", ""]
    )
    assert.strictEqual((await get(sim, list)).status, 200, "once only")
  })

  it("rate-limit, with and without Retry-After", async () => {
    const sim = await withFault({ kind: "rate-limit", retryAfter: 3 })
    const first = await get(sim, list)
    assert.deepStrictEqual([first.status, first.headers.get("retry-after")], [429, "3"])
    sim.control.fault({ kind: "rate-limit", retryAfter: null })
    assert.strictEqual((await get(sim, list)).headers.get("retry-after"), null)
  })

  it("hang: no answer, until the simulator is closed", async () => {
    const sim = await withFault({ kind: "hang" })
    const pending = get(sim, list).then(
      () => "answered",
      () => "broken"
    )
    // A second request that is answered shows that the first has long been read.
    while (sim.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    assert.strictEqual((await get(sim, list)).status, 200)
    assert.deepInclude(sim.requests[0], { status: 0, fault: "hang" })
    await sim.close()
    assert.strictEqual(await pending, "broken")
  })

  it("reset: the connection breaks before the first byte", async () => {
    const sim = await withFault({ kind: "reset" })
    const error = await get(sim, list).then(
      () => undefined,
      (reason: Error & { cause?: { code?: string } }) => reason
    )
    assert.include(["ECONNRESET", "UND_ERR_SOCKET"], error?.cause?.code)
    assert.strictEqual((await get(sim, list)).status, 200)
  })

  it("truncate: the connection breaks in the middle of the body", async () => {
    const sim = await withFault({ kind: "truncate" })
    const outcome = await get(sim, list)
      .then((response) => response.text())
      .then(
        () => "whole",
        () => "broken"
      )
    assert.strictEqual(outcome, "broken")
  })

  it("html: a page where JSON was expected", async () => {
    const sim = await withFault({ kind: "html" })
    const response = await get(sim, list)
    assert.strictEqual(response.status, 200)
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/)
    assert.match(await response.text(), /^<!DOCTYPE html>/)
  })

  it("empty-list: nobody, and totals that agree", async () => {
    const sim = await withFault({ kind: "empty-list", times: Infinity })
    const listed = (await (await get(sim, list)).json()) as Json
    assert.deepStrictEqual(listed.data, [])
    assert.deepStrictEqual(listed.meta, { total: 0, page: { limit: 10, nextCursor: null, prevCursor: null } })
    assert.notProperty(listed._links, "next")
    const body = JSON.stringify({ fields: ["eeid"] })
    const data = (await (await get(sim, "/v2/datasets/employee/data", { method: "POST", body })).json()) as Json
    assert.deepStrictEqual(data, {
      data: [],
      links: [],
      meta: { page: 1, pageSize: 100, totalPages: 0, totalItems: 0 }
    })
    assert.deepStrictEqual(await (await get(sim, "/v1/employees/all/tables/jobInfo")).json(), [])
    assert.deepStrictEqual(((await (await get(sim, "/v1/employees/directory")).json()) as Json).employees, [])
  })

  it("drop-page: the records are missing, totals and next page are not", async () => {
    const sim = await withFault({ kind: "drop-page" })
    const listed = (await (await get(sim, list)).json()) as Json
    assert.deepStrictEqual(listed.data, [])
    assert.strictEqual(listed.meta.total, 30)
    assert.typeOf(listed.meta.page.nextCursor, "string")
  })

  it("slow: the true answer, late", async () => {
    const sim = await withFault({ kind: "slow", delayMillis: 60 })
    const begun = performance.now()
    const response = await get(sim, list)
    assert.strictEqual(((await response.json()) as Json).data.length, 10)
    assert.isAtLeast(performance.now() - begun, 55)
  })

  it("hit only what they match, after so many, so often", async () => {
    const sim = await start()
    sim.control.fault({
      kind: "status",
      status: 500,
      match: { method: "GET", path: "page[after]" },
      after: 1,
      times: 2
    })
    const cursor = ((await (await get(sim, list)).json()) as Json).meta.page.nextCursor
    const statuses = []
    for (let index = 0; index < 4; index++) statuses.push((await get(sim, `${list}&page[after]=${cursor}`)).status)
    assert.deepStrictEqual(statuses, [200, 500, 500, 200])
    assert.deepStrictEqual(sim.control.faults(), [])
    sim.control.fault({ kind: "status", times: Infinity })
    assert.strictEqual((await get(sim, list)).status, 500)
    assert.strictEqual(sim.control.faults()[0]?.hits, 1)
    assert.strictEqual(sim.control.clearFaults(), 1)
    assert.strictEqual((await get(sim, list)).status, 200)
  })

  it("are refused with the name of the bad field", async () => {
    const sim = await start()
    for (const [fault, field] of [
      [{ kind: "explode" }, "kind"],
      [{ kind: "slow", delayMillis: -1 }, "delayMillis"],
      [{ kind: "status", times: 0 }, "times"],
      [{ kind: "status", match: { url: "x" } }, "match.url"],
      [{ kind: "status", status: 99 }, "status"]
    ] as const) {
      try {
        sim.control.fault(fault as Fault)
        assert.fail(`took ${JSON.stringify(fault)}`)
      } catch (error) {
        assert.ok(error instanceof InvalidInput, String(error))
        assert.strictEqual(error.field, field)
      }
    }
  })
})
