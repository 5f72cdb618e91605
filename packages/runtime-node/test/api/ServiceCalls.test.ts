import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Fakes from "../ServiceFakes.ts"
import { dispose, send, withIntegration } from "./Wire.ts"

afterAll(dispose)

describe("what reaches the services", () => {
  it("sync.start takes the published body, whatever the content type says", async () => {
    Fakes.calls.length = 0
    const answer = await send("POST", "/v1.0/sync.start", {
      headers: { "X-Crochet-Integration-Id": "int_1", "content-type": "application/x-www-form-urlencoded" },
      text: JSON.stringify({
        models: ["employee_profile"],
        frequency: "standard",
        destination: "https://call.example/knithook",
        dataType: "employee",
        somethingElse: 1
      })
    })
    assert.strictEqual(answer.status, 200)
    assert.deepStrictEqual(Fakes.calls, [
      [
        "start",
        Fakes.apiKey,
        "int_1",
        {
          models: ["employee_profile"],
          frequency: "standard",
          destination: "https://call.example/knithook",
          dataType: "employee"
        }
      ]
    ])
  })
  it("lists pass page size, page token and times on", async () => {
    Fakes.calls.length = 0
    await send("GET", "/v1.0/sync.runs.list?pageSize=7&pageToken=abc&from=1970-01-01T00:00:01Z", { ...withIntegration })
    assert.deepStrictEqual(Fakes.calls, [
      [
        "runs",
        { integrationId: "int_1", dataType: undefined, status: undefined, from: 1000, to: undefined },
        { pageToken: "abc", limit: 7 }
      ]
    ])
  })
})
