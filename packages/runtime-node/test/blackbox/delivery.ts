import { assert, describe, it } from "@effect/vitest"
import { until } from "@crochet/proof/Deadline"
import type { Answer, Arrival } from "@crochet/proof/Inbox"
import { activeIds, assertContent, assertDelivered, assertRun, eventsOf, repetitions } from "@crochet/proof/Oracle"
import { app, inbox, installation } from "./World.ts"

const dataset = "/v2/datasets/employee/data"
const later = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))
const isRecord = ({ event }: Arrival) => event.recordId !== undefined

// Most of these tests wait for the sender's own clock: they do so together.
describe.concurrent("delivery", () => {
  it("SIGTERM in the middle of reading and delivering repeats nothing and loses nothing", async () => {
    const simulator = await app({ employees: 1600, seed: 11 })
    const receiver = await inbox()
    receiver.answer(async () => {
      await later(5)
      return 200
    })
    const host = await installation(simulator)
    await host.register(receiver)
    simulator.control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 60_000 })
    const integrationId = await host.connect()
    const { syncRunId } = await host.firstRun(integrationId)
    const moments = [60, 200, 900, 1400]
    for (const enough of moments) {
      await until(`${enough} events came`, () => receiver.arrivals.length >= enough)
      assert.strictEqual(await host.stop(), 0, host.log())
      simulator.control.clearFaults()
      receiver.nextGeneration()
      const before = receiver.arrivals.length
      // What was under way is given back: nothing waits for a lease to run out.
      const [leased] = await host.data.query(
        "SELECT (SELECT count(*) FROM runs WHERE lease_until > 0) + (SELECT count(*) FROM outbox WHERE lease_until > 0) AS n"
      )
      assert.strictEqual(Number(leased?.["n"]), 0)
      await host.restart({ waitForLeases: true })
      await until("deliveries go on", () => receiver.arrivals.length > before)
    }
    await host.reaches(syncRunId, "completed")
    assertRun(receiver, syncRunId, { "record.new": activeIds(simulator) })
    assertDelivered(receiver)
    assertContent(receiver, simulator)
    assert.deepStrictEqual(repetitions(receiver, moments.length), [0, 0, 0, 0])
    // The page that was being read is read again, the one before is not.
    const asked = simulator.requests.filter(({ path }) => path.endsWith(dataset)).length
    assert.isAtMost(asked, 4 + moments.length)
    assert.strictEqual(await host.stop(), 0)
  })

  // How soon is measured by `npm run prove`, on a machine that has nothing else to do.
  it("after kill -9 the leases run out by themselves, on the run and on its events", async () => {
    const simulator = await app({ employees: 700, seed: 12 })
    const receiver = await inbox()
    const host = await installation(simulator)
    await host.register(receiver)
    simulator.control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 60_000 })
    receiver.answer((arrival) => (isRecord(arrival) ? "hang" : 200))
    const { syncRunId } = await host.firstRun(await host.connect())
    await until("sixteen requests are under way", () => receiver.active() >= 16)
    await until("the second page is being read", () => simulator.requests.some(({ fault }) => fault === "slow"))
    await host.kill()
    simulator.control.clearFaults()
    receiver.nextGeneration()
    receiver.answer(() => 200)
    await host.restart({ waitForLeases: true })
    await until("what was under way goes out again", () => receiver.active() + receiver.arrivals.length >= 16)
    await host.reaches(syncRunId, "completed")
    assertRun(receiver, syncRunId, { "record.new": activeIds(simulator) })
    assertDelivered(receiver)
    const [repeated] = repetitions(receiver, 1)
    assert.strictEqual(repeated, 16)
    await host.stop()
  })

  it("a receiver that fails is tried again; one that hangs stops no other", async () => {
    const simulator = await app({ employees: 40, seed: 13 })
    const [bad, good] = [await inbox(), await inbox()]
    const host = await installation(simulator)
    const faults: ReadonlyArray<Answer> = [500, "reset", 204, 404, 302]
    const firstAnswers = new Map<string, Answer>()
    const known = new Set<string>()
    bad.answer((arrival) => {
      const { eventId } = arrival.event
      if (!isRecord(arrival) || known.has(eventId)) return 200
      known.add(eventId)
      // What hung opened the circuit. The probe is answered; from then on every second event fails once.
      if (known.size > 16 && known.size % 2 === 1) return 200
      const fault = known.size <= 16 ? "hang" : faults[firstAnswers.size % faults.length]!
      firstAnswers.set(eventId, fault)
      return fault
    })
    const other = await host.register(good)
    const quick = await host.connect({ originOrgId: "quick" })
    await host.reaches((await host.firstRun(quick)).syncRunId, "completed")
    const { destinationId } = await host.register(bad)
    assert.notStrictEqual(other.destinationId, destinationId)
    const slow = await host.connect({ originOrgId: "slow" })
    const slowRun = (await host.firstRun(slow)).syncRunId
    await until("every way to the receiver is held", () => bad.active() >= 16)

    const quickRun = await host.initial(quick)
    await host.reaches(quickRun, "completed")
    assertRun(good, quickRun, { "record.new": activeIds(simulator) })
    assert.isAtLeast(bad.active(), 16, "the other receiver was hanging all the while")

    const done = await host.reaches(slowRun, "completed")
    assert.strictEqual(done.consumed, activeIds(simulator).length)
    assertRun(bad, slowRun, { "record.new": activeIds(simulator) })
    for (const receiver of [bad, good]) assertDelivered(receiver)
    const errors: Partial<Record<Answer, string>> = {
      hang: "timeout",
      500: "http_5xx",
      reset: "connection",
      204: "http_2xx",
      404: "http_4xx",
      302: "http_3xx"
    }
    const met = new Set<Answer>()
    for (const [eventId, fault] of firstAnswers) {
      const { attempts, event } = await host.api().get("event.get", { eventId })
      assert.strictEqual(event.state, "acknowledged")
      // A probe that failed is no attempt.
      if (attempts.length === 1 && fault !== "hang") continue
      met.add(fault)
      assert.deepStrictEqual(
        attempts.map((one: { number: number; status: number | null; error: string | null }) => [
          one.number,
          one.status,
          one.error
        ]),
        [
          [1, typeof fault === "number" ? fault : null, errors[fault]],
          [2, 200, null]
        ],
        `attempts of ${eventId}, first answered ${fault}`
      )
    }
    assert.deepStrictEqual(met, new Set<Answer>(["hang", ...faults]))

    // A destination may say that any 2xx will do.
    await host.api().post("webhook.update", { destinationId, ack: "2xx" })
    bad.answer(() => 204)
    simulator.control.change(activeIds(simulator)[3]!, { mobilePhone: "303-555-0100" })
    const delta = await host.delta(slow)
    await host.reaches(delta, "completed")
    assert.lengthOf(eventsOf(bad, delta).filter(isRecord), 1)
    assert.isTrue(bad.ofRun(delta).every(({ answered }) => answered?.status === 204))
    await host.stop()
  })

  it("sync.pause stops a run where it is; sync.resume lets it go on", async () => {
    const simulator = await app({ employees: 700, seed: 14 })
    const { control } = simulator
    const receiver = await inbox()
    const host = await installation(simulator)
    await host.register(receiver)
    const integrationId = await host.connect()
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    control.fault({ kind: "slow", match: { path: dataset }, after: 1, delayMillis: 60_000 })
    const { syncRunId } = await host.api().post("sync.start", { dataType: "employee" }, integrationId)
    await until(
      "the second page is being read",
      async () => (await host.run(syncRunId)).counts["pages"] === 1 && control.faults()[0] === undefined
    )
    assert.include(await host.api().post("sync.pause", { dataType: "employee" }, integrationId), { state: "paused" })
    const stopped = new RegExp(`A run was taken away.*${syncRunId}`)
    await until("the reader has noticed", () => stopped.test(host.log()))
    control.clearFaults()
    await until("what was read is delivered", async () => (await host.run(syncRunId)).outstanding === 0)
    assert.strictEqual((await host.run(syncRunId)).counts["pages"], 1)
    const job = await host.api().post("sync.resume", { dataType: "employee" }, integrationId)
    assert.include(job, { state: "active" })
    const done = await host.reaches(syncRunId, "completed")
    assert.strictEqual(done.counts["pages"], 2)
    assertRun(receiver, syncRunId, { "record.new": activeIds(simulator) })
    assertDelivered(receiver)
    await host.stop()
  })
})
