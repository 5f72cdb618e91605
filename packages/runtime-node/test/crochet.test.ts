import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { connector as bamboohr } from "@crochet/connector-bamboohr"
import { type BambooHRSimulator, startBambooHR } from "@crochet/simulators"
import { afterEach, assert, describe, it } from "@effect/vitest"
import { createCrochet, type Crochet, CrochetError, type CrochetOptions, type ReceivedEvent } from "../src/index.ts"

const cleanups: Array<() => Promise<unknown> | void> = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const simulator = async (employees: number): Promise<BambooHRSimulator> => {
  const running = await startBambooHR({ employees })
  cleanups.push(running.close)
  return running
}
const crochet = async (options: Partial<CrochetOptions> = {}): Promise<Crochet> => {
  const made = await createCrochet({
    connectors: [bamboohr],
    database: "sqlite::memory:",
    log: { level: "none" },
    ...options
  })
  cleanups.push(made.close)
  return made
}
const connected = (app: BambooHRSimulator): Partial<CrochetOptions> => ({
  egressAllow: ["127.0.0.0/8"],
  baseUrls: { bamboohr: app.url }
})
const account = (app: BambooHRSimulator) => ({
  appId: "bamboohr",
  originOrgId: "acme",
  credentials: { apiKey: app.apiKey },
  settings: { subdomain: app.subdomain }
})

/** Collects events and lets a test wait for one. */
const inbox = () => {
  const events: Array<ReceivedEvent> = []
  let wake = () => {}
  return {
    events,
    receive: async (event: ReceivedEvent) => {
      events.push(event)
      wake()
    },
    until: async (found: (event: ReceivedEvent) => boolean, from = 0): Promise<ReceivedEvent> => {
      for (;;) {
        const event = events.slice(from).find(found)
        if (event !== undefined) return event
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }
}
const rejection = async (promise: Promise<unknown>): Promise<CrochetError> => {
  const error = await promise.then(
    () => assert.fail("was not refused"),
    (reason: unknown) => reason
  )
  assert.instanceOf(error, CrochetError)
  return error
}

describe("createCrochet", () => {
  it("syncs an account into a function: everything first, then what changed", async () => {
    const app = await simulator(30)
    const box = inbox()
    const host = await crochet({ ...connected(app), onEvent: box.receive })

    const integration = await host.integrations.import(account(app))
    assert.isTrue(integration.success)
    const started = await host.syncs.start({ integrationId: integration.integrationId, dataType: "employee" })
    const end = await box.until(
      (event) => event.eventType === "sync.events.allConsumed" && event.syncRunId === started.syncRunId
    )
    const records = box.events.filter(
      (event) => event.eventType === "record.new" && event.syncRunId === started.syncRunId
    )
    assert.strictEqual(records.length, app.control.count().active)
    assert.strictEqual(records[0]?.integrationId, integration.integrationId)
    assert.isObject(records[0]?.eventData["profile"])
    assert.strictEqual(end.eventData["consumed"], records.length)

    const seen = box.events.length
    const [person] = app.control.list({ status: "Active", limit: 1 })
    app.control.change(Number(person!.id), { firstName: "Renamed" })
    const delta = await host.syncs.start({
      integrationId: integration.integrationId,
      dataType: "employee",
      syncType: "delta_sync"
    })
    await box.until(
      (event) => event.eventType === "sync.events.allConsumed" && event.syncRunId === delta.syncRunId,
      seen
    )
    const changes = box.events.slice(seen).filter((event) => event.eventType.startsWith("record."))
    assert.deepStrictEqual(
      changes.map((event) => [event.eventType, event.recordId]),
      [["record.modified", String(person!.id)]]
    )
    const run = await host.syncs.run(delta.syncRunId)
    assert.strictEqual(run.counts.modified, 1)

    const metrics = await host.handler(new Request("http://host.example/metrics")).then((response) => response.text())
    assert.match(metrics, /^crochet_runs_read_total\{status="processed"\} [1-9]/m)
    assert.match(metrics, /^crochet_delivery_attempts_total\{result="acknowledged"\} [1-9]/m)
    assert.match(metrics, /^crochet_events_pending\{destination="dest_\w+"\} 0$/m)
  })

  it("keeps an event whose function rejects, and delivers it again", async () => {
    const app = await simulator(1)
    const box = inbox()
    let failing = true
    let rejected = ""
    const host = await crochet({
      ...connected(app),
      onEvent: async (event) => {
        if (failing && event.eventType === "app.integration.activate") {
          rejected = event.eventId
          throw new Error("the host is not ready")
        }
        await box.receive(event)
      }
    })
    await host.integrations.import(account(app))
    // Another event shows that the activation had its first attempt.
    await box.until((event) => event.eventType === "sync.events.allConsumed")
    const { events } = await host.events.list({ eventType: "app.integration.activate" })
    assert.strictEqual(events[0]?.eventId, rejected)
    assert.strictEqual(events[0]?.state, "pending")
    assert.strictEqual(events[0]?.lastStatus, 500)
    failing = false
    await host.events.retry(rejected)
    assert.strictEqual((await box.until((event) => event.eventType === "app.integration.activate")).eventId, rejected)
  })

  it("is the same after a restart: accounts, key, function", async () => {
    const directory = mkdtempSync(join(tmpdir(), "crochet-host-"))
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }))
    const app = await simulator(2)
    const options = { ...connected(app), database: `sqlite:${join(directory, "crochet.db")}` }
    const first = await crochet({ ...options, onEvent: () => {} })
    const { integrationId } = await first.integrations.import(account(app))
    await first.close()

    const box = inbox()
    const second = await crochet({ ...options, onEvent: box.receive })
    assert.strictEqual(second.apiKey, first.apiKey)
    assert.strictEqual((await second.webhooks.list()).webhooks.length, 1)
    assert.strictEqual((await second.integrations.get(integrationId)).state, "active")
    const { syncRunId } = await second.syncs.start({ integrationId, dataType: "employee" })
    await box.until((event) => event.syncRunId === syncRunId && event.eventType === "sync.events.allConsumed")
  })

  it("keeps the house in order: an old test account ends, and old events leave the log", async () => {
    const directory = mkdtempSync(join(tmpdir(), "crochet-host-"))
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }))
    const app = await simulator(2)
    const file = join(directory, "crochet.db")
    const options = { ...connected(app), database: `sqlite:${file}` }
    const earlier = inbox()
    const first = await crochet({ ...options, onEvent: earlier.receive })
    const { integrationId } = await first.integrations.import(account(app))
    await earlier.until((event) => event.eventType === "sync.events.allConsumed")
    await first.close()

    const database = new DatabaseSync(file)
    const count = (what: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${what}`).get()!["n"])
    const month = 31 * 24 * 60 * 60 * 1000
    database.exec(`UPDATE integrations SET test_since = test_since - ${month}`)
    database.exec(`UPDATE events SET created_at = created_at - ${month}, settled_at = settled_at - ${month}`)
    assert.isAbove(count("events"), 2)
    database.close()

    const box = inbox()
    const second = await crochet({ ...options, onEvent: box.receive })
    const { eventData } = await box.until((event) => event.eventType === "integration.deactivated")
    assert.deepInclude(eventData, { integrationId, state: "expired" })
    assert.strictEqual((await second.integrations.get(integrationId)).state, "expired")
    const left = await second.events.list()
    assert.deepStrictEqual(
      left.events.map(({ eventType }) => eventType),
      ["integration.deactivated"]
    )
    const refusal = await rejection(second.integrations.import({ ...account(app), integrationId }))
    assert.strictEqual(refusal.code, "integration.expired")
  })

  it("answers web requests where it is mounted, and on a port of its own", async () => {
    const host = await crochet({ mountPath: "/api/crochet/", publicUrl: "https://host.example/api/crochet" })
    const headers = { authorization: `Bearer ${host.apiKey}` }
    const mounted = await host.handler(new Request("https://host.example/api/crochet/v1.0/apps.list", { headers }))
    assert.strictEqual(
      ((await mounted.json()) as { data: { apps: ReadonlyArray<{ id: string }> } }).data.apps[0]?.id,
      "bamboohr"
    )
    const posted = await host.handler(
      new Request("https://host.example/api/crochet/v1.0/sync.start", {
        method: "POST",
        headers,
        body: JSON.stringify({ dataType: 1 })
      })
    )
    assert.strictEqual(posted.status, 400)
    const { error } = (await posted.json()) as { error: { field: string; docs: string } }
    assert.strictEqual(error.field, "dataType")
    assert.strictEqual(error.docs, "https://host.example/api/crochet/docs/errors#request.invalid")

    const server = await host.listen({ port: 0 })
    assert.strictEqual((await fetch(`${server.url}/v1.0/apps.list`, { headers })).status, 200)
    assert.strictEqual((await fetch(`${server.url}/v1.0/apps.list`)).status, 401)
    await server.close()
    await fetch(server.url).then(
      () => assert.fail("still listening"),
      () => undefined
    )
  })

  it("connects an account by the end user's sign-in, through the handler where it is mounted", async () => {
    const app = await simulator(3)
    const oauth = { bamboohr: { clientId: "me", clientSecret: "canary-client-secret" } }
    const request = { appId: "bamboohr", originOrgId: "acme", settings: { subdomain: app.subdomain } }
    const nowhere = await crochet({ ...connected(app), oauth })
    const refused = await rejection(nowhere.integrations.authorize(request))
    assert.strictEqual(refused.code, "oauth.public_url_missing", "nobody said where the handler is mounted")

    const box = inbox()
    const returnUrl = "https://host.example/connected"
    const host = await crochet({
      ...connected(app),
      oauth,
      onEvent: box.receive,
      publicUrl: "https://host.example/api/crochet",
      mountPath: "/api/crochet",
      returnUrls: [returnUrl]
    })
    const begun = await host.integrations.authorize({ ...request, returnUrl })
    assert.strictEqual(begun.redirectUri, "https://host.example/api/crochet/oauth/callback/bamboohr")
    const consent = await fetch(begun.authorizeUrl, { redirect: "manual" })
    const answer = await host.handler(new Request(consent.headers.get("location")!))
    assert.strictEqual(answer.status, 303, await answer.text())
    const back = new URL(answer.headers.get("location")!)
    assert.strictEqual(back.origin + back.pathname, returnUrl)
    const integrationId = back.searchParams.get("integrationId")!
    assert.strictEqual((await host.integrations.get(integrationId)).state, "active")
    await box.until((event) => event.eventType === "record.new")
    const elsewhere = await rejection(host.integrations.authorize({ ...request, returnUrl: "https://evil.example" }))
    assert.strictEqual(elsewhere.code, "oauth.return_url")
    assert.strictEqual(elsewhere.field, "returnUrl")
    const wrong = await rejection(crochet({ returnUrls: ["http://host.example/#x"] }))
    assert.strictEqual(wrong.field, "returnUrls")
  })

  it("refuses with code, field, resolution and status", async () => {
    const app = await simulator(1)
    const host = await crochet(connected(app))
    const unknown = await rejection(host.syncs.start({ integrationId: "int_nope", dataType: "employee" }))
    assert.strictEqual(unknown.code, "integration.not_found")
    assert.strictEqual(unknown.status, 404)
    assert.match(unknown.executionId ?? "", /^ex_/)
    const rejected = await rejection(host.integrations.import({ ...account(app), credentials: { apiKey: "wrong" } }))
    assert.strictEqual(rejected.code, "auth.invalid_credentials")
    assert.strictEqual(rejected.status, 422)
    assert.isNotEmpty(rejected.resolution)
    assert.deepStrictEqual((await host.integrations.list()).apps, [], "nothing of a rejected account is kept")
    const own = await host.listen({ port: 0 })
    const inward = await rejection(host.webhooks.register({ category: "HRIS", url: `${own.url}/hook` }))
    assert.strictEqual(inward.code, "destination.invalid_url", "a webhook must not lead to this very server")
  })

  it("rejects settings that cannot work, by their names", async () => {
    const error = await rejection(createCrochet({ connectors: [], database: "postgres://h/d" }))
    assert.strictEqual(error.code, "settings.invalid")
    assert.strictEqual(error.field, "database")
    const locked = await rejection(
      createCrochet({ connectors: [], database: `sqlite:${fileURLToPath(import.meta.url)}/crochet.db` })
    )
    assert.match(locked.message, /cannot be read or made/)
  })
})
