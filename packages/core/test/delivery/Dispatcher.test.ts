import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Deferred, Effect, Exit, Fiber, Layer, Logger, Option, Random, Redacted, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "standardwebhooks"
import { Dispatcher, type DispatcherOptions, InvalidDispatcherOptions } from "../../src/delivery/Dispatcher.ts"
import * as RetrySchedule from "../../src/delivery/RetrySchedule.ts"
import { Blocked, DeliveryFailure, Timeout, type Transport } from "../../src/delivery/Transport.ts"
import { DestinationStore } from "../../src/store/DestinationStore.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { StoreError, StoreUnavailable } from "../../src/store/StoreError.ts"
import { Crypto } from "../../src/vault/Crypto.ts"
import { Vault } from "../../src/vault/Vault.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"

const minute = 60_000
const hour = 60 * minute

/** Builds a dispatcher in a scope of its own, so that a test can stop it. */
const start = Effect.fnUntraced(function* (
  transport: Layer.Layer<Transport>,
  options: Partial<DispatcherOptions> = {},
  outbox?: OutboxStore["Service"]
) {
  const scope = yield* Scope.make()
  const layer = Dispatcher.layer(options).pipe(
    Layer.provide(transport),
    outbox === undefined ? (self) => self : Layer.provide(Layer.succeed(OutboxStore, outbox))
  )
  const context = yield* Layer.buildWithScope(Layer.fresh(layer), scope)
  const dispatcher = yield* Effect.provide(Dispatcher, context)
  yield* Effect.addFinalizer(() =>
    Effect.gen(function* () {
      const closing = yield* Effect.forkDetach(Scope.close(scope, Exit.void), { startImmediately: true })
      // Whatever a test leaves hanging: the stop's own limits end it.
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
    })
  )
  return { stop: Scope.close(scope, Exit.void), activity: dispatcher.activity }
})

/** Lets everything that is due now happen. */
const settle = TestClock.adjust("20 millis")

describe("Dispatcher", () => {
  it.effect("delivers a run: every event once, signed twice, allConsumed after all others", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      const { secret } = yield* World.destination("d1")
      yield* start(layer)
      yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 300 }, (_, i) => ({ record: `r${i}` }))
      )
      yield* TestClock.adjust("3 seconds")
      const types = seen.map((one) => one.event.eventType)
      assert.lengthOf(seen, 303)
      assert.strictEqual(new Set(seen.map((one) => one.event.eventId)).size, 303)
      assert.strictEqual(types.at(-1), "sync.events.allConsumed")
      assert.deepInclude(seen.at(-1)!.event["eventData"], { emitted: 300, consumed: 300, complete: true })
      assert.strictEqual((yield* World.runStatus("run_1")).status, "completed")
      const crypto = yield* Crypto
      const verifier = new Webhook(Redacted.value(secret))
      for (const one of seen) {
        assert.strictEqual(one.headers["webhook-id"], one.event.eventId)
        assert.strictEqual(one.headers["X-Knit-Integration-Id"], "int_1")
        assert.strictEqual(one.headers["X-Knit-Execution-Id"], `ex_${one.event.eventId.slice(3)}_1`)
        assert.strictEqual(one.headers["Content-Type"], "application/json")
        const expected = crypto.hmacSha256(
          new TextEncoder().encode(World.apiKeyText),
          new TextEncoder().encode(one.text)
        )
        assert.strictEqual(one.headers["X-Knit-Signature"], Buffer.from(expected).toString("base64url"))
        // The library compares the timestamp with the real clock; a signature over it is what is to be proven here.
        const signed = verifier.sign(
          one.event.eventId,
          new Date(Number(one.headers["webhook-timestamp"]) * 1000),
          one.text
        )
        assert.strictEqual(one.headers["webhook-signature"], signed)
      }
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("erases the body with the acknowledgement", () =>
    Effect.gen(function* () {
      const { layer } = World.scripted()
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }])
      const outbox = yield* OutboxStore
      assert.isTrue(Option.isSome(yield* outbox.body(World.workspaceId, events[0]!.id)))
      yield* start(layer)
      yield* TestClock.adjust("2 seconds")
      assert.isTrue(Option.isNone(yield* outbox.body(World.workspaceId, events[0]!.id)))
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).state, "acknowledged")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect.each([100, 201, 202, 204, 299, 301, 304, 308, 400, 401, 404, 410, 429, 500, 503, 599, 999])(
    "takes only 200 as an acknowledgement, not %s",
    (code) =>
      Effect.gen(function* () {
        const { seen, control, layer } = World.scripted()
        control.script = World.status(code)
        yield* World.setUp
        yield* World.destination("d1")
        const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
        yield* start(layer)
        yield* settle
        assert.lengthOf(seen, 1)
        const record = yield* World.eventOf(events[0]!.id)
        assert.strictEqual(record.state, "pending")
        assert.strictEqual(record.lastStatus, code)
        assert.strictEqual(record.lastError, code === 999 ? "http_other" : `http_${String(code)[0]}xx`)
      }).pipe(Effect.provide(World.layer))
  )

  it.effect("takes every 2xx where the destination says so, and nothing else", () =>
    Effect.gen(function* () {
      const { control, layer } = World.scripted()
      control.script = (one) => Effect.succeed({ status: one.text.includes(`"recordId":"a"`) ? 204 : 302 })
      yield* World.setUp
      yield* World.destination("d1", { ack: "2xx" })
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }, { record: "b" }], { end: false })
      yield* start(layer)
      yield* settle
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).state, "acknowledged")
      assert.strictEqual((yield* World.eventOf(events[1]!.id)).state, "pending")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("tries 20 times over exactly 96 h with the same bytes, then expires the event and says so", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) => Effect.succeed({ status: one.event.eventType === "record.new" ? 500 : 200 })
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }, { record: "b" }])
      const began = yield* Clock.currentTimeMillis
      // A scan every second would be run 345,600 times here.
      const scanMillis = 20_000
      yield* start(layer, { scanMillis })
      yield* TestClock.adjust("20 millis")
      for (let n = 1; n < RetrySchedule.attempts; n++) {
        const due = Option.getOrThrow(Option.fromNullOr((yield* World.eventOf(events[0]!.id)).nextAttemptAt))
        const before = seen.filter((one) => one.event.eventId === events[0]!.id).length
        assert.strictEqual(before, n, `attempt ${n} was not made in time`)
        const now = yield* Clock.currentTimeMillis
        yield* TestClock.adjust(due - 1 - now)
        assert.lengthOf(
          seen.filter((one) => one.event.eventId === events[0]!.id),
          n,
          "an attempt came too early"
        )
        yield* TestClock.adjust(scanMillis)
      }
      const attempts = seen.filter((one) => one.event.eventId === events[0]!.id)
      assert.lengthOf(attempts, 20)
      assert.strictEqual(new Set(attempts.map((one) => one.text)).size, 1)
      assert.closeTo(attempts.at(-1)!.at - began, 96 * hour, scanMillis)
      for (let n = 1; n < 20; n++) assert.isAbove(attempts[n]!.at, attempts[n - 1]!.at)
      assert.strictEqual(new Set(attempts.map((one) => one.headers["webhook-id"])).size, 1)
      assert.strictEqual(new Set(attempts.map((one) => one.headers["X-Knit-Execution-Id"])).size, 20)
      assert.isAbove(new Set(attempts.map((one) => one.headers["webhook-timestamp"])).size, 18)
      yield* TestClock.adjust("2 minutes")
      const record = yield* World.eventOf(events[0]!.id)
      assert.strictEqual(record.state, "expired")
      assert.lengthOf(yield* World.attemptsOf(events[0]!.id), 20)
      const types = seen.map((one) => one.event.eventType)
      assert.include(types, "sync.events.incomplete")
      assert.notInclude(types, "sync.events.allConsumed")
      assert.strictEqual((yield* World.runStatus("run_1")).status, "incomplete")
      yield* TestClock.adjust("100 hours")
      assert.lengthOf(
        seen.filter((one) => one.event.eventId === events[0]!.id),
        20
      )
    }).pipe(Effect.provide(World.layer), Random.withSeed("retries"))
  )

  it.effect("withholds allConsumed while one event is not acknowledged", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      let broken = true
      control.script = (one) =>
        Effect.succeed({ status: broken && one.text.includes(`"recordId":"poison"`) ? 500 : 200 })
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }, { record: "poison" }, { record: "c" }])
      yield* start(layer)
      yield* TestClock.adjust("10 minutes")
      assert.notInclude(
        seen.map((one) => one.event.eventType),
        "sync.events.allConsumed"
      )
      assert.strictEqual((yield* World.runStatus("run_1")).consumed, 2)
      broken = false
      yield* TestClock.adjust("20 minutes")
      assert.strictEqual(seen.at(-1)!.event.eventType, "sync.events.allConsumed")
      assert.strictEqual((yield* World.runStatus("run_1")).status, "completed")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("keeps the order of one record across retries, while other records flow", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      let failures = 3
      control.script = (one) =>
        Effect.succeed({
          status: one.event["sequence"] === "1" && one.event["recordId"] === "a" && failures-- > 0 ? 503 : 200
        })
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", [
        { record: "a", sequence: 1 },
        { record: "a", sequence: 2, type: "record.modified" },
        { record: "a", sequence: 3, type: "record.modified" },
        { record: "b", sequence: 1 }
      ])
      yield* start(layer)
      yield* TestClock.adjust("10 seconds")
      assert.include(
        seen.map((one) => one.event["recordId"]),
        "b"
      )
      assert.isTrue(seen.every((one) => one.event["recordId"] !== "a" || one.event["sequence"] === "1"))
      yield* TestClock.adjust("10 minutes")
      const sequences = seen.filter((one) => one.event["recordId"] === "a").map((one) => one.event["sequence"])
      assert.deepStrictEqual(sequences, ["1", "1", "1", "1", "2", "3"])
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("does not let one hanging destination delay another", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) =>
        one.url.includes("slow")
          ? Effect.delay(Effect.fail(new DeliveryFailure({ reason: new Timeout() })), "15 seconds")
          : Effect.succeed({ status: 200 })
      yield* World.setUp
      yield* World.destination("slow")
      yield* World.destination("fast")
      yield* World.run(
        "run_s",
        "slow",
        Array.from({ length: 500 }, (_, i) => ({ record: `s${i}` }))
      )
      yield* start(layer)
      yield* settle
      const began = yield* Clock.currentTimeMillis
      yield* World.run(
        "run_f",
        "fast",
        Array.from({ length: 500 }, (_, i) => ({ record: `f${i}` }))
      )
      yield* TestClock.adjust("1 second")
      const fast = seen.filter((one) => one.url.includes("fast"))
      assert.lengthOf(fast, 503)
      assert.isAtMost(fast.at(-1)!.at - began, 1000)
      assert.lengthOf(
        seen.filter((one) => one.url.includes("slow")),
        16,
        "more requests at once than allowed"
      )
      yield* TestClock.adjust("16 seconds")
      // Three failures are enough: what follows are probes.
      assert.isAtMost(seen.filter((one) => one.url.includes("slow")).length, 20)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("honours Retry-After", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.succeed({ status: 429, retryAfterMillis: 5 * minute })
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* TestClock.adjust("299 seconds")
      assert.lengthOf(seen, 1)
      yield* TestClock.adjust("3 seconds")
      assert.lengthOf(seen, 2)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("sends a retry to the URL that the destination has by then", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) => Effect.succeed({ status: one.url.includes("new") ? 200 : 500 })
      yield* World.setUp
      const { saved } = yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* settle
      const store = yield* DestinationStore
      yield* store.save({ ...saved, url: "https://new.example/hook", updatedAt: saved.updatedAt + 1 })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        seen.map((one) => one.url),
        ["https://d1.example/hook", "https://new.example/hook"]
      )
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("stops sending to a paused or deleted destination, and goes on when it is active again", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.as(Effect.sleep("1 second"), { status: 200 })
      yield* World.setUp
      const { saved } = yield* World.destination("d1")
      yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 100 }, (_, i) => ({ record: `r${i}` }))
      )
      const dispatcher = yield* start(layer)
      yield* TestClock.adjust("1500 millis")
      assert.lengthOf(seen, 32)
      const store = yield* DestinationStore
      yield* store.save({ ...saved, state: "paused", pausedReason: "asked", updatedAt: saved.updatedAt + 1 })
      yield* TestClock.adjust("1 minute")
      const paused = seen.length
      assert.isAtMost(paused, 48)
      assert.deepInclude(yield* dispatcher.activity, { held: 0, lanes: 0, sending: 0 })
      yield* store.save({ ...saved, updatedAt: saved.updatedAt + 2 })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(new Set(seen.map((one) => one.event.eventId)).size, 103)
      assert.lengthOf(seen, 103)
      yield* World.run("run_2", "d1", [{ record: "z" }], { end: false })
      yield* store.remove(World.workspaceId, "d1")
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(seen, 103)
      assert.deepInclude(yield* dispatcher.activity, { held: 0, lanes: 0 })
    }).pipe(Effect.provide(World.layer))
  )

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

  it.effect("sends what is announced at once, without waiting for the next scan", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      yield* World.destination("d1")
      yield* start(layer)
      yield* TestClock.adjust("10 seconds")
      const { end } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(
        seen.map((one) => one.event.eventType),
        ["record.new"]
      )
      yield* end
      yield* TestClock.adjust(0)
      const types = seen.map((one) => one.event.eventType)
      assert.deepStrictEqual(types, [
        "record.new",
        "sync.events.processed",
        "sync.events.allEmitted",
        "sync.events.allConsumed"
      ])
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("goes on at once when a slow store has taken what filled all places, not with the next scan", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run(
        "run_1",
        "d1",
        Array.from({ length: 200 }, (_, i) => ({ record: `r${i}` }))
      )
      const outbox = yield* OutboxStore
      const slow: OutboxStore["Service"] = {
        ...outbox,
        settle: (outcomes, close) => Effect.delay(outbox.settle(outcomes, close), "100 millis")
      }
      yield* start(layer, { claimSize: 4, groupSize: 16, scanMillis: 60_000 }, slow)
      yield* TestClock.adjust("5 seconds")
      assert.lengthOf(seen, 203)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("goes on after any number of store errors, without losing an outcome", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", [{ record: "a" }, { record: "b" }])
      const outbox = yield* OutboxStore
      let away = true
      const flaky = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
        Effect.suspend(() =>
          away ? Effect.fail(new StoreError({ operation: "test", reason: new StoreUnavailable() })) : effect
        )
      const store: OutboxStore["Service"] = {
        ...outbox,
        dueDestinations: flaky(outbox.dueDestinations),
        claim: (options) => flaky(outbox.claim(options)),
        settle: (outcomes, close) => flaky(outbox.settle(outcomes, close))
      }
      yield* start(layer, {}, store)
      yield* TestClock.adjust("10 minutes")
      assert.lengthOf(seen, 0)
      away = false
      yield* TestClock.adjust("6 seconds")
      assert.lengthOf(seen, 5)
      yield* World.run("run_2", "d1", [{ record: "c" }])
      yield* TestClock.adjust("1 millis")
      away = true
      yield* TestClock.adjust("8 seconds")
      away = false
      yield* TestClock.adjust("8 seconds")
      assert.lengthOf(seen, 9)
      assert.strictEqual(new Set(seen.map((one) => one.event.eventId)).size, 9)
      assert.strictEqual((yield* World.runStatus("run_2")).status, "completed")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("survives a transport that dies, and counts it as a failed attempt", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      let deaths = 1
      control.script = () => (deaths-- > 0 ? Effect.die(new Error("bug")) : Effect.succeed({ status: 200 }))
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(seen, 2)
      assert.deepStrictEqual(
        (yield* World.attemptsOf(events[0]!.id)).map((one) => one.error),
        ["internal", null]
      )
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("shows a blocked address as such", () =>
    Effect.gen(function* () {
      const { control, layer } = World.scripted()
      control.script = () => Effect.fail(new DeliveryFailure({ reason: new Blocked() }))
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* settle
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).lastError, "blocked")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("sends no Knit signature in standard mode, and never lets extra headers replace ours", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      yield* World.destination(
        "d1",
        { mode: "standard", apiKeyId: "none" },
        {
          Authorization: "Bearer abc",
          "webhook-id": "forged",
          "X-Knit-Signature": "forged",
          Host: "forged",
          "content-type": "text/plain",
          "bad name": "x",
          "x-bad": "a\r\nb: c"
        }
      )
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      yield* start(layer)
      yield* settle
      const names = Object.keys(seen[0]!.headers).map((name) => name.toLowerCase())
      assert.strictEqual(new Set(names).size, names.length)
      assert.notInclude(names, "x-knit-signature")
      assert.notInclude(names, "host")
      assert.notInclude(names, "x-bad")
      assert.strictEqual(seen[0]!.headers["authorization"], "Bearer abc")
      assert.strictEqual(seen[0]!.headers["webhook-id"], events[0]!.id)
      assert.notInclude(JSON.stringify(seen[0]!.headers), "forged")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("sends an event type under its alias, signed as sent", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      let failures = 1
      control.script = () => Effect.succeed({ status: failures-- > 0 ? 500 : 200 })
      yield* World.setUp
      const { secret } = yield* World.destination("d1", { aliases: { "record.modified": "record.changed" } })
      yield* World.run("run_1", "d1", [{ record: "a", type: "record.modified" }], { end: false })
      yield* start(layer)
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(seen, 2)
      assert.strictEqual(seen[0]!.event.eventType, "record.changed")
      assert.strictEqual(seen[0]!.text, seen[1]!.text)
      assert.strictEqual(JSON.stringify(JSON.parse(seen[0]!.text)), seen[0]!.text)
      const at = new Date(Number(seen[1]!.headers["webhook-timestamp"]) * 1000)
      assert.strictEqual(
        new Webhook(Redacted.value(secret)).sign(seen[1]!.event.eventId, at, seen[1]!.text),
        seen[1]!.headers["webhook-signature"]
      )
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("expires an event whose key was destroyed, without a request", () =>
    Effect.gen(function* () {
      const { seen, layer } = World.scripted()
      yield* World.setUp
      yield* World.destination("d1")
      const { events } = yield* World.run("run_1", "d1", [{ record: "a" }], { end: false })
      const vault = yield* Vault
      yield* vault.shred({ owner: "run", ownerId: "run_1", workspaceId: World.workspaceId })
      yield* start(layer)
      yield* settle
      assert.lengthOf(seen, 0)
      assert.strictEqual((yield* World.eventOf(events[0]!.id)).state, "expired")
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("logs what went wrong without payload, URL query or secret", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ cause, message }) => {
      lines.push(`${String(message)} ${Cause.pretty(cause)}`)
    })
    return Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) =>
        one.event["recordId"] === "canary-dies" ? Effect.die(new Error("bug")) : Effect.succeed({ status: 500 })
      yield* World.setUp
      const url = "https://d1.example/hook?token=canary-query"
      const { secret } = yield* World.destination("d1", { url }, { Authorization: "canary-header" })
      yield* World.destination("d2", { apiKeyId: "key_none" })
      yield* World.run("run_1", "d1", [{ record: "canary-dies" }, { record: "canary-body" }])
      yield* World.run("run_2", "d2", [{ record: "canary-unsigned" }])
      const outbox = yield* OutboxStore
      let failures = 3
      yield* start(
        layer,
        {},
        {
          ...outbox,
          settle: (outcomes, close) =>
            Effect.suspend(() =>
              failures-- > 0
                ? Effect.fail(new StoreError({ operation: "settle", reason: new StoreUnavailable() }))
                : outbox.settle(outcomes, close)
            )
        }
      )
      yield* TestClock.adjust("10 minutes")
      assert.isAbove(seen.length, 5)
      assert.isAbove(lines.length, 3)
      const logged = lines.join("\n")
      assert.include(logged, "an attempt failed unexpectedly")
      assert.include(logged, "Destination d2 cannot be signed for")
      for (const hidden of ["canary", Redacted.value(secret), World.apiKeyText, "profile"])
        assert.notInclude(logged, hidden)
    }).pipe(Effect.provide(World.layer), Effect.provide(Logger.layer([logger])))
  })

  it.effect("refuses settings that cannot work, naming the field", () =>
    Effect.gen(function* () {
      const { layer } = World.scripted()
      const error = yield* Effect.flip(start(layer, { heartbeatMillis: 4000, leaseMillis: 10_000 }))
      assert.instanceOf(error, InvalidDispatcherOptions)
      assert.include((error as InvalidDispatcherOptions).message, "heartbeatMillis: give at most a third")
      const none = yield* Effect.flip(start(layer, { holdMost: 0 }))
      assert.include((none as InvalidDispatcherOptions).message, "holdMost: give a whole number of at least 1")
    }).pipe(Effect.provide(World.layer))
  )
})
