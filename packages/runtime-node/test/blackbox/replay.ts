import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { folder, start } from "../Program.ts"
import { until } from "@crochet/proof/Deadline"
import type { Arrival } from "@crochet/proof/Inbox"
import { activeIds, assertContent, assertDelivered } from "@crochet/proof/Oracle"
import { app, inbox, installation } from "./World.ts"

const replayOf = ({ event }: Arrival) => (event as { readonly replayOf?: string }).replayOf
const isRecord = ({ event }: Arrival) => event.recordId !== undefined

/** Changes the database beside the running program, as the passing of time would. */
const rewrite = (database: string, sql: string): void => {
  const file = new DatabaseSync(database, { timeout: 10_000 })
  try {
    file.exec(sql)
  } finally {
    file.close()
  }
}

describe.concurrent("replay", () => {
  it("of what a run sent goes on after kill -9 and sends every record once more", async () => {
    const simulator = await app({ employees: 120, seed: 31 })
    const receiver = await inbox()
    const host = await installation(simulator)
    await host.register(receiver)
    const { syncRunId } = await host.firstRun(await host.connect())
    const before = await host.reaches(syncRunId, "completed")
    const [changed] = activeIds(simulator)
    simulator.control.change(changed!, { mobilePhone: "303-555-0177" })

    const request = { syncRunId, states: ["acknowledged"], eventType: "record.new" }
    const { matching } = await host.api().post("events.replay", { ...request, dryRun: true })
    assert.strictEqual(matching.total, activeIds(simulator).length)
    const { replay } = await host.api().post("events.replay", { ...request, ratePerSecond: 40 })
    const again = await host.api().post("events.replay", { ...request, ratePerSecond: 40 })
    assert.strictEqual(again.replay.replayId, replay.replayId, "two clicks are one")
    const repeated = () => receiver.arrivals.filter((arrival) => replayOf(arrival) !== undefined)
    await until("the replay is on its way", () => repeated().length >= 40)
    await host.kill()
    await until("the requests of the dead process are broken off", () => receiver.active() === 0)
    assert.isBelow(repeated().length, matching.total)
    receiver.nextGeneration()
    await host.restart()
    rewrite(host.database, "UPDATE replays SET lease_until = 1 WHERE lease_until > 1")
    const done = await until("the replay is completed", async () => {
      const view = await host.api().get("events.replay.get", { replayId: replay.replayId })
      return view.state === "completed" ? view : undefined
    })
    assert.deepInclude(done, { examined: matching.total, replayed: matching.total, skipped: [] })
    assert.strictEqual(done.events.acknowledged, matching.total)
    const ids = new Map(repeated().map((arrival) => [arrival.event.eventId, arrival]))
    assert.strictEqual(ids.size, matching.total)
    assert.strictEqual(new Set([...ids.values()].map(replayOf)).size, matching.total)
    for (const { event } of ids.values()) assert.strictEqual(event.sequence, "2")
    assertDelivered(receiver)
    assertContent(receiver, simulator)
    const after = await host.run(syncRunId)
    assert.deepInclude(after, { status: "completed", emitted: before.emitted, consumed: before.consumed })
    await host.stop()
  })

  it("of what expired lets the run complete; the command line waits for it", async () => {
    const simulator = await app({ employees: 20, seed: 32 })
    const receiver = await inbox()
    const host = await installation(simulator)
    await host.register(receiver)
    const lost = activeIds(simulator).slice(0, 3)
    receiver.answer((arrival) => (lost.includes(String(arrival.event.recordId)) ? 503 : 200))
    const { syncRunId } = await host.firstRun(await host.connect())
    await until("everything else came", async () => (await host.run(syncRunId)).outstanding === lost.length)
    await until("they were refused", () => {
      const refused = receiver.arrivals.filter(({ answered }) => answered?.status === 503)
      return new Set(refused.map(({ event }) => event.recordId)).size === lost.length
    })
    rewrite(host.database, "UPDATE outbox SET attempts = 19, due_at = 1 WHERE lease_until = 0 AND attempts > 0")
    await host.reaches(syncRunId, "incomplete")
    const incomplete = receiver.arrivals.find(({ event }) => event.eventType === "sync.events.incomplete")
    assert.include(String(incomplete?.event.eventData["resolution"]), syncRunId)

    receiver.answer(() => 200)
    const command = start(folder([]), ["events", "replay", "--run", syncRunId, "--follow"], {
      CROCHET_URL: host.url(),
      CROCHET_API_KEY: host.apiKey
    })
    assert.strictEqual(await command.exit, 0, command.output())
    assert.match(command.output(), /completed +matched 3: 3 made/)
    const run = await host.reaches(syncRunId, "completed")
    assert.strictEqual(run.consumed, run.emitted)
    const closing = receiver.arrivals.filter(({ event }) => event.eventType === "sync.events.allConsumed")
    assert.lengthOf(closing, 1)
    assert.deepInclude(closing[0]!.event.eventData, { complete: true, emitted: run.emitted, consumed: run.emitted })
    const repeated = receiver.arrivals.filter((arrival) => replayOf(arrival) !== undefined)
    assert.sameMembers(
      repeated.map(({ event }) => String(event.recordId)),
      lost
    )
    assert.isTrue(repeated.every(({ at }) => at < closing[0]!.at))
    await host.stop()
  })

  it("of what was discarded with its destination goes where the sync sends by now", async () => {
    const simulator = await app({ employees: 12, seed: 33 })
    const [down, other] = [await inbox(), await inbox()]
    const host = await installation(simulator)
    const { destinationId } = await host.register(down)
    down.answer(() => 500)
    const integrationId = await host.connect()
    const { syncRunId } = await host.firstRun(integrationId)
    await until("everything was tried", async () => (await host.run(syncRunId)).status === "processed")
    await host.register(other)
    await host.api().post("sync.update", { dataType: "employee", destination: other.url }, integrationId)
    const { discarded } = await host.api().post("webhook.delete", { destinationId })
    assert.isAbove(discarded, activeIds(simulator).length)
    assert.strictEqual((await host.run(syncRunId)).status, "incomplete")
    await host.api().post("events.replay", { syncRunId })
    await until("the run is made up for", async () => (await host.run(syncRunId)).status === "completed")
    const records = other.arrivals.filter(isRecord).map(({ event }) => String(event.recordId))
    assert.sameMembers(records, activeIds(simulator))
    const closing = other.arrivals.filter(({ event }) => event.eventType === "sync.events.allConsumed")
    assert.deepStrictEqual(
      closing.map(({ event }) => [event["syncRunId"], event.eventData["complete"]]),
      [[syncRunId, true]]
    )
    await host.stop()
  })
})
