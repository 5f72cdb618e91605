import { assert, describe, it } from "@effect/vitest"
import { canariesOf, filesOf, leftOvers, search } from "../../../../demo/Canaries.ts"
import { until } from "@crochet/proof/Deadline"
import { activeIds, assertDelivered, assertRun } from "@crochet/proof/Oracle"
import { planted, spellings } from "@crochet/proof/Planted"
import { app, inbox, installation } from "./World.ts"

describe.concurrent("canaries", () => {
  it("no personal value and no secret is anywhere but in the events, not even while they wait", async () => {
    const simulator = await app({ employees: 60, seed: 31, apiKey: "canary-key-of-the-app-0123456789" })
    const receiver = await inbox()
    const host = await installation(simulator, { CROCHET_LOG_LEVEL: "debug" })
    const canaries = new Set<string>()
    const plant = (person: Record<string, string>) => {
      for (const value of Object.values(person)) canaries.add(value)
      return person
    }
    const people = simulator.control.hire([plant(planted(1)), plant(planted(2))])
    for (const [at, { id }] of people.entries()) {
      simulator.control.changeDependents(id, [
        { firstName: `Canary-Child-${at}`, lastName: `Canary-Heir-${at}`, relationship: "Child" }
      ])
      simulator.control.addLeave({
        employeeId: id,
        start: "2026-12-01",
        end: "2026-12-04",
        note: `canary-leave-note-${at}`
      })
      for (const text of [`Canary-Child-${at}`, `Canary-Heir-${at}`, `canary-leave-note-${at}`]) canaries.add(text)
    }
    for (const text of await canariesOf(simulator)) canaries.add(text)

    const headers = {
      "X-Canary": "canary-header-of-the-webhook-42",
      Authorization: "Bearer canary-token-of-the-receiver"
    }
    const { secret } = await host.register(receiver, { headers })
    const secrets = [
      simulator.apiKey,
      `${simulator.apiKey}:x`,
      ...Object.values(headers),
      "canary-token-of-the-receiver",
      secret,
      secret.slice("whsec_".length),
      host.apiKey
    ]
    const needles = () => new Set([...canaries, ...secrets].flatMap(spellings))
    const nowhere = (when: string, haystacks: ReadonlyMap<string, Buffer>) => {
      const { hits } = search(needles(), haystacks)
      assert.deepStrictEqual(Object.fromEntries(hits), {}, when)
    }
    const onDisk = () => new Map([...filesOf(host.database, ""), ["log", Buffer.from(host.log())] as const])

    // While nothing is acknowledged every record is in the outbox.
    receiver.answer(({ event }) => (event.recordId === undefined ? 200 : 500))
    const integrationId = await host.connect({ originOrgName: "Acme" })
    const first = (await host.firstRun(integrationId)).syncRunId
    const active = activeIds(simulator)
    await until(
      "records were refused",
      () => receiver.arrivals.filter((one) => one.answered?.status === 500).length >= 5
    )
    await host.reaches(first, "processed")
    assert.isAtLeast(leftOvers(host.database).bodies, active.length, "the bodies are in the file")
    const files = [...onDisk().keys()].map((name) => name.slice(host.database.length))
    assert.includeMembers(files, ["", "-wal", "-shm"])
    nowhere("while events wait", onDisk())

    receiver.answer(() => 200)
    await host.reaches(first, "completed")
    assertRun(receiver, first, { "record.new": active })

    // A delta, a connection that breaks, and a run that fails, which all have something to say in the log.
    const [changed, left] = people
    simulator.control.change(changed!.id, plant(planted(3)))
    simulator.control.fire(left!.id, { reason: "Canary flew away" })
    simulator.control.fault({ kind: "truncate", match: { path: "/v2/datasets" } })
    const delta = await host.delta(integrationId)
    await host.reaches(delta, "completed")
    assertRun(receiver, delta, { "record.modified": [changed!.id], "record.deleted": [left!.id] })
    await host
      .api()
      .post("integration.import", {
        appId: "bamboohr",
        originOrgId: "acme",
        credentials: { apiKey: `${simulator.apiKey}-wrong` },
        settings: { subdomain: simulator.subdomain }
      })
      .then(
        () => assert.fail("wrong credentials were taken"),
        () => {}
      )
    simulator.control.revokeKey()
    const failed = await host.delta(integrationId)
    await host.reaches(failed, "failed")
    await until("integration.needs_reconnect came", () =>
      receiver.arrivals.some(({ event }) => event.eventType === "integration.needs_reconnect")
    )
    await until("everything is acknowledged", () => leftOvers(host.database).bodies === 0)

    const answers = new Map<string, Buffer>()
    // Secrets where they do not belong: whatever is refused must not repeat them.
    const misplaced = [...Object.values(headers), simulator.apiKey, secret]
    for (const [at, text] of misplaced.entries()) {
      const sent: ReadonlyArray<readonly [path: string, body: string | null, key: string]> = [
        ["keys.list", null, text],
        [`event.get?eventId=${encodeURIComponent(text)}`, null, host.apiKey],
        [`events.list?state=${encodeURIComponent(text)}`, null, host.apiKey],
        [`${encodeURIComponent(text)}`, null, host.apiKey],
        ["integration.import", `{"appId":"bamboohr","credentials":${JSON.stringify(text)}`, host.apiKey],
        ["integration.import", JSON.stringify({ appId: text, originOrgId: "acme" }), host.apiKey],
        ["webhook.register", JSON.stringify({ category: text, url: receiver.url }), host.apiKey],
        ["webhook.register", JSON.stringify({ category: "HRIS", url: text }), host.apiKey],
        [
          "webhook.register",
          JSON.stringify({ category: "HRIS", url: receiver.url, headers: { "webhook-id": text } }),
          host.apiKey
        ],
        ["sync.start", JSON.stringify({ dataType: text }), host.apiKey],
        ["keys.create", JSON.stringify({ name: "x", scopes: [text] }), host.apiKey]
      ]
      for (const [path, body, key] of sent) {
        const refused = await fetch(`${host.url()}/v1.0/${path}`, {
          headers: { authorization: `Bearer ${key}`, "x-knit-integration-id": integrationId },
          ...(body === null ? {} : { method: "POST", body })
        })
        assert.isAtLeast(refused.status, 400, path)
        const said = await refused.text()
        // A name that does not exist is quoted to whoever sent it, by design; only there, as the log shows below.
        if (/"code":"(app\.unknown|sync\.unknown_data_type)"/.test(said)) continue
        answers.set(`refused ${path.split("?")[0]?.slice(0, 20)} ${at}`, Buffer.from(said))
      }
    }
    const audit = await host.api().all("audit.list", "entries", {})
    assert.isAtLeast(audit.length, 2, "the audit log tells of the webhook and the account")
    answers.set("audit.list", Buffer.from(JSON.stringify(audit)))
    for (const page of ["/openapi.json", "/docs", "/docs/errors"]) {
      answers.set(page, Buffer.from(await (await fetch(`${host.url()}${page}`)).text()))
    }
    const keep = (name: string, value: unknown) => void answers.set(name, Buffer.from(JSON.stringify(value)))
    const events = await host.api().all("events.list", "events", {}, integrationId)
    assert.isAtLeast(events.length, active.length + 8)
    keep("events.list", events)
    for (const { eventId } of events)
      keep(`event.get ${eventId}`, await host.api().get("event.get", { eventId: String(eventId) }))
    for (const syncRunId of [first, delta, failed]) keep(`sync.run.get ${syncRunId}`, await host.run(syncRunId))
    for (const call of [
      "sync.runs.list",
      "sync.jobs.list",
      "integration.details",
      "webhook.list",
      "keys.list",
      "apps.list"
    ]) {
      keep(call, await host.api().get(call))
    }
    const metrics = await fetch(`${host.url()}/metrics`, { headers: { authorization: `Bearer ${host.apiKey}` } })
    assert.strictEqual(metrics.status, 200)
    answers.set("/metrics", Buffer.from(await metrics.text()))
    nowhere("in the files after the acknowledgement", onDisk())
    nowhere("in the answers", answers)
    assert.deepStrictEqual(leftOvers(host.database), { bodies: 0, runKeys: 0 })
    assert.match(host.log(), /"level":"DEBUG"/i)
    assert.strictEqual(await host.stop(), 0)
    nowhere("in the files after the stop", onDisk())

    // The same search finds what was sent where it was sent.
    const sent = new Map([["events", Buffer.from(receiver.arrivals.map(({ text }) => text).join("\n"))]])
    const found = search(canaries, sent).hits
    const missing = [...Object.entries(planted(1)), ...Object.entries(planted(3))].filter(
      ([, value]) => !found.has(value)
    )
    const notSent = new Set(missing.map(([field]) => field))
    assert.isAtLeast(found.size, canaries.size / 2, `not in any event: ${[...notSent].join(", ")}`)
    assert.deepStrictEqual(
      receiver.arrivals.map((one) => [one.headers["x-canary"], one.headers["authorization"]]),
      receiver.arrivals.map(() => [headers["X-Canary"], headers.Authorization])
    )
    assertDelivered(receiver)
    console.log(`${needles().size} needles; never sent: ${[...notSent].join(", ")}`)
  })
})
