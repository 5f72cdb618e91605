import { assert, it } from "@effect/vitest"
import { folder, start } from "../Program.ts"
import { seeded, until } from "@crochet/proof/Deadline"
import type { Arrival } from "@crochet/proof/Inbox"
import { activeIds, assertContent, assertDelivered, assertRun, repetitions } from "@crochet/proof/Oracle"
import { app, inbox, installation } from "./World.ts"

const dataset = "/v2/datasets/employee/data"
/** Further kills at random moments, beside those that always happen. */
const more = Number(process.env["CROCHET_TEST_KILLS"] ?? 0)
const random = seeded(Number(process.env["CROCHET_TEST_SEED"] ?? 20_261_122))
const upTo = (most: number) => 1 + Math.floor(random() * most)

it(
  "kill -9 at any moment loses nothing, invents nothing and repeats only what was on its way",
  async () => {
    // Who is killed leaves nothing compiled behind.
    await start(folder(["connector-bamboohr"]), ["--version"]).exit
    const simulator = await app({ employees: 1600, seed: 7 })
    const receiver = await inbox()
    const host = await installation(simulator)
    let kills = 0

    // A receiver that takes its time has several requests under way when the end comes.
    const usual = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3))
      return 200 as const
    }
    receiver.answer(usual)

    /** Kills the program as soon as the moment comes, and starts it again; `prepare` comes in between. */
    const killAt = async (moment: () => Promise<unknown>, prepare: () => void = () => {}) => {
      await moment()
      await host.kill()
      kills++
      receiver.answer(usual)
      receiver.onAnswered(() => {})
      simulator.control.clearFaults()
      prepare()
      await until("the requests of the dead process are broken off", () => receiver.active() === 0)
      receiver.nextGeneration()
      await host.restart()
    }
    /** The moment in which a request that fits has come and is not answered. */
    const arrived =
      (fits: (arrival: Arrival) => boolean, nth = 1) =>
      () =>
        new Promise<void>((resolve) => {
          let left = nth
          receiver.answer((arrival) => {
            if (left > 0 && fits(arrival)) left--
            if (left > 0) return usual()
            resolve()
            return "hang"
          })
        })
    /** The moment in which the answer to a request that fits has just left. */
    const answered =
      (fits: (arrival: Arrival) => boolean, nth = 1) =>
      () =>
        new Promise<void>((resolve) => {
          let left = nth
          receiver.onAnswered((arrival) => {
            if (fits(arrival) && --left === 0) resolve()
          })
        })
    /** The app answers so many requests and then hangs: a program that is fast would be done before it is killed. */
    const hold = (path: string, after = 0) =>
      void simulator.control.fault({ kind: "slow", match: { path }, after, delayMillis: 60_000, times: Infinity })
    const held = () => until("the app hangs", () => simulator.control.faults().some(({ hits }) => hits > 0))
    const isOf = (eventType: string) => (arrival: Arrival) => arrival.event.eventType === eventType
    const any = isOf("record.new")

    await host.register(receiver)
    hold(dataset)
    const integrationId = await host.connect()
    const initial = (await host.firstRun(integrationId)).syncRunId
    const everybody = activeIds(simulator)
    const committed = (pages: number) => () =>
      until(`${pages} pages are committed`, async () => (await host.run(initial)).counts["pages"]! >= pages)

    // An initial sync of four pages.
    await killAt(held, () => hold(dataset, 2))
    await killAt(committed(2), () => hold(dataset, 1))
    await killAt(held)
    const inReading = kills
    await killAt(arrived(any, upTo(100)))
    await killAt(answered(any, upTo(100)))
    await killAt(answered(any, upTo(100)))
    const read = kills
    await killAt(arrived(isOf("sync.events.processed")))
    await killAt(answered(isOf("sync.events.processed")))
    await killAt(arrived(isOf("sync.events.allConsumed")))
    await killAt(answered(isOf("sync.events.allConsumed")))
    const first = await host.reaches(initial, "completed")
    assert.strictEqual(first.counts["processed"], 1600, "every row was counted once")
    assert.strictEqual(first.counts["pages"], 4)
    const asked = simulator.requests.filter(({ path }) => path.endsWith(dataset)).length
    assert.isAtMost(asked, 4 + read, `four pages, and at most one again for each of ${read} kills while they were read`)
    assert.isAtLeast(asked, 4 + inReading - 1)
    assertRun(receiver, initial, { "record.new": everybody })

    // A delta that asks for changes.
    const { control } = simulator
    const managers = new Set(control.list().map(({ managerId }) => managerId))
    const people = control.list({ status: "Active" }).filter(({ id }) => !managers.has(id))
    const change = (from: number) => {
      const hired = control.hire([{}, {}, {}, {}, {}, {}])
      const [modified, inactive, gone] = [
        people.slice(from, from + 30),
        people.slice(from + 30, from + 36),
        people.slice(from + 36, from + 42)
      ]
      for (const { id } of modified!) control.change(id, { jobTitle: `Keeper of ${id}`, payRate: "90001.00 USD" })
      for (const { id } of inactive!) control.fire(id)
      for (const { id } of gone!) control.remove(id)
      return {
        "record.new": hired.map(({ id }) => id),
        "record.modified": modified!.map(({ id }) => id),
        "record.deleted": [...inactive!, ...gone!].map(({ id }) => id)
      }
    }
    const firstChanges = change(0)
    hold("/v1/employees/changed")
    const delta = await host.delta(integrationId)
    await killAt(held)
    await killAt(arrived(isOf("record.deleted"), 3))
    await killAt(arrived(isOf("sync.events.allConsumed")))
    assert.strictEqual((await host.reaches(delta, "completed")).mode, "changes")
    assertRun(receiver, delta, firstChanges)

    // A delta that lists everybody and infers who is gone.
    const secondChanges = change(50)
    await host.reconcileNext()
    hold(dataset, 3)
    const listing = await host.delta(integrationId)
    await killAt(held, () => hold("/v1/employees/", 2))
    await killAt(held)
    await killAt(answered(isOf("record.deleted"), 5))
    assert.strictEqual((await host.reaches(listing, "completed")).mode, "listing")
    assertRun(receiver, listing, secondChanges)

    // As many random moments as are asked for.
    const extra = new Set<string>()
    for (let i = 0; i < more; i++) {
      const started = await host.api().post("sync.start", { dataType: "employee" }, integrationId)
      extra.add(started.syncRunId)
      const millis = random() * 2500
      await killAt(() => new Promise((resolve) => setTimeout(resolve, millis)))
    }
    // Everything once more, undisturbed: what came before must have been the same.
    const last = await host.api().post("sync.start", { dataType: "employee" }, integrationId)
    for (const id of [...extra, last.syncRunId]) {
      await host.reaches(id, "completed")
      assertRun(receiver, id, { "record.new": activeIds(simulator) })
    }
    assertDelivered(receiver)
    assertContent(receiver, simulator)
    const newest = new Map<string, string>()
    for (const { event } of receiver.arrivals) {
      if (event.recordId === undefined) continue
      // The app signs the picture's address anew with every answer.
      const data = JSON.stringify({ ...event.eventData, employeeProfilePicture: null })
      if (event.syncRunId === last.syncRunId) assert.strictEqual(data, newest.get(event.recordId), event.recordId)
      else newest.set(event.recordId, data)
    }
    const repeated = repetitions(receiver, kills)
    assert.isAtLeast(kills, 12)
    console.log(
      `${kills} kills, ${receiver.arrivals.length} deliveries, repeated after each: ${repeated.join(" ")}; ${asked} page requests`
    )
    assert.strictEqual(await host.stop(), 0)
  },
  600_000 + more * 10_000
)
