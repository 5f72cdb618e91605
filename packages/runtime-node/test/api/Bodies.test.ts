import { afterAll, assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { dispose, send, withIntegration } from "./Wire.ts"

afterAll(dispose)

describe("what cannot be a call's body", () => {
  const refused = async (
    options: { text?: string; headers?: Record<string, string> },
    status: number,
    code: string
  ) => {
    const answer = await send("POST", "/v1.0/sync.start", {
      ...options,
      headers: { ...withIntegration.headers, ...options.headers }
    })
    assert.strictEqual(answer.status, status, JSON.stringify(answer.json))
    assert.strictEqual(answer.json.error.code, code)
    assert.isString(answer.json.error.resolution)
  }
  it.each([
    { "content-type": "multipart/form-data; boundary=x" },
    { "content-type": "application/json; charset=utf-16" },
    { "content-encoding": "gzip" }
  ])("%o", (headers) =>
    refused({ text: "{}", headers: headers as Record<string, string> }, 415, "request.unsupported_media")
  )
  it("more members than anybody needs", async () => {
    const text = `{"dataType":"employee","x":{${Array.from({ length: 20_001 }, (_, i) => `"${i}":0`).join(",")}}}`
    await refused({ text }, 400, "request.too_many_values")
    await refused({ text: `[${"[],".repeat(20_001)}[]]` }, 400, "request.too_many_values")
  })
  it("deep nesting, in any mix, without a deep stack", async () => {
    await refused({ text: '{"a":['.repeat(40) }, 400, "request.too_deep")
    await refused({ text: "[".repeat(19_000) }, 400, "request.too_deep")
  })
})

describe("any JSON body", () => {
  const paths = [
    "/v1.0/integration.import",
    "/v1.0/integration.authorize",
    "/v1.0/integration.update",
    "/v1.0/webhook.register",
    "/v1.0/webhook.update",
    "/v1.0/webhook.test",
    "/v1.0/sync.start",
    "/v1.0/sync.update",
    "/v1.0/sync.watchFields.update",
    "/v1.0/sync.run.releaseDeletions",
    "/v1.0/record.resync",
    "/v1.0/event.retry",
    "/v1.0/events.replay",
    "/v1.0/events.replay.cancel",
    "/v1.0/keys.create",
    "/v1.0/keys.revoke"
  ]
  const words = fc.constantFrom(
    "appId",
    "originOrgId",
    "credentials",
    "settings",
    "dataType",
    "models",
    "frequency",
    "everySeconds",
    "cron",
    "filters",
    "virtual",
    "left",
    "data",
    "type",
    "category",
    "HRIS",
    "url",
    "events",
    "headers",
    "destinationId",
    "jsonPaths",
    "recordId",
    "eventId",
    "name",
    "scopes",
    "admin",
    "employee",
    "standard",
    "__proto__",
    "constructor",
    "toString",
    ""
  )
  const { body } = fc.letrec((tie) => ({
    body: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      words,
      tie("object"),
      fc.array(tie("body"), { maxLength: 3 })
    ),
    object: fc.dictionary(fc.oneof(words, fc.string()), tie("body"), { maxKeys: 5 })
  }))
  it("answers 2xx or 4xx in the envelope", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, async (path, value) => {
        const answer = await send("POST", path, { ...withIntegration, body: value })
        assert.isBelow(answer.status, 500, JSON.stringify(answer.json))
        assert.strictEqual(answer.json.success, answer.status === 200)
        if (answer.status !== 200) {
          assert.isString(answer.json.error.code)
          assert.isString(answer.json.error.resolution)
        }
      }),
      { numRuns: 500, seed: 7 }
    )
  })
  it("any text answers in the envelope too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.string({ unit: "binary" }), async (path, text) => {
        assert.isBelow((await send("POST", path, { ...withIntegration, text })).status, 500)
      }),
      { numRuns: 200, seed: 7 }
    )
  })
})
