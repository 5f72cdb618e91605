import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Fakes from "../ServiceFakes.ts"
import { dispose, handler, send, withIntegration } from "./Wire.ts"

afterAll(dispose)

/* oxlint-disable typescript/no-explicit-any */

describe("every call answers in the success envelope", () => {
  const cases: ReadonlyArray<readonly [method: string, path: string, body: unknown, check: (data: any) => void]> = [
    [
      "GET",
      "/v1.0/apps.list?category=HRIS",
      undefined,
      (data) => assert.deepStrictEqual(data, { apps: [], nextPageToken: null })
    ],
    ["GET", "/v1.0/capabilities.list", undefined, (data) => assert.deepStrictEqual(data.capabilities, [])],
    [
      "POST",
      "/v1.0/integration.import",
      { appId: "bamboohr", originOrgId: "org_1", credentials: { apiKey: "k" } },
      (data) =>
        assert.deepStrictEqual(data, {
          integrationId: "int_1",
          appId: "bamboohr",
          categoryId: "HRIS",
          originOrgId: "org_1",
          success: true,
          state: "active"
        })
    ],
    [
      "POST",
      "/v1.0/integration.authorize",
      { appId: "bamboohr", originOrgId: "org_1" },
      (data) =>
        assert.deepStrictEqual(data, {
          authorizationId: "au_1",
          appId: "bamboohr",
          integrationId: null,
          authorizeUrl: "https://acme.example/authorize",
          // The web handler of these tests has no public URL.
          redirectUri: "",
          expiresAt: "1970-01-01T00:00:00.002Z"
        })
    ],
    [
      "GET",
      "/v1.0/integration.details?originOrgId=org_1",
      undefined,
      (data) => {
        assert.strictEqual(data.apps[0].integrationId, "int_1")
        assert.strictEqual(data.apps[0].isActive, true)
        assert.notProperty(data.apps[0], "settings")
      }
    ],
    ["POST", "/v1.0/integration.validate", undefined, (data) => assert.strictEqual(data.success, true)],
    [
      "POST",
      "/v1.0/integration.deactivate",
      {},
      (data) => assert.strictEqual(data.deactivatedAt, "1970-01-01T00:00:00.004Z")
    ],
    [
      "POST",
      "/v1.0/integration.update",
      { accountType: "production" },
      (data) => assert.strictEqual(data.accountType, "production")
    ],
    ["POST", "/v1.0/integration.purge", {}, (data) => assert.deepStrictEqual(data.removed, { jobs: 1, events: 2 })],
    [
      "POST",
      "/v1.0/webhook.register",
      { category: "HRIS", url: "https://host.example/hook" },
      (data) => assert.strictEqual(data.secret, "whsec_abc")
    ],
    ["GET", "/v1.0/webhook.list", undefined, (data) => assert.strictEqual(data.webhooks[0].destinationId, "dst_1")],
    [
      "POST",
      "/v1.0/webhook.update",
      { destinationId: "dst_1", state: "paused" },
      (data) => assert.strictEqual(data.destinationId, "dst_1")
    ],
    ["POST", "/v1.0/webhook.test", { destinationId: "dst_1" }, (data) => assert.strictEqual(data.hint, "Look.")],
    [
      "POST",
      "/v1.0/webhook.rotateSecret",
      { destinationId: "dst_1", overlapSeconds: 604800 },
      (data) => {
        assert.strictEqual(data.secret, "whsec_new")
        assert.deepStrictEqual(data.signatures, ["v1"])
        assert.deepStrictEqual(data.previousSecrets, [])
      }
    ],
    [
      "GET",
      "/v1.0/webhook.keys.list",
      undefined,
      (data) => {
        assert.strictEqual(data.keys[0].publicKey, "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
        assert.strictEqual(data.url, "/.well-known/crochet/ws_1/webhook-keys")
      }
    ],
    [
      "POST",
      "/v1.0/webhook.rotateKey",
      { expireNow: true },
      (data) => assert.deepStrictEqual([data.keys[0].keyId, data.keys[0].retiresAt], ["whk_1", null])
    ],
    ["POST", "/v1.0/webhook.delete", { destinationId: "dst_1" }, (data) => assert.strictEqual(data.discarded, 2)],
    [
      "POST",
      "/v1.0/sync.start",
      { dataType: "employee" },
      (data) => assert.deepStrictEqual(data, { syncJobId: "sj_1", syncRunId: "sr_1" })
    ],
    [
      "POST",
      "/v1.0/sync.update",
      { dataType: "employee", frequency: { everySeconds: 60 } },
      (data) => assert.strictEqual(data.syncRunId, null)
    ],
    ["POST", "/v1.0/sync.pause", { dataType: "employee" }, (data) => assert.strictEqual(data.state, "paused")],
    ["POST", "/v1.0/sync.resume", { dataType: "employee" }, (data) => assert.strictEqual(data.state, "active")],
    ["POST", "/v1.0/sync.cancel", { dataType: "employee" }, (data) => assert.strictEqual(data.status, "cancelled")],
    ["GET", "/v1.0/sync.jobs.list", undefined, (data) => assert.strictEqual(data.jobs[0].syncJobId, "sj_1")],
    ["GET", "/v1.0/sync.job.get?syncJobId=sj_1", undefined, (data) => assert.strictEqual(data.syncJobId, "sj_1")],
    [
      "GET",
      "/v1.0/sync.runs.list?status=running&from=2026-05-01T00:00:00Z",
      undefined,
      (data) => assert.strictEqual(data.runs[0].syncRunId, "sr_1")
    ],
    [
      "GET",
      "/v1.0/sync.run.get?syncRunId=sr_1",
      undefined,
      (data) => assert.strictEqual(data.issues[0].at, "1970-01-01T00:00:00.003Z")
    ],
    [
      "POST",
      "/v1.0/sync.run.releaseDeletions",
      { syncRunId: "sr_1" },
      (data) => assert.strictEqual(data.syncRunId, "sr_1")
    ],
    ["POST", "/v1.0/sync.run.discardDeletions", { syncRunId: "sr_1" }, (data) => assert.strictEqual(data.discarded, 3)],
    [
      "POST",
      "/v1.0/sync.watchFields.update",
      { dataType: "employee", jsonPaths: ["$.profile.workEmail"] },
      (data) => assert.strictEqual(data.syncJobId, "sj_1")
    ],
    [
      "POST",
      "/v1.0/record.resync",
      { dataType: "employee", recordId: "42" },
      (data) => assert.strictEqual(data.syncRunId, "sr_1")
    ],
    [
      "GET",
      "/v1.0/events.list?state=pending&eventType=record.new",
      undefined,
      (data) => assert.strictEqual(data.events[0].sequence, "7")
    ],
    ["GET", "/v1.0/event.get?eventId=ev_1", undefined, (data) => assert.strictEqual(data.attempts[0].number, 1)],
    [
      "POST",
      "/v1.0/events.replay",
      { syncRunId: "sr_1", states: ["expired"], ratePerSecond: 50, from: "2026-05-01T00:00:00Z" },
      (data) => {
        assert.strictEqual(data.matching, null)
        assert.strictEqual(data.replay.state, "sending")
        assert.deepInclude(data.replay.skipped[0], { reason: "capability.unsupported", count: 1 })
      }
    ],
    ["GET", "/v1.0/events.replays.list", undefined, (data) => assert.strictEqual(data.replays[0].replayId, "rp_1")],
    ["GET", "/v1.0/events.replay.get?replayId=rp_1", undefined, (data) => assert.strictEqual(data.replayed, 2)],
    ["POST", "/v1.0/events.replay.cancel", { replayId: "rp_1" }, (data) => assert.strictEqual(data.replayId, "rp_1")],
    ["POST", "/v1.0/event.retry", { eventId: "ev_1" }, (data) => assert.strictEqual(data.recordId, "42")],
    [
      "POST",
      "/v1.0/keys.create",
      { name: "ci", scopes: ["sync"] },
      (data) => assert.strictEqual(data.key, "crochet_live_new")
    ],
    ["GET", "/v1.0/keys.list", undefined, (data) => assert.notProperty(data.keys[0], "hash")],
    [
      "POST",
      "/v1.0/keys.revoke",
      { keyId: "key_1" },
      (data) => assert.strictEqual(data.revokedAt, "1970-01-01T00:00:00.009Z")
    ],
    [
      "GET",
      "/v1.0/audit.list?actor=key_1&action=api_key.create&from=2026-05-01T00:00:00Z&pageSize=3",
      undefined,
      (data) => {
        assert.deepStrictEqual(data.entries, [
          {
            position: 1,
            at: "1970-01-01T00:00:00.005Z",
            actor: "key_1",
            action: "api_key.create",
            target: "key_2",
            detail: { name: "ci" },
            previousHash: "",
            hash: "h1"
          }
        ])
        assert.deepStrictEqual(Fakes.calls.at(-1), [
          "audit",
          {
            workspaceId: "ws_1",
            actor: "key_1",
            action: "api_key.create",
            from: Date.UTC(2026, 4, 1),
            to: undefined
          },
          { pageToken: undefined, limit: 3 }
        ])
      }
    ]
  ]
  it.each(cases)("%s %s", async (method, path, body, check) => {
    const answer = await send(method, path, { ...withIntegration, ...(body === undefined ? {} : { body }) })
    assert.strictEqual(answer.status, 200, JSON.stringify(answer.json))
    assert.strictEqual(answer.json.success, true)
    check(answer.json.data)
  })

  it("covers every call of the definition", async () => {
    const document = await handler(new Request("http://localhost/openapi.json")).then((response) => response.json())
    const described = Object.entries(document.paths as Record<string, object>)
      .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
      .sort()
    const covered = cases.map(([method, path]) => `${method} ${path.split("?")[0]}`).sort()
    assert.deepStrictEqual(covered, described)
    assert.strictEqual(document.openapi, "3.1.0")
  })
})
