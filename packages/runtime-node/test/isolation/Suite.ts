import { createHash, randomBytes } from "node:crypto"
import { connector as bamboohr } from "@crochet/connector-bamboohr"
import { startBambooHR } from "@crochet/simulators"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { createCrochet } from "../../src/index.ts"
import { type Call, calls, type Parameter, takesText } from "./Parameters.ts"

type Row = { readonly [column: string]: unknown }

/** The database that the calls work on, looked into from beside. */
export interface World {
  /** What `createCrochet` is told. */
  readonly options: { readonly database: string; readonly masterKey?: string }
  readonly query: (sql: string) => Promise<ReadonlyArray<Row>>
  readonly tables: () => Promise<ReadonlyArray<string>>
  readonly close: () => Promise<unknown>
}

/** Parameters that name something of a workspace, and how A's is called here. */
const ids: { readonly [name: string]: string } = {
  "x-knit-integration-id": "integration",
  "x-crochet-integration-id": "integration",
  integrationId: "integration",
  destinationId: "destination",
  syncJobId: "job",
  syncRunId: "run",
  eventId: "event",
  eventIds: "event",
  replayId: "replay",
  keyId: "key",
  recordId: "record",
  pageToken: "pageToken",
  actor: "key"
}
/** Parameters that take text and name nothing of a workspace; a value where a call needs one. */
const ordinary: { readonly [name: string]: string } = {
  appId: "bamboohr",
  originOrgId: "acme",
  originOrgName: "Acme",
  authScheme: "apiKey",
  returnUrl: "https://app.example/done",
  name: "x",
  dataType: "employee",
  url: "http://127.0.0.1:9/other",
  destination: "http://127.0.0.1:9/third",
  from: "2026-01-01T00:00:00Z",
  to: "2027-01-01T00:00:00Z",
  pageSize: "10",
  cron: "0 6 * * *",
  timeZone: "Europe/Berlin",
  startAt: "2026-01-01T00:00:00Z",
  models: "employee_profile",
  jsonPaths: "$.profile",
  headers: "x",
  aliases: "x",
  events: "record.new",
  secret: "x",
  exclude: "$.profile",
  include: "$.profile",
  data: "x",
  type: "x"
}
/** Calls in which ids choose among the caller's own events: a foreign one chooses none of them, which is no mistake. */
const choosing = ["/v1.0/events.replay"]
/** What ends or changes the things that the others name comes last when their owner calls. */
const lateCalls = ["revoke", "delete", "deactivate", "purge"]

const written = (_: string, value: unknown) =>
  typeof value === "bigint" ? String(value) : value instanceof Uint8Array ? [...value] : value

const isEmptyList = (data: unknown): boolean =>
  typeof data === "object" &&
  data !== null &&
  Object.values(data).every((value) => value === null || (Array.isArray(value) && value.length === 0))

const cases = calls().flatMap((call) =>
  call.parameters
    .filter((one) => one.name in ids)
    .map((one) => [`${call.method} ${call.path}`, one.in, one.name, call, one] as const)
)

/** Calls everything with ids of somebody else, on an empty database that `open` makes. */
export const suite = (name: string, open: () => Promise<World>): void => {
  const foreignKey = `crochet_test_${randomBytes(32).toString("base64url")}`
  const cleanups: Array<() => Promise<unknown>> = []
  let handler: (request: Request) => Promise<Response>
  let ownKey = ""
  let world: World
  const own: Record<string, string> = {}

  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  beforeAll(async () => {
    world = await open()
    cleanups.push(world.close)
    const app = await startBambooHR({ employees: 5 })
    cleanups.push(app.close)
    const crochet = await createCrochet({
      connectors: [bamboohr],
      ...world.options,
      log: { level: "none" },
      egressAllow: ["127.0.0.0/8"],
      baseUrls: { bamboohr: app.url }
    })
    cleanups.push(crochet.close)
    handler = crochet.handler
    ownKey = crochet.apiKey
    // Paused: A's events wait, and nothing of A changes by itself.
    const webhook = await crochet.webhooks.register({ category: "HRIS", url: "http://127.0.0.1:9/hook" })
    await crochet.webhooks.update({ destinationId: webhook.destinationId, state: "paused" })
    const { integrationId } = await crochet.integrations.import({
      appId: "bamboohr",
      originOrgId: "acme",
      credentials: { apiKey: app.apiKey },
      settings: { subdomain: app.subdomain }
    })
    const run = await vi.waitFor(
      async () => {
        const found = (await crochet.syncs.runs({ integrationId })).runs.find((one) => one.status === "processed")
        return found ?? assert.fail("A's run is not read yet")
      },
      { timeout: 30_000, interval: 25 }
    )
    const event = (await crochet.events.list({ pageSize: 200 })).events.find((one) => one.eventType === "record.new")!
    Object.assign(own, {
      integration: integrationId,
      destination: webhook.destinationId,
      job: run.syncJobId,
      run: run.syncRunId,
      event: event.eventId,
      record: event.recordId ?? "",
      key: (await crochet.keys.create({ name: "spare", scopes: ["read"] })).keyId,
      pageToken: (await crochet.events.list({ pageSize: 1 })).nextPageToken ?? ""
    })
    const replay = calls().find((call) => call.path === "/v1.0/events.replay")
    if (replay !== undefined) {
      const answer = await handler(
        new Request(`http://localhost${replay.path}`, {
          method: replay.method,
          headers: { authorization: `Bearer ${ownKey}` },
          // Chooses nothing: what it is for here is its id.
          body: JSON.stringify({ syncRunId: run.syncRunId, eventType: "sync.failed" })
        })
      )
      const { data } = (await answer.json()) as { readonly data: { readonly replay: { readonly replayId: string } } }
      own["replay"] = data.replay.replayId
      await replayed(data.replay.replayId, ownKey)
    }
    await world.query("INSERT INTO workspaces (id, created_at) VALUES ('ws_b', 9000000000000)")
    const hash = createHash("sha256").update(foreignKey).digest("hex")
    await world.query(
      `INSERT INTO api_keys (id, workspace_id, name, prefix, hash, scopes, created_at)
       VALUES ('key_b', 'ws_b', 'B', 'crochet_test', '${hash}', '["admin"]', 1)`
    )
  })

  /** Every row of every table that is not B's. */
  const rowsOfA = async (): Promise<string> => {
    const dump: Array<readonly [table: string, rows: ReadonlyArray<string>]> = []
    for (const table of await world.tables()) {
      const rows = await world.query(`SELECT * FROM ${table}`)
      const ofA = rows.filter((row) => !Object.values(row).some((value) => value === "ws_b"))
      // Rows have no order of their own.
      dump.push([table, ofA.map((row) => JSON.stringify(row, written)).sort()])
    }
    return JSON.stringify(dump)
  }

  const sample = (call: Call, { name, schema }: Parameter): unknown => {
    const kind = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema
    if (name in ids) return [kind.type].flat().includes("array") ? [own[ids[name]!]] : own[ids[name]!]
    const text = ordinary[name]
    const list = [kind.type].flat().includes("array")
    if (list) return kind.items?.enum === undefined ? [text].flatMap((one) => one ?? []) : [kind.items.enum[0]]
    if (kind.enum !== undefined) return kind.enum[0]
    if (text !== undefined) return text
    const type = [kind.type].flat()[0]
    if (type === "boolean") return true
    if (type === "number" || type === "integer") return 1
    if (type === "object") return {}
    throw new Error(`${call.path} needs ${name}: give the generator a value for it`)
  }

  /** The call with A's id in one place, whatever else it needs, and the account that ids of records belong to. */
  const requestOf = (call: Call, with_: Parameter | undefined, key: string): Request => {
    const query = new URLSearchParams()
    const headers = new Headers({ authorization: `Bearer ${key}` })
    const body: Record<string, unknown> = {}
    let route = call.path
    for (const one of call.parameters) {
      const wanted =
        one === with_ ||
        one.required ||
        (with_?.name === "recordId" && one.name === "x-knit-integration-id") ||
        (with_ === undefined && one.name === "x-knit-integration-id")
      if (!wanted || one.within !== null) continue
      const value = sample(call, one)
      if (one.in === "query") query.set(one.name, String(value))
      else if (one.in === "header") headers.set(one.name, String(value))
      else if (one.in === "path") route = route.replace(`{${one.name}}`, encodeURIComponent(String(value)))
      else body[one.name] = value
    }
    return new Request(`http://localhost${route}${query.size === 0 ? "" : `?${query.toString()}`}`, {
      method: call.method,
      headers,
      ...(call.method === "POST" ? { body: JSON.stringify(body) } : {})
    })
  }

  /** A replay when it is over. */
  const replayed = (replayId: string, key: string): Promise<object> =>
    vi.waitFor(
      async () => {
        const headers = { authorization: `Bearer ${key}` }
        const answer = await handler(
          new Request(`http://localhost/v1.0/events.replay.get?replayId=${replayId}`, { headers })
        )
        const { data } = (await answer.json()) as { readonly data: { readonly state: string } }
        assert.notInclude(["queued", "running"], data.state)
        return data
      },
      { timeout: 30_000, interval: 25 }
    )

  describe(`a key of workspace B with an id of workspace A, on ${name}`, () => {
    it("every parameter that takes text is known to name something of a workspace, or not to", () => {
      const unknown = calls().flatMap((call) =>
        call.parameters
          .filter((one) => takesText(one) && !(one.name in ids) && !(one.name in ordinary))
          .map((one) => `${call.path}: ${one.name}`)
      )
      assert.deepStrictEqual(unknown, [], "say in this file whether these are ids")
      for (const call of calls()) {
        for (const one of call.parameters.filter(takesText)) {
          if (one.name in ids) assert.isNull(one.within, `${call.path}: the generator must learn to nest ${one.name}`)
        }
        for (const { name } of call.parameters) {
          if (/(id|ids|token)$/i.test(name)) assert.isTrue(name in ids || name in ordinary, `${call.path}: ${name}`)
        }
      }
      assert.isAtLeast(cases.length, 40)
    })

    it("A has something under each id", () => {
      for (const [, , name] of cases) assert.isNotEmpty(own[ids[name]!] ?? "", name)
    })

    it.each(cases)("%s, %s %s: 404 or an empty list, and no write", async (_, __, name, call, one) => {
      const before = await rowsOfA()
      const response = await handler(requestOf(call, one, foreignKey))
      const text = await response.text()
      assert.strictEqual(await rowsOfA(), before, "a row of A changed")
      const { data, error } = JSON.parse(text) as { data?: unknown; error?: { code: string } }
      if (response.status === 200 && choosing.includes(call.path)) {
        const { replay } = data as { readonly replay: { readonly replayId: string } }
        const done = await replayed(replay.replayId, foreignKey)
        assert.deepInclude(done, { examined: 0, replayed: 0, madeDue: 0 })
        assert.strictEqual(await rowsOfA(), before, "a row of A changed while B's replay ran")
      } else if (response.status === 200) {
        assert.strictEqual(call.method, "GET", text)
        // A page token names a place in an order, which is everybody's; what is listed there is B's own.
        if (name !== "pageToken" && name !== "actor") assert.isTrue(isEmptyList(data), text)
        const apps = call.path.endsWith("apps.list") || call.path.endsWith("capabilities.list")
        for (const id of Object.values(own)) if (!apps && name !== "pageToken") assert.notInclude(text, `"${id}"`)
      } else {
        assert.strictEqual(response.status, 404, text)
        assert.match(error?.code ?? "", /\.not_found$/)
      }
    })

    it("A's own key is answered otherwise for every one of these calls", async () => {
      const late = (call: Call) => lateCalls.findIndex((word) => call.path.includes(word))
      const ordered = calls()
        .filter((call) => call.parameters.some((one) => one.name in ids && one.name !== "pageToken"))
        .sort((a, b) => late(a) - late(b))
      for (const call of ordered) {
        const own = call.parameters.find((one) => one.name in ids && one.in !== "header" && one.name !== "pageToken")
        const answered = await handler(requestOf(call, own?.name === "recordId" ? own : undefined, ownKey))
        assert.notStrictEqual(answered.status, 404, `${call.path}: ${await answered.text()}`)
        assert.notStrictEqual(answered.status, 401, call.path)
      }
    })
  })
}
