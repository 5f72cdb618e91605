import { assert, describe, it } from "vitest"
import { basic, clock, get, headers, read, rows, start } from "./Api.ts"

describe("access", () => {
  it("answers under every base the app has", async () => {
    const sim = await start()
    for (const base of ["/api", "/api/gateway.php/acme", ""]) {
      assert.match((await read(sim, `${base}/v1/employees/0`)).id, /^\d+$/)
      const body = JSON.stringify({ fields: ["eeid"] })
      const response = await fetch(`${sim.url}${base}/v2/datasets/employee/data`, {
        method: "POST",
        headers: headers(sim),
        body
      })
      assert.strictEqual(response.status, 200, base)
    }
    assert.strictEqual((await get(sim, "/api/gateway.php/other/v1/employees/0")).status, 401)
  })

  it("refuses a bad key with an empty 401 whose reason is in a header", async () => {
    const sim = await start()
    const response = await get(sim, "/api/gateway.php/acme/v1/employees/0", { authorization: basic("wrong") })
    assert.strictEqual(response.status, 401)
    assert.strictEqual(await response.text(), "")
    assert.strictEqual(response.headers.get("x-bamboohr-error-message"), "API key not provided or invalid")
    assert.match(response.headers.get("www-authenticate") ?? "", /^Basic realm=".*acme"$/)
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/)
  })

  it("locks everybody out after repeated bad keys, and lets them in again later", async () => {
    const time = clock()
    const sim = await start({ now: time.now, lockout: { after: 3, forMillis: 60_000 } })
    for (let index = 0; index < 3; index++) {
      assert.strictEqual((await get(sim, "/v1/employees/0", { authorization: basic("wrong") })).status, 401)
    }
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 403, "the good key too")
    time.advance(61)
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 200)
  })

  it("limits the rate with 429 and Retry-After", async () => {
    const time = clock()
    const sim = await start({ now: time.now, rateLimit: { requests: 2, perMillis: 10_000 } })
    const statuses = []
    for (let index = 0; index < 3; index++) statuses.push((await get(sim, "/v1/employees/0")).status)
    assert.deepStrictEqual(statuses, [200, 200, 429])
    assert.strictEqual((await get(sim, "/v1/employees/0")).headers.get("retry-after"), "10")
    time.advance(10)
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 200)
  })

  it("takes and revokes keys through control", async () => {
    const sim = await start({ apiKey: "first" })
    sim.control.revokeKey()
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 401)
    sim.control.restoreKey("second")
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 401)
    assert.strictEqual((await get(sim, "/v1/employees/0", { authorization: basic("second") })).status, 200)
    sim.control.restoreKey()
    assert.strictEqual((await get(sim, "/v1/employees/0")).status, 200)
  })

  it("leaves out what the key may not see", async () => {
    const sim = await start({ hiddenFields: ["workEmail", "email", "compensation"] })
    const listed = await read(sim, "/v1/employees?page[limit]=1&fields=workEmail")
    assert.strictEqual(listed.data[0].workEmail, null)
    assert.deepStrictEqual(listed.data[0]._restrictedFields, ["workEmail"])
    assert.notProperty(await read(sim, `/v1/employees/${listed.data[0].employeeId}?fields=workEmail`), "workEmail")
    assert.notProperty((await rows(sim, { fields: ["eeid", "email"] })).data[0].fields, "email")
    assert.strictEqual((await get(sim, "/v1/employees/all/tables/compensation")).status, 404)
  })
})
