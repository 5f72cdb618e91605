import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Fakes from "../ServiceFakes.ts"
import { dispose, handler, send, withIntegration } from "./Wire.ts"

afterAll(dispose)

describe("the audit log", () => {
  const done: ReadonlyArray<readonly [path: string, body: object, entry: readonly [string, string | null, object]]> = [
    ["keys.create", { name: "ci", scopes: ["read"] }, ["api_key.create", "key_1", { name: "ci", scopes: ["read"] }]],
    ["keys.revoke", { keyId: "key_9" }, ["api_key.revoke", "key_9", { name: "first" }]],
    [
      "webhook.register",
      { category: "HRIS", url: "https://host.example/hook", headers: { "X-Secret": "canary" } },
      ["destination.register", "dst_1", { category: "HRIS", mode: "knit" }]
    ],
    ["webhook.update", { destinationId: "dst_1" }, ["destination.update", "dst_1", { mode: "knit", state: "active" }]],
    ["webhook.delete", { destinationId: "dst_1" }, ["destination.delete", "dst_1", { discarded: 2 }]],
    ["event.retry", { eventId: "ev_1" }, ["event.retry", "ev_1", {}]],
    ["webhook.rotateSecret", { destinationId: "dst_1" }, ["destination.rotate_secret", "dst_1", {}]],
    ["webhook.rotateKey", {}, ["signing_key.rotate", "whk_1", {}]],
    ["events.replay", { syncRunId: "sr_1" }, ["event.replay", "rp_1", {}]],
    ["events.replay.cancel", { replayId: "rp_1" }, ["event.replay_cancel", "rp_1", {}]],
    [
      "integration.import",
      { appId: "bamboohr", originOrgId: "org_1", credentials: { apiKey: "canary" } },
      ["integration.import", "int_1", { appId: "bamboohr", originOrgId: "org_1" }]
    ],
    [
      "integration.authorize",
      { appId: "bamboohr", originOrgId: "org_1" },
      ["integration.authorize", "au_1", { appId: "bamboohr", integrationId: null }]
    ],
    ["integration.deactivate", {}, ["integration.deactivate", "int_1", {}]],
    [
      "integration.update",
      { accountType: "production" },
      ["integration.update", "int_1", { accountType: "production" }]
    ],
    ["integration.purge", {}, ["integration.purge", "int_1", {}]],
    ["sync.run.releaseDeletions", { syncRunId: "sr_1" }, ["deletions.release", "sr_1", {}]],
    ["sync.run.discardDeletions", { syncRunId: "sr_1" }, ["deletions.discard", "sr_1", { discarded: 3 }]]
  ]
  it.each(done)("tells of %s", async (path, body, entry) => {
    Fakes.audit.entries.length = 0
    assert.strictEqual((await send("POST", `/v1.0/${path}`, { ...withIntegration, body })).status, 200)
    assert.deepStrictEqual(Fakes.audit.entries, [["key_1", ...entry]])
    assert.notInclude(JSON.stringify(Fakes.audit.entries), "canary")
  })
  it("covers every call that changes something beyond a sync's course", async () => {
    const document = await handler(new Request("http://localhost/openapi.json")).then((response) => response.json())
    const told = new Set(done.map(([path]) => path))
    // They start, stop and change syncs, look again, or send a sample.
    const untold = ["integration.validate", "record.resync", "webhook.test", "events.replay.cancel"]
    for (const [path, item] of Object.entries(document.paths as Record<string, object>)) {
      const name = path.split("/").at(-1)!
      if (!("post" in item) || untold.includes(name) || /^sync\.(?!run)/.test(name)) continue
      assert.isTrue(told.has(name), `${name} is not written to the audit log`)
    }
  })
  it("tells of a body that was read, and not of one that is gone", async () => {
    Fakes.audit.entries.length = 0
    await send("GET", "/v1.0/event.get?eventId=ev_1")
    assert.deepStrictEqual(Fakes.audit.entries, [])
    await send("GET", "/v1.0/event.get?eventId=ev_with_body")
    assert.deepStrictEqual(Fakes.audit.entries, [["key_1", "event.read_body", "ev_1", {}]])
  })
  it("tells nothing of what was refused or only looked at", async () => {
    Fakes.audit.entries.length = 0
    await send("POST", "/v1.0/integration.import", { body: { appId: "conflict", originOrgId: "org_1" } })
    await send("POST", "/v1.0/keys.create", { body: { name: 1 } })
    await send("GET", "/v1.0/keys.list")
    assert.deepStrictEqual(Fakes.audit.entries, [])
  })
  it("a call that cannot be written down fails", async () => {
    Fakes.audit.broken = true
    const answer = await send("POST", "/v1.0/keys.create", { body: { name: "ci", scopes: ["read"] } })
    Fakes.audit.broken = false
    assert.strictEqual(answer.status, 503)
    assert.strictEqual(answer.json.error.code, "audit.unwritten")
    assert.notInclude(JSON.stringify(answer.json), "crochet_live_new")
  })
  it("tells of refused scopes and of wrong keys once, however often they come", async () => {
    Fakes.audit.entries.length = 0
    for (let i = 0; i < 30; i++) await send("GET", "/v1.0/keys.list", { key: "key_read" })
    for (let i = 0; i < 30; i++) await send("GET", "/v1.0/keys.list", { key: "wrong" })
    const refused = Fakes.audit.entries.filter(([, action]) => action === "auth.refused")
    const throttled = Fakes.audit.entries.filter(([, action]) => action === "auth.throttled")
    assert.deepStrictEqual(refused, [
      ["key_1", "auth.refused", "key_1", { call: "/v1.0/keys.list", scope: "admin", count: 1 }]
    ])
    assert.isAtMost(throttled.length, 1)
  })
})
