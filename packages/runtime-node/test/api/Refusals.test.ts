import { afterAll, assert, describe, it } from "@effect/vitest"
import { type Answer, dispose, send, withIntegration } from "./Wire.ts"

afterAll(dispose)

describe("refusals", () => {
  const statuses: Record<string, number> = {
    malformed: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    unprocessable: 422,
    limited: 429,
    unsupported: 501,
    upstream: 502,
    unavailable: 503
  }
  it.each(Object.entries(statuses))("a service's %s answers %s with all that is known", async (kind, status) => {
    const answer = await send("POST", "/v1.0/sync.start", { ...withIntegration, body: { dataType: kind } })
    assert.strictEqual(answer.status, status)
    assert.deepStrictEqual(answer.json, {
      success: false,
      error: {
        msg: `refused: ${kind}`,
        code: `test.${kind}`,
        reason: "because",
        resolution: "do else",
        field: "dataType",
        upstream: { status: 418, message: "teapot" }
      }
    })
    if (kind === "limited") assert.strictEqual(answer.headers.get("retry-after"), "7")
  })
  it("a defect says nothing but the execution id", async () => {
    const answer = await send("POST", "/v1.0/sync.start", { ...withIntegration, body: { dataType: "defect" } })
    assert.strictEqual(answer.status, 500)
    assert.strictEqual(answer.json.error.code, "internal")
    assert.notInclude(JSON.stringify(answer.json), "passwd")
  })
  it.each([
    ["no key", null, 401, "auth.missing_api_key"],
    ["a wrong key", "nonsense", 401, "auth.invalid_key"],
    ["a key that may only look", "key_read", 403, "auth.scope_missing"]
  ])("%s", async (_, key, status, code) => {
    const answer = await send("POST", "/v1.0/sync.start", { ...withIntegration, key, body: { dataType: "employee" } })
    assert.strictEqual(answer.status, status)
    assert.strictEqual(answer.json.error.code, code)
  })
  it("a key with sync can look, but not purge", async () => {
    assert.strictEqual((await send("GET", "/v1.0/sync.jobs.list", { key: "key_sync" })).status, 200)
    assert.strictEqual(
      (await send("POST", "/v1.0/integration.purge", { ...withIntegration, key: "key_sync" })).status,
      403
    )
  })
  it("the missing integration header is named", async () => {
    const answer = await send("POST", "/v1.0/sync.start", { body: { dataType: "employee" } })
    assert.strictEqual(answer.status, 400)
    assert.strictEqual(answer.json.error.code, "request.integration_missing")
    assert.include(answer.json.error.msg, "X-Knit-Integration-Id")
  })
  it.each([
    ["missing field", "/v1.0/sync.start", {}, "dataType"],
    ["wrong type", "/v1.0/sync.start", { dataType: 7 }, "dataType"],
    ["nested", "/v1.0/sync.start", { dataType: "employee", frequency: { everySeconds: 1 } }, "frequency.everySeconds"],
    ["array item", "/v1.0/sync.start", { dataType: "employee", models: ["a", 1] }, "models[1]"],
    ["wrong literal", "/v1.0/webhook.register", { category: "HR", url: "https://x.example" }, "category"],
    ["not an object", "/v1.0/sync.start", [1], "$"],
    ["null", "/v1.0/sync.start", null, "$"]
  ])("%s names the field", async (_, path, body, field) => {
    const answer = await send("POST", path, { ...withIntegration, body })
    assert.strictEqual(answer.status, 400, JSON.stringify(answer.json))
    assert.strictEqual(answer.json.error.code, "request.invalid")
    assert.strictEqual(answer.json.error.field, field, JSON.stringify(answer.json))
    assert.include(answer.json.error.docs, "/docs/errors#request.invalid")
  })
  it("never repeats a value: it may be a credential", async () => {
    const answer = await send("POST", "/v1.0/integration.import", {
      body: { appId: "bamboohr", originOrgId: "o", credentials: "hunter2" }
    })
    assert.strictEqual(answer.json.error.field, "credentials")
    assert.notInclude(JSON.stringify(answer.json), "hunter2")
  })
  it.each([
    ["bad query value", "/v1.0/webhook.list?pageSize=0", "pageSize"],
    ["bad query type", "/v1.0/webhook.list?pageSize=many", "pageSize"],
    ["unknown literal", "/v1.0/events.list?state=lost", "state"],
    ["missing query", "/v1.0/event.get", "eventId"]
  ])("%s", async (_, path, field) => {
    const answer = await send("GET", path)
    assert.strictEqual(answer.status, 400)
    assert.strictEqual(answer.json.error.field, field, JSON.stringify(answer.json))
  })
  it.each([
    ["broken JSON", '{"dataType": "hunter2"', 400, "request.invalid_json"],
    ["too large", JSON.stringify({ dataType: "x".repeat(1_100_000) }), 413, "request.too_large"],
    ["too deep", "[".repeat(100) + "]".repeat(100), 400, "request.too_deep"]
  ])("%s", async (_, text, status, code) => {
    const answer = await send("POST", "/v1.0/sync.start", { ...withIntegration, text })
    assert.strictEqual(answer.status, status)
    assert.strictEqual(answer.json.error.code, code)
    assert.notInclude(JSON.stringify(answer.json), "hunter2")
  })
  it("an unknown call", async () => {
    const answer = await send("POST", "/v1.0/sync.begin", { body: {} })
    assert.strictEqual(answer.status, 404)
    assert.strictEqual(answer.json.error.code, "request.unknown_call")
  })
  it.each(["GET", "PUT", "DELETE"])("%s where POST is meant", async (method) => {
    const answer = await send(method, "/v1.0/sync.start")
    assert.strictEqual(answer.status, 405)
    assert.strictEqual(answer.headers.get("allow"), "POST")
    assert.strictEqual(answer.json.error.code, "request.wrong_method")
  })
  it("too many wrong keys are told to wait, good keys are not", async () => {
    let last: Answer | undefined
    for (let i = 0; i < 25; i++) last = await send("GET", "/v1.0/keys.list", { key: "wrong" })
    assert.strictEqual(last?.status, 429)
    assert.isAbove(Number(last?.headers.get("retry-after")), 0)
    assert.strictEqual((await send("GET", "/v1.0/keys.list")).status, 200)
  })
})
