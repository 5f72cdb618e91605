import type { BambooHRSimulator, Fault } from "@crochet/simulators"
import { assert, describe, it } from "@effect/vitest"
import { consent, oauthApp, oauthEnvironment } from "@crochet/proof/Grant"
import { until } from "@crochet/proof/Deadline"
import type { Inbox } from "@crochet/proof/Inbox"
import { activeIds, assertContent, assertDelivered, assertRun, eventsOf } from "@crochet/proof/Oracle"
import { app, inbox, installation } from "./World.ts"

const dataset = "/v2/datasets/employee/data"

const deletions = (receiver: Inbox) =>
  receiver.arrivals.filter(({ event }) => event.eventType === "record.deleted").map(({ event }) => event.recordId)
const named = (receiver: Inbox, eventType: string) =>
  receiver.arrivals.filter(({ event }) => event.eventType === eventType).map(({ event }) => event.eventData)

/** An account with everybody at the receiver. */
const connected = async (
  simulator: BambooHRSimulator,
  options: { readonly environment?: Record<string, string> } = {}
) => {
  const receiver = await inbox()
  const host = await installation(simulator, options.environment)
  await host.register(receiver)
  return { receiver, host }
}

describe.concurrent("faults of the app", () => {
  it("what passes is tried again; what stays puts the run off or ends it; nobody is deleted for it", async () => {
    const simulator = await app({ employees: 1100, seed: 21 })
    const { control } = simulator
    const { host, receiver } = await connected(simulator)
    const integrationId = await host.connect()
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    const listing = async (...faults: ReadonlyArray<Fault>) => {
      control.clearFaults()
      for (const fault of faults) control.fault({ match: { path: dataset }, ...fault })
      await host.reconcileNext()
      return host.delta(integrationId)
    }

    // Once, on the second of three pages, all in one run.
    const once = await listing(
      { kind: "rate-limit", after: 1, retryAfter: 1 },
      { kind: "status", status: 500, after: 1 },
      { kind: "reset", after: 1 },
      { kind: "truncate", after: 2 },
      { kind: "html", after: 2 }
    )
    const survived = await host.reaches(once, "completed")
    assert.deepStrictEqual(control.faults(), [], "every fault hit")
    assert.strictEqual(survived.mode, "listing")
    assert.strictEqual(survived.counts["unchanged"], activeIds(simulator).length)
    assert.isAtLeast(survived.counts["retries"]!, 5)
    assert.isAtLeast(survived.counts["rateLimitWaits"]!, 1)
    assert.isAtLeast(survived.counts["rateLimitWaitMillis"]!, 900)
    assert.strictEqual(survived.interruptions, 0)
    assertRun(receiver, once, {})

    // For good: put off with what is committed, and gone on with from there.
    const later: ReadonlyArray<readonly [Fault, string]> = [
      [{ kind: "rate-limit", retryAfter: 3600 }, "upstream.rate_limited"],
      [{ kind: "reset" }, "upstream.unavailable"]
    ]
    for (const [fault, code] of later) {
      const run = await listing({ ...fault, after: 1, times: Infinity })
      const off = await until(`${fault.kind}: the run is put off`, async () => {
        const now = await host.run(run)
        return now.resumeAt !== null && now
      })
      assert.strictEqual(off.status, "running", "it still reads, only later")
      assert.strictEqual(off.interruptions, 1)
      assert.strictEqual(off.counts["pages"], 1)
      assert.include(off.issues.at(-1), { code })
      assert.isNotEmpty(off.issues.at(-1)?.resolution)
      assert.isAbove(Date.parse(off.resumeAt!), Date.now() + (fault.retryAfter === undefined ? 20_000 : 3_000_000))
      control.clearFaults()
      const before = simulator.requests.filter(({ path }) => path.endsWith(dataset)).length
      if (fault.retryAfter !== undefined) {
        // The account's pause is in this process alone; the run waits for the time that the app named.
        await host.stop()
        await host.restart({ waitForLeases: true })
      }
      await host.resumeNow()
      const done = await host.reaches(run, "completed")
      assert.strictEqual(done.counts["pages"], 3)
      assert.strictEqual(done.counts["unchanged"], activeIds(simulator).length)
      const after = simulator.requests.filter(({ path }) => path.endsWith(dataset)).length
      assert.strictEqual(after - before, 2, `${fault.kind}: the page that is committed is not read again`)
      assertRun(receiver, run, {})
    }

    // Answers that are no data end the run, and the receiver hears why.
    for (const [fault, code] of [
      [{ kind: "html", after: 1, times: Infinity }, "upstream.bad_payload"],
      [{ kind: "drop-page", after: 1, times: 1 }, "listing.incomplete"]
    ] as const) {
      const run = await listing(fault)
      const failed = await host.reaches(run, "failed")
      assert.include(
        failed.issues.map(({ code: found }) => found),
        code,
        fault.kind
      )
      const told = await until("sync.failed came", () =>
        eventsOf(receiver, run).find(({ event }) => event.eventType === "sync.failed")
      )
      assert.strictEqual(told.event.eventData["code"], code, fault.kind)
      assert.isString(told.event.eventData["resolution"])
      assert.isUndefined(eventsOf(receiver, run).find(({ event }) => event.eventType === "sync.events.allConsumed"))
    }
    assert.deepStrictEqual(deletions(receiver), [])

    // An empty list with 200 over a thousand people is held, not believed.
    const empty = await listing({ kind: "empty-list", times: Infinity })
    const held = await host.reaches(empty, "completed")
    assert.strictEqual(held.heldDeletions, activeIds(simulator).length)
    assert.include(held.issues.at(-1), { code: "deletions.held" })
    assert.isNotEmpty(held.issues.at(-1)?.resolution)
    assertRun(receiver, empty, {})
    // The next listing sees everybody again.
    const back = await listing()
    assert.strictEqual((await host.reaches(back, "completed")).counts["unchanged"], activeIds(simulator).length)
    assertRun(receiver, back, {})
    assert.deepStrictEqual(deletions(receiver), [])
    await host
      .api()
      .post("sync.run.discardDeletions", { syncRunId: empty })
      .then(
        () => assert.fail("nothing is held any more"),
        (error: Error) => assert.match(error.message, /409 deletions\.none_held/)
      )

    // Many that are gone indeed: the app itself says so of a sample.
    const gone = control.list({ status: "Active" }).slice(-200)
    for (const { id } of gone) control.remove(id)
    const left = await listing()
    await host.reaches(left, "completed")
    assertRun(receiver, left, { "record.deleted": gone.map(({ id }) => id) })
    assertDelivered(receiver)
    assertContent(receiver, simulator)
    await host.stop()
  })

  it("a key that is revoked in the middle of a run asks for a new connection", async () => {
    const simulator = await app({ employees: 1100, seed: 22 })
    const { control } = simulator
    const { host, receiver } = await connected(simulator)
    const integrationId = await host.connect({ originOrgId: "acme" })
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 300 })
    await host.reconcileNext()
    const run = await host.delta(integrationId)
    await until("the second page is being read", () => simulator.requests.some(({ fault }) => fault === "slow"))
    control.revokeKey()
    const failed = await host.reaches(run, "failed")
    assert.include(failed.issues.at(-1), { code: "auth.invalid_credentials" })
    assert.isNotEmpty(failed.issues.at(-1)?.resolution)
    await until(
      "both events came",
      () => named(receiver, "integration.needs_reconnect").length === 1 && named(receiver, "sync.failed").length === 1
    )
    const [told] = named(receiver, "integration.needs_reconnect")
    assert.include(told, { integrationId, appId: "bamboohr", categoryId: "HRIS", originOrgId: "acme" })
    const [error] = told!["errors"] as ReadonlyArray<Record<string, unknown>>
    assert.strictEqual(error?.["code"], "auth.invalid_credentials")
    assert.isNotEmpty(error?.["resolution"])
    const details = async () => (await host.api().get("integration.details", {}, integrationId)).apps[0]
    assert.include(await details(), { state: "needs_reconnect", isActive: false })
    await host.delta(integrationId).then(
      () => assert.fail("no sync without credentials"),
      (error: Error) => assert.match(error.message, /409 integration\.inactive/)
    )
    control.restoreKey("another-key-of-the-same-company")
    const again = await host.connect({
      integrationId,
      credentials: { apiKey: "another-key-of-the-same-company" }
    })
    assert.strictEqual(again, integrationId)
    await until("integration.reconnected came", () => named(receiver, "integration.reconnected").length === 1)
    assert.include(await details(), { state: "active", isActive: true, lastError: null })
    const fine = await host.delta(integrationId)
    await host.reaches(fine, "completed")
    assertRun(receiver, fine, {})
    assert.deepStrictEqual(deletions(receiver), [])
    assertDelivered(receiver)
    await host.stop()
  })

  it("an OAuth token that ends is refreshed once and kept; a grant that ends asks for a new connection", async () => {
    const simulator = await app({ employees: 1100, seed: 23, oauth: oauthApp })
    const { control } = simulator
    const { host, receiver } = await connected(simulator, { environment: oauthEnvironment })
    const credentials = await consent(simulator)
    const refreshes = () => simulator.requests.filter(({ path }) => path === "/token.php").length - 1

    control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 300 })
    const integrationId = await host.connect({
      credentials
    })
    const { syncRunId } = await host.firstRun(integrationId)
    await until("the second page is being read", () => simulator.requests.some(({ fault }) => fault === "slow"))
    assert.strictEqual(refreshes(), 0)
    control.expireTokens()
    await host.reaches(syncRunId, "completed")
    assertRun(receiver, syncRunId, { "record.new": activeIds(simulator) })
    assert.strictEqual(refreshes(), 1, "one refresh, however many requests were refused")

    // The old refresh token is used up: only what was stored can go on, without asking again.
    await host.kill()
    await host.restart()
    const hired = control.hire(2).map(({ id }) => id)
    const delta = await host.delta(integrationId)
    await host.reaches(delta, "completed")
    assertRun(receiver, delta, { "record.new": hired })
    assert.strictEqual(refreshes(), 1)
    control.expireTokens()
    const second = await host.delta(integrationId)
    await host.reaches(second, "completed")
    assert.strictEqual(refreshes(), 2, "several requests at a time share one refresh")

    control.expireTokens({ refresh: true })
    const third = await host.delta(integrationId)
    const failed = await host.reaches(third, "failed")
    assert.include(failed.issues.at(-1), { code: "auth.invalid_credentials" })
    await until("integration.needs_reconnect came", () => named(receiver, "integration.needs_reconnect").length === 1)
    assert.deepStrictEqual(deletions(receiver), [])
    assertDelivered(receiver)
    await host.stop()
  })
})
