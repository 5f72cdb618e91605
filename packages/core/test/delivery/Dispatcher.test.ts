import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Option, Random, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Webhook } from "standardwebhooks"
import * as RetrySchedule from "../../src/delivery/RetrySchedule.ts"
import { DeliveryFailure, Timeout } from "../../src/delivery/Transport.ts"
import { DestinationStore } from "../../src/store/DestinationStore.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { Crypto } from "../../src/vault/Crypto.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { hour, settle, start } from "./Dispatching.ts"

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
})
