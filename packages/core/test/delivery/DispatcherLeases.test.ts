import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { StoreError, StoreUnavailable } from "../../src/store/StoreError.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { settle, start } from "./Dispatching.ts"

/** Sixty destinations, each with a run of one record. */
const manyDestinations = Effect.gen(function* () {
  for (let i = 0; i < 60; i++) {
    yield* World.destination(`d${i}`)
    yield* World.run(`run_${i}`, `d${i}`, [{ record: "a" }])
  }
})

describe("Leases of a dispatcher", () => {
  it.effect("stops gracefully: finishes what is on its way, gives back the rest, repeats nothing", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      const gate = yield* Deferred.make<void>()
      control.script = () => Effect.as(Deferred.await(gate), { status: 200 })
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 200 }, (_, i) => ({ record: `r${i}` }))
      )
      const first = yield* start(layer)
      yield* settle
      assert.lengthOf(seen, 16)
      const stopped = yield* Effect.forkChild(first.stop, { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.lengthOf(seen, 16, "claimed after the stop began")
      const outbox = yield* OutboxStore
      const free = yield* outbox.claim({ destinationId: "d1", owner: "other", limit: 1000, leaseMillis: 10 })
      assert.lengthOf(free, 202 - 16, "queued events were not given back")
      yield* outbox.release(free)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(stopped)
      const states = yield* Effect.forEach(events, (event) => World.eventOf(event.id))
      assert.lengthOf(
        states.filter((one) => one.state === "acknowledged"),
        16
      )
      control.script = World.ok
      yield* start(layer)
      yield* TestClock.adjust("3 seconds")
      assert.lengthOf(seen, 203)
      assert.strictEqual(new Set(seen.map((one) => one.event.eventId)).size, 203)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("records what a stop cut off as an attempt", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.never
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      const dispatcher = yield* start(layer, { stopMillis: 2000 })
      yield* settle
      assert.lengthOf(seen, 1)
      yield* Effect.forkChild(dispatcher.stop, { startImmediately: true })
      yield* TestClock.adjust("3 seconds")
      assert.deepInclude((yield* World.attemptsOf(events[0]!.id))[0], { number: 1, error: "stopped", status: null })
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("keeps its leases while a receiver is slow, so that nobody else sends the same", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.as(Effect.sleep("14 seconds"), { status: 200 })
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 100 }, (_, i) => ({ record: `r${i}` })),
        { end: false }
      )
      yield* start(layer)
      yield* start(layer)
      yield* TestClock.adjust("5 minutes")
      assert.lengthOf(seen, 100)
      assert.strictEqual(new Set(seen.map((one) => one.event.eventId)).size, 100)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect(
    "asks the store for a few destinations at a time, however many are due, and is not stuck while they wait",
    () =>
      Effect.gen(function* () {
        const { seen, control, layer } = World.scripted()
        control.script = World.ok
        yield* World.setUp
        yield* manyDestinations
        const outbox = yield* OutboxStore
        let asking = 0
        let most = 0
        const slow: OutboxStore["Service"] = {
          ...outbox,
          claim: (options) =>
            Effect.suspend(() => {
              most = Math.max(most, ++asking)
              return Effect.delay(outbox.claim(options), "8 seconds")
            }).pipe(Effect.ensuring(Effect.sync(() => asking--)))
        }
        const dispatcher = yield* start(layer, { stuckMillis: 30_000 }, slow)
        const stuck = yield* Effect.forkChild(dispatcher.stuck)
        // Fifteen times eight seconds pass until the last one is asked for.
        yield* TestClock.adjust("4 minutes")
        assert.strictEqual(most, 4)
        assert.strictEqual(new Set(seen.map((one) => one.event.eventId)).size, 240)
        assert.lengthOf(seen, 240, "each once")
        assert.isUndefined(stuck.pollUnsafe(), "waiting for one's turn is no standing still")
      }).pipe(Effect.provide(World.layer))
  )

  it.effect("asks for nothing more when it stops, however many destinations wait for that", () =>
    Effect.gen(function* () {
      const { layer } = World.scripted()
      yield* World.setUp
      yield* manyDestinations
      const outbox = yield* OutboxStore
      let asked = 0
      const slow: OutboxStore["Service"] = {
        ...outbox,
        claim: (options) =>
          Effect.suspend(() => {
            asked++
            return Effect.delay(outbox.claim(options), "5 seconds")
          })
      }
      const dispatcher = yield* start(layer, {}, slow)
      yield* TestClock.adjust("7 seconds")
      const before = asked
      const stopped = yield* Effect.forkChild(dispatcher.stop, { startImmediately: true })
      yield* TestClock.adjust("6 seconds")
      assert.isDefined(stopped.pollUnsafe(), "it waited for the answers on their way alone")
      assert.strictEqual(asked, before)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("breaks a request off when its lease cannot be prolonged, and changes nothing with its outcome", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      const ends: Array<string> = []
      control.script = () =>
        Effect.sleep("14 seconds").pipe(
          Effect.as({ status: 200 }),
          Effect.onExit((exit) => Effect.sync(() => ends.push(exit._tag)))
        )
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      const outbox = yield* OutboxStore
      let claims = 0
      const cutOff: OutboxStore["Service"] = {
        ...outbox,
        renew: () => Effect.fail(new StoreError({ operation: "test", reason: new StoreUnavailable() })),
        claim: (options) => (claims++ === 0 ? outbox.claim(options) : Effect.succeed([]))
      }
      const dispatcher = yield* start(layer, {}, cutOff)
      yield* TestClock.adjust("9900 millis")
      assert.deepStrictEqual(ends, [])
      yield* TestClock.adjust("200 millis")
      assert.deepStrictEqual(ends, ["Failure"], "the request outlived its lease")
      assert.deepInclude(yield* dispatcher.activity, { held: 0, sending: 0, unsettled: 0 })
      const other = yield* outbox.claim({ destinationId: "d1", owner: "other", limit: 10, leaseMillis: 60_000 })
      assert.deepStrictEqual(
        other.map((one) => one.id),
        [events[0]!.id]
      )
      yield* TestClock.adjust("20 seconds")
      assert.lengthOf(seen, 1)
      assert.lengthOf(yield* World.attemptsOf(events[0]!.id), 0)
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).attempts, 0)
      assert.lengthOf(yield* outbox.renew(other, 60_000), 1, "the other process lost its lease")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("breaks a request off as soon as it learns that somebody else has the event", () =>
    Effect.gen(function* () {
      const { control, layer } = World.scripted()
      let broken = 0
      control.script = () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => broken++))
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      const outbox = yield* OutboxStore
      yield* start(layer, {}, { ...outbox, renew: () => Effect.succeed([]) })
      yield* TestClock.adjust("3100 millis")
      assert.strictEqual(broken, 1)
    }).pipe(Effect.provide(World.layer))
  )
})
