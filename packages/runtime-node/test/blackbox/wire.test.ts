import { assert, describe, it } from "@effect/vitest"
import { until } from "@crochet/proof/Deadline"
import type { Arrival, Inbox } from "@crochet/proof/Inbox"
import { activeIds, assertDelivered, assertRun, eventsOf } from "@crochet/proof/Oracle"
import { app, inbox, type Installation, installation } from "./World.ts"

const dataset = "/v2/datasets/employee/data"
const dataType = "employee"

const refused = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => assert.fail("was not refused"),
    (error: Error) => error.message
  )
const firstOf = (receiver: Inbox, eventType: string): Arrival | undefined =>
  receiver.arrivals.find(({ event }) => event.eventType === eventType)

const ofSync = ["eventId", "eventType", "eventData", "syncType", "syncDataType", "syncJobId", "syncRunId"]
const ours = ["occurredAt", "appId", "originOrgId"]

// One installation and one company for all: each test has an account of its own.
const simulator = await app({ employees: 700, seed: 41 })
const { control } = simulator
const receiver = await inbox()
let host: Installation

describe("the wire", () => {
  it("an account that is connected before there is a webhook begins with webhook.register", async () => {
    host = await installation(simulator)
    const integrationId = await host.connect({ originOrgId: "early" })
    assert.deepStrictEqual(await host.runs(integrationId), [])
    assert.match(
      await refused(host.delta(integrationId)),
      /422 destination\.missing: .*\(destination\) .*webhook\.register/
    )
    await host.register(receiver)
    const [run, ...others] = await host.runs(integrationId)
    assert.lengthOf(others, 0)
    assert.include(run, { trigger: "validation", syncType: "initial_sync" })
    await host.reaches(run!.syncRunId, "completed")
    assertRun(receiver, run!.syncRunId, { "record.new": activeIds(simulator) })
  })

  it("headers and fields are those of the protocol, in its order", async () => {
    const from = receiver.arrivals.length
    const integrationId = await host.connect({ originOrgId: "acme" })
    const { syncRunId } = await host.firstRun(integrationId)
    await host.reaches(syncRunId, "completed")
    const mine = receiver.arrivals.slice(from)
    for (const { event, headers, rawHeaders } of mine) {
      const names = rawHeaders.filter((_, at) => at % 2 === 0)
      // What every HTTP request has is not the protocol's.
      const transport = ["host", "connection", "content-length", "User-Agent"]
      assert.deepStrictEqual(
        names.filter((name) => !transport.includes(name)).sort(),
        [
          "Content-Type",
          "X-Knit-Execution-Id",
          "X-Knit-Integration-Id",
          "X-Knit-Signature",
          "webhook-id",
          "webhook-signature",
          "webhook-timestamp"
        ].sort()
      )
      assert.strictEqual(headers["content-type"], "application/json")
      assert.strictEqual(headers["x-knit-integration-id"], integrationId)
      assert.match(String(headers["x-knit-execution-id"]), /^ex_[\w-]+$/)
      assert.match(String(headers["x-knit-signature"]), /^[\w-]{43}$/)
      assert.match(String(headers["webhook-timestamp"]), /^\d{10}$/)
      assert.deepStrictEqual(
        Object.keys(event),
        event.recordId !== undefined
          ? [...ofSync, "recordId", "sequence", ...ours]
          : event.syncRunId !== undefined
            ? [...ofSync, ...ours]
            : ["eventId", "eventType", "eventData", ...ours]
      )
    }
    const data = (eventType: string) => mine.find(({ event }) => event.eventType === eventType)!.event.eventData
    const emitted = activeIds(simulator).length
    const read = { processed: control.count().total, emitted }
    const { completedAt, processedAt, startedAt } = data("sync.events.allConsumed") as Record<string, string>
    for (const time of [completedAt, processedAt, startedAt]) assert.match(time!, /^\d{13}$/)
    assert.strictEqual(
      JSON.stringify(data("sync.events.processed")),
      JSON.stringify({ status: "processed", ...read, startedAt, processedAt, complete: false })
    )
    assert.strictEqual(
      JSON.stringify(data("sync.events.allEmitted")),
      JSON.stringify({ status: "emitted", ...read, startedAt, processedAt, complete: false })
    )
    assert.strictEqual(
      JSON.stringify(data("sync.events.allConsumed")),
      JSON.stringify({
        status: "completed",
        ...read,
        consumed: emitted,
        startedAt,
        processedAt,
        completedAt,
        complete: true
      })
    )
    assert.strictEqual(
      JSON.stringify(data("app.integration.activate")),
      JSON.stringify({
        integrationId,
        appId: "bamboohr",
        categoryId: "HRIS",
        originOrgId: "acme",
        success: true,
        errors: []
      })
    )
    const record = mine.find(({ event }) => event.recordId !== undefined)!.event
    assert.include(record, { eventType: "record.new", syncType: "initial_sync", sequence: "1" })
    // A deletion says who, and why, and nothing else.
    const [person] = control.list({ status: "Active" }).slice(-1)
    control.fire(person!.id)
    const delta = await host.delta(integrationId)
    await host.reaches(delta, "completed")
    const deleted = eventsOf(receiver, delta).find(({ event }) => event.eventType === "record.deleted")!.event
    assert.strictEqual(
      JSON.stringify(deleted.eventData),
      JSON.stringify({ employeeId: person!.id, workEmail: person!.workEmail, reason: "inactive" })
    )
    assert.include(deleted, { syncType: "delta_sync", recordId: person!.id, sequence: "2" })
    const again = await host.delta(integrationId)
    await host.reaches(again, "completed")
    assertRun(receiver, again, {})
    assert.lengthOf(eventsOf(receiver, again), 3, "also when nothing changed it says so")
  })

  it("sync.start always means the same job; during a run it answers with that run", async () => {
    const integrationId = await host.connect({ originOrgId: "again" })
    const first = await host.firstRun(integrationId)
    await host.reaches(first.syncRunId, "completed")
    control.fault({ kind: "slow", match: { path: dataset }, delayMillis: 400 })
    const start = (body: object = {}) => host.api().post("sync.start", { dataType, ...body }, integrationId)
    const one = await start()
    assert.strictEqual(one.syncJobId, first.syncJobId)
    assert.notStrictEqual(one.syncRunId, first.syncRunId)
    const [two, three] = await Promise.all([start(), start({ syncType: "delta_sync" })])
    assert.deepStrictEqual([two, three], [one, one])
    assert.include(await host.reaches(one.syncRunId, "completed"), { mode: "initial", trigger: "api" })
    assertRun(receiver, one.syncRunId, { "record.new": activeIds(simulator) })
    assert.match(await refused(start({ dataType: "ats_jobs" })), /422 sync\.unknown_data_type: .*\(dataType\)/)
  })

  it("sync.update begins anew for models, fields and filters, and only for them", async () => {
    const integrationId = await host.connect({ originOrgId: "update" })
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    const update = (body: object) => host.api().post("sync.update", { dataType, ...body }, integrationId)
    // A destination that is named and not registered has no secret that anybody was told: Knit's signature serves there.
    const elsewhere = await inbox()
    elsewhere.trust({ apiKey: host.apiKey, secret: "" })
    for (const body of [
      { frequency: "high" },
      { startHour: 3, startMinute: 30 },
      { honorScheduler: true },
      { destination: elsewhere.url }
    ]) {
      assert.isNull((await update(body)).syncRunId, JSON.stringify(body))
    }
    const filtered = await update({
      filters: {
        fields: { exclude: ["$.bankAccounts", "$.profile.birthDate"] },
        virtual: {
          type: "string_operator",
          data: "eq",
          left: { type: "key", data: "orgStructure.department" },
          right: { type: "value_string", data: "Engineering" }
        }
      }
    })
    assert.isString(filtered.syncRunId)
    assert.include(await host.reaches(filtered.syncRunId, "completed"), { mode: "initial", trigger: "update" })
    const engineers = control.list({ status: "Active" }).filter(({ department }) => department === "Engineering")
    const sent = eventsOf(elsewhere, filtered.syncRunId).filter(({ event }) => event.eventType === "record.new")
    assert.sameMembers(
      sent.map(({ event }) => event.recordId),
      engineers.map(({ id }) => id)
    )
    assert.isEmpty(receiver.ofRun(filtered.syncRunId))
    for (const { event, knit } of sent) {
      assert.isTrue(knit)
      assert.notProperty(event.eventData, "bankAccounts")
      assert.notProperty(event.eventData["profile"], "birthDate")
    }
    const models = await update({ models: ["employee_profile", "employee_orgStructure"] })
    assert.isString(models.syncRunId)
    await host.reaches(models.syncRunId, "completed")
    for (const { event } of eventsOf(elsewhere, models.syncRunId)) {
      if (event.recordId !== undefined) assert.hasAllKeys(event.eventData, ["profile", "orgStructure"])
    }
    assert.isTrue((await host.run(models.syncRunId)).emitted > 0)
  })

  it("sync.cancel ends a run without allConsumed; what it found is delivered", async () => {
    const integrationId = await host.connect({ originOrgId: "cancel" })
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 60_000 })
    const { syncRunId } = await host.api().post("sync.start", { dataType }, integrationId)
    await until(
      "the second page is being read",
      async () => (await host.run(syncRunId)).counts["pages"] === 1 && control.faults()[0] === undefined
    )
    assert.include(await host.api().post("sync.cancel", { dataType }, integrationId), {
      syncRunId,
      status: "cancelled"
    })
    control.clearFaults()
    const ended = await until("what was read is delivered", async () => {
      const run = await host.run(syncRunId)
      return run.outstanding === 0 && run
    })
    assert.strictEqual(ended.status, "cancelled")
    assert.isAbove(ended.emitted, 400)
    assert.strictEqual(ended.consumed, ended.emitted)
    assert.match(await refused(host.api().post("sync.cancel", { dataType }, integrationId)), /409 sync\.not_running/)
    // Whatever might still come of it would come before the end of the next.
    const next = await host.delta(integrationId)
    await host.reaches(next, "completed")
    const types = new Set(eventsOf(receiver, syncRunId).map(({ event }) => event.eventType))
    assert.deepStrictEqual([...types], ["record.new"])
  })

  it("credentials that the app rejects are refused with a remedy, and nothing is kept", async () => {
    const before = await host.api().all("integration.details", "apps", {})
    const answer = await fetch(`${host.url()}/v1.0/integration.import`, {
      method: "POST",
      headers: { authorization: `Bearer ${host.apiKey}` },
      body: JSON.stringify({
        appId: "bamboohr",
        originOrgId: "wrong",
        credentials: { apiKey: "not-the-key-at-all" },
        settings: { subdomain: simulator.subdomain }
      })
    })
    assert.strictEqual(answer.status, 422)
    assert.match(answer.headers.get("x-knit-execution-id") ?? "", /\S/)
    const text = await answer.text()
    const { error, success } = JSON.parse(text)
    assert.isFalse(success)
    assert.include(error, { code: "auth.invalid_credentials", field: "credentials" })
    for (const part of ["msg", "reason", "resolution", "docs"]) assert.isNotEmpty(error[part], `${part} in ${text}`)
    assert.include(error.upstream, { status: 401 })
    assert.notInclude(text, "not-the-key-at-all")
    assert.deepStrictEqual(await host.api().all("integration.details", "apps", {}), before)

    const integrationId = await host.connect({ originOrgId: "revoked" })
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    const from = receiver.arrivals.length
    control.revokeKey()
    const validation = await host.api().post("integration.validate", {}, integrationId)
    control.restoreKey()
    assert.include(validation, { success: false, state: "needs_reconnect" })
    const told = await until("app.integration.activate came", () =>
      receiver.arrivals.slice(from).find(({ event }) => event.eventType === "app.integration.activate")
    )
    assert.include(told.event.eventData, { integrationId, appId: "bamboohr", categoryId: "HRIS", success: false })
    assert.deepStrictEqual(told.event.eventData["errors"], validation.errors)
    assert.hasAllKeys(validation.errors[0], ["code", "msg", "resolution"])
    assert.strictEqual(validation.errors[0].code, "auth.invalid_credentials")
    assert.isUndefined(firstOf(receiver, "sync.failed"))
    assertDelivered(receiver)
    assert.strictEqual(await host.stop(), 0)
  })
})
