import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Random } from "effect"
import { TestClock } from "effect/testing"
import { Connection, DeliveryFailure } from "../../src/delivery/Transport.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { DestinationStore } from "../../src/store/DestinationStore.ts"
import { StoreError, StoreUnavailable } from "../../src/store/StoreError.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { hour, minute, start } from "./Dispatching.ts"

const second = 1000

const records = (count: number, prefix = "r") => Array.from({ length: count }, (_, n) => ({ record: `${prefix}${n}` }))
const gone = Effect.fail(new DeliveryFailure({ reason: new Connection() }))
const health = Effect.fnUntraced(function* (id: string) {
  const outbox = yield* OutboxStore
  const [found] = yield* outbox.health([id])
  return found ?? assert.fail("the destination is known")
})
/** A scan every second would be run 345,600 times in 96 hours. */
const rare = { scanMillis: 60_000 }

describe("A destination that is down", () => {
  it.effect.each([
    ["1 minute", minute],
    ["1 hour", hour],
    ["23 hours", 23 * hour],
    ["95 hours 59 minutes", 96 * hour - minute]
  ] as const)("for %s gets everything by itself, a probe interval after its return at the latest", ([, outage]) =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => gone
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", records(40))
      const began = yield* Clock.currentTimeMillis
      yield* start(layer, rare)
      yield* TestClock.adjust(outage)
      const tried = seen.length
      assert.isAtMost(tried, 30 + outage / (40 * second), "hammered while it was down")
      control.script = World.ok
      yield* TestClock.adjust(minute + second)
      assert.strictEqual((yield* World.runStatus("run_1")).status, "completed")
      assert.isAtMost(seen.at(-1)!.at - began - outage, minute)
      // What was tried before the circuit opened counts; what waited used up nothing.
      const attempts = yield* Effect.forEach(events, (event) => World.attemptsOf(event.id))
      assert.isAtMost(Math.max(...attempts.map((of) => of.length)), 3)
      assert.isAtLeast(attempts.filter((of) => of.length === 1).length, 24)
      assert.isTrue(seen.every((one) => one.at - began <= 96 * hour))
    }).pipe(Effect.provide(World.layer), Random.withSeed("outage"))
  )

  it.effect("is found again within a minute with a single event waiting, too", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = World.status(503)
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", records(1), { end: false })
      yield* start(layer, rare)
      yield* TestClock.adjust("10 hours")
      control.script = World.ok
      const before = seen.length
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(seen, before + 1)
    }).pipe(Effect.provide(World.layer), Random.withSeed("single"))
  )

  it.effect("for 97 hours loses its events at 96 hours, is told so, and is sent nothing after", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => gone
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", records(60))
      const began = yield* Clock.currentTimeMillis
      yield* start(layer, rare)
      yield* TestClock.adjust(96 * hour - minute)
      const states = Effect.forEach(events, (event) => World.eventOf(event.id))
      assert.isTrue((yield* states).every((event) => event.state === "pending"))
      yield* TestClock.adjust("3 minutes")
      assert.isTrue((yield* states).every((event) => event.state === "expired"))
      const known = new Set(events.map((event) => event.id))
      assert.isTrue(
        seen.every((one) => !known.has(one.event.eventId) || one.at - began <= 96 * hour),
        "a record was sent after 96 hours"
      )
      yield* TestClock.adjust("57 minutes")
      control.script = World.ok
      yield* TestClock.adjust("61 seconds")
      assert.strictEqual(seen.at(-1)!.event.eventType, "sync.events.incomplete")
      assert.notInclude(
        seen.map((one) => one.event.eventType),
        "sync.events.allConsumed"
      )
      assert.strictEqual((yield* World.runStatus("run_1")).status, "incomplete")
    }).pipe(Effect.provide(World.layer), Random.withSeed("gone"))
  )

  it.effect("is probed by one process at a time, and everybody learns of its return", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => gone
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", records(200))
      yield* start(layer)
      yield* start(layer)
      yield* TestClock.adjust("1 second")
      const before = seen.length
      assert.isAtMost(before, 32)
      let under = 0
      let most = 0
      control.script = () =>
        Effect.gen(function* () {
          most = Math.max(most, ++under)
          yield* Effect.sleep("12 seconds")
          under--
          return yield* gone
        })
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(most, 1)
      assert.isAtMost(seen.length - before, 7)
      control.script = World.ok
      yield* TestClock.adjust("75 seconds")
      assert.strictEqual((yield* World.runStatus("run_1")).status, "completed")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("is sent 1, 2, 4, 8 … at a time when it is back", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => gone
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", records(100))
      yield* start(layer)
      yield* TestClock.adjust("1 second")
      const before = seen.length
      control.script = () => Effect.as(Effect.sleep("1 second"), { status: 200 })
      yield* TestClock.adjust("20 seconds")
      const waves = [...Map.groupBy(seen.slice(before), (one) => Math.round(one.at / second)).values()]
      assert.deepStrictEqual(
        waves.slice(0, 6).map((wave) => wave.length),
        [1, 1, 2, 4, 8, 16]
      )
      assert.isAtMost(Math.max(...waves.map((wave) => wave.length)), 16)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("does not learn of a poison record among healthy ones, nor of one that is alone", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) => Effect.succeed({ status: one.event["recordId"] === "poison" ? 500 : 200 })
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "poison" }, ...records(100)], { end: false })
      yield* start(layer, rare)
      yield* TestClock.adjust("2 days")
      assert.isNull((yield* health("d1")).openedAt)
      const began = yield* Clock.currentTimeMillis
      yield* World.run("run_2", "d1", records(5, "later"), { end: false })
      yield* TestClock.adjust(second)
      assert.lengthOf(
        seen.filter((one) => one.at >= began && one.event["recordId"] !== "poison"),
        5,
        "healthy records waited for the poison"
      )
      yield* TestClock.adjust("3 days")
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).state, "expired")
      assert.lengthOf(yield* World.attemptsOf(events[0]!.id), 20)
      assert.isNull((yield* health("d1")).openedAt)
    }).pipe(Effect.provide(World.layer), Random.withSeed("poison"))
  )
})

describe("A destination that asks for silence", () => {
  it.effect("with Retry-After gets it, for all of its events", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.succeed({ status: 429, retryAfterMillis: 5 * minute })
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", records(100), { end: false })
      yield* start(layer)
      yield* TestClock.adjust("299 seconds")
      assert.isAtMost(seen.length, 16)
      control.script = World.ok
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual((yield* World.runStatus("run_1")).consumed, 100)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("with the control header gets it, even with an acknowledgement", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.succeed({ status: 200, control: { kind: "park", millis: 10 * minute } })
      yield* World.setUp
      yield* World.destination("d1", { concurrency: 1 })
      yield* World.run("run_1", "d1", records(20), { end: false })
      yield* start(layer)
      yield* TestClock.adjust("9 minutes")
      const before = seen.length
      assert.isBelow(before, 20)
      control.script = World.ok
      yield* TestClock.adjust("2 minutes")
      assert.lengthOf(seen, 20)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect.each([
    ["410", { status: 410 }, "gone"],
    ["the control header", { status: 200, control: { kind: "pause" } }, "asked"]
  ] as const)("for good with %s is paused, and the workspace's others are told once", ([, answer, reason]) =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) => Effect.succeed(one.url.includes("d1") ? answer : { status: 200 })
      yield* World.setUp
      yield* World.destination("d1", { concurrency: 4 })
      yield* World.destination("d2")
      yield* World.destination("deaf", { events: ["record.new"] })
      yield* World.run("run_1", "d1", records(50), { end: false })
      const dispatcher = yield* start(layer)
      yield* TestClock.adjust("1 minute")
      const destinations = yield* DestinationStore
      const found = yield* destinations.list(World.workspaceId, { limit: 10 })
      const paused = found.items.find(({ id }) => id === "d1")
      assert.deepStrictEqual([paused?.state, paused?.pausedReason], ["paused", reason])
      assert.deepInclude(yield* dispatcher.activity, { held: 0, lanes: 0, sending: 0 })
      const told = seen.filter((one) => !one.url.includes("d1"))
      assert.deepStrictEqual(
        told.map((one) => [one.url, one.event.eventType]),
        [["https://d2.example/hook", "destination.paused"]]
      )
      const [notice] = told
      assert.deepInclude(notice!.event["eventData"], { destinationId: "d1", reason })
      assert.isUndefined(notice!.headers["X-Knit-Integration-Id"])
      assert.isString(notice!.headers["X-Knit-Signature"])
      const before = seen.length
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(seen, before)
    }).pipe(Effect.provide(World.layer))
  )
})

describe("A database", () => {
  it.effect("that answers no more is noticed; one that refuses for long is waited for", () =>
    Effect.gen(function* () {
      const { layer } = World.scripted()
      yield* World.setUp
      const outbox = yield* OutboxStore
      const refuses = yield* start(
        layer,
        {},
        {
          ...outbox,
          dueDestinations: Effect.fail(new StoreError({ operation: "test", reason: new StoreUnavailable() }))
        }
      )
      const hangs = yield* start(layer, {}, { ...outbox, dueDestinations: Effect.never })
      const waiting = yield* Effect.forkChild(refuses.stuck, { startImmediately: true })
      const noticed = yield* Effect.forkChild(hangs.stuck, { startImmediately: true })
      yield* TestClock.adjust("119 seconds")
      assert.isUndefined(noticed.pollUnsafe())
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual((yield* Fiber.join(noticed)).loop, "looking for due events")
      yield* TestClock.adjust("10 minutes")
      assert.isUndefined(waiting.pollUnsafe(), "a failure that is tried again counts as progress")
      yield* Fiber.interrupt(waiting)
    }).pipe(Effect.provide(World.layer))
  )
})
