import { copyFileSync, rmSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { until } from "@crochet/proof/Deadline"
import type { Arrival } from "@crochet/proof/Inbox"
import { activeIds } from "@crochet/proof/Oracle"
import { app, inbox, installation } from "./World.ts"

/** The words of `docs/operating.md`. */
const backUp = (database: string): string => {
  const file = new DatabaseSync(database, { timeout: 10_000 })
  try {
    file.exec(`VACUUM INTO '${database}.backup'`)
  } finally {
    file.close()
  }
  return `${database}.backup`
}

describe.concurrent("a backup", () => {
  it("that was put back repeats what came since under new ids, and loses nothing (F-38)", async () => {
    const simulator = await app({ employees: 30, seed: 38 })
    const receiver = await inbox()
    const host = await installation(simulator)
    await host.register(receiver)
    const integrationId = await host.connect()
    await host.reaches((await host.firstRun(integrationId)).syncRunId, "completed")
    const [pending, later] = activeIds(simulator)
    const modified = (recordId: string | undefined) =>
      receiver.arrivals.filter(({ event }) => event.eventType === "record.modified" && event.recordId === recordId)
    const taken = (arrival: Arrival) => arrival.answered?.status === 200

    // One event is on its way when the copy is made.
    receiver.answer(({ event }) => (event.eventType === "record.modified" ? 503 : 200))
    simulator.control.change(pending!, { mobilePhone: "303-555-0138" })
    const first = await host.delta(integrationId)
    await until("it was refused", () => modified(pending).length > 0)
    const copy = backUp(host.database)

    receiver.answer(() => 200)
    await host.reaches(first, "completed")
    simulator.control.change(later!, { mobilePhone: "303-555-0139" })
    await host.reaches(await host.delta(integrationId), "completed")
    const [unrepeated] = modified(later)
    assert.strictEqual(await host.stop(), 0)
    const before = receiver.arrivals.length

    copyFileSync(copy, host.database)
    for (const suffix of ["-wal", "-shm"]) rmSync(`${host.database}${suffix}`, { force: true })
    assert.strictEqual(await host.command("restored"), 0)
    await host.restart()
    const [old] = modified(pending)
    const again = await until("what was pending comes again", () =>
      receiver.arrivals.slice(before).find((arrival) => arrival.event.eventId === old!.event.eventId && taken(arrival))
    )
    assert.strictEqual(again.text, old!.text, "the same event")
    await host.reaches(await host.delta(integrationId), "completed")
    const repeated = modified(later).at(-1)!
    assert.notStrictEqual(repeated.event.eventId, unrepeated!.event.eventId)
    assert.deepStrictEqual(repeated.event.eventData, unrepeated!.event.eventData)
    assert.isAbove(Number(repeated.event.sequence), Number(unrepeated!.event.sequence))
    const records = receiver.arrivals.slice(before).filter(({ event }) => event.recordId !== undefined)
    assert.deepStrictEqual(
      new Set(records.map(({ event }) => event.recordId)),
      new Set([pending, later]),
      "and nothing else is sent again"
    )
    const { entries } = await host.api().get("audit.list", { action: "database.restore" })
    assert.strictEqual(entries.length, 1)
  })
})
