import { afterAll, assert, describe, it } from "@effect/vitest"
import { Layer, Logger } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import * as fc from "fast-check"
import * as Routes from "../src/api/Routes.ts"
import * as Fakes from "./ServiceFakes.ts"

const { handler, dispose } = HttpRouter.toWebHandler(
  Routes.layer.pipe(
    Layer.provide(Fakes.layer),
    Layer.provide(HttpServer.layerServices),
    Layer.provideMerge(Logger.layer([]))
  ),
  { disableLogger: true }
)
afterAll(dispose)

// The wire is what is under test here: answers are taken as they come, whatever their shape.
/* oxlint-disable typescript/no-explicit-any */

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: { success: boolean; data?: any; error?: any }
}

const send = async (
  method: string,
  path: string,
  options: { body?: unknown; text?: string; key?: string | null; headers?: Record<string, string> } = {}
): Promise<Answer> => {
  const key = options.key === undefined ? Fakes.apiKey : options.key
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  const response = await handler(
    new Request(`http://localhost${path}`, {
      method,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...options.headers },
      ...(body === undefined ? {} : { body })
    })
  )
  const text = await response.text()
  assert.match(
    response.headers.get("x-knit-execution-id") ?? "",
    /^ex_[0-9a-f]{32}$/,
    `${method} ${path}: no execution id`
  )
  return { status: response.status, headers: response.headers, json: JSON.parse(text) }
}
const withIntegration = { headers: { "X-Knit-Integration-Id": "int_1" } }

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

describe("operations", () => {
  it("health", async () => {
    const live = await handler(new Request("http://localhost/health/live"))
    assert.strictEqual(live.status, 200)
    const ready = await handler(new Request("http://localhost/health/ready"))
    assert.deepStrictEqual(await ready.json(), { status: "ok", checks: { database: "ok" } })
  })
  it("metrics are Prometheus text", async () => {
    const response = await handler(new Request("http://localhost/metrics"))
    const text = await response.text()
    assert.match(text, /^process_resident_memory_bytes \d+$/m)
    assert.match(text, /^crochet_events_pending\{destination="dst_1"\} 12$/m)
    assert.match(text, /^crochet_http_requests_total\{status="200"\} \d+$/m)
  })
  it("the reference is served without a CDN", async () => {
    const html = await handler(new Request("http://localhost/docs")).then((response) => response.text())
    assert.include(html, "sync.start")
    assert.notMatch(html, /<script[^>]+src="https?:/)
    const errors = await handler(new Request("http://localhost/docs/errors")).then((response) => response.text())
    assert.include(errors, "request.integration_missing")
  })
})

describe("/.well-known/crochet/{workspaceId}/webhook-keys", () => {
  const path = "/.well-known/crochet/ws_1/webhook-keys"
  const get = (at: string, headers: Record<string, string> = {}) =>
    handler(new Request(`http://localhost${at}`, { headers }))

  it("shows the public keys to anybody, to be kept for five minutes", async () => {
    const response = await get(path)
    assert.strictEqual(response.status, 200)
    assert.strictEqual(response.headers.get("cache-control"), "public, max-age=300")
    assert.strictEqual(response.headers.get("content-type"), "application/json")
    assert.strictEqual(response.headers.get("x-content-type-options"), "nosniff")
    assert.deepStrictEqual(await response.json(), {
      keys: [
        {
          keyId: "whk_1",
          algorithm: "ed25519",
          publicKey: "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
          createdAt: "1970-01-01T00:00:00.001Z",
          retiresAt: null
        }
      ]
    })
    const again = await get(path, { "if-none-match": response.headers.get("etag")! })
    assert.strictEqual(again.status, 304)
    assert.strictEqual(await again.text(), "")
  })

  it("knows no other workspace, and keeps nobody from asking again", async () => {
    for (const id of ["ws_2", "..%2Fws_1", "%00", "ws_1%20"]) {
      const response = await get(`/.well-known/crochet/${id}/webhook-keys`)
      assert.strictEqual(response.status, 404, id)
      assert.strictEqual(response.headers.get("cache-control"), "no-store")
      assert.strictEqual((await response.json()).success, false)
    }
  })
})

describe("webhook.rotateSecret", () => {
  it("refuses an overlap that is longer than a week, by its name", async () => {
    for (const overlapSeconds of [-1, 604_801, 1.5, "60"]) {
      const { json, status } = await send("POST", "/v1.0/webhook.rotateSecret", {
        body: { destinationId: "dst_1", overlapSeconds }
      })
      assert.strictEqual(status, 400)
      assert.deepInclude(json.error, { code: "request.invalid", field: "overlapSeconds" })
    }
    const none = await send("POST", "/v1.0/webhook.register", {
      body: { category: "HRIS", url: "https://host.example", signatures: [] }
    })
    assert.deepInclude(none.json.error, { code: "request.invalid", field: "signatures[0]" })
  })

  it("and webhook.rotateKey ask for their scopes", async () => {
    const secret = await send("POST", "/v1.0/webhook.rotateSecret", { key: "key_read", body: { destinationId: "d" } })
    const key = await send("POST", "/v1.0/webhook.rotateKey", { key: "key_sync", body: {} })
    const list = await send("GET", "/v1.0/webhook.keys.list", { key: "key_read" })
    assert.deepStrictEqual([secret.status, key.status, list.status], [403, 403, 200])
  })
})
