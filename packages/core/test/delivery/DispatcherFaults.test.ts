import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Logger, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { InvalidDispatcherOptions } from "../../src/delivery/Dispatcher.ts"
import { Blocked, DeliveryFailure } from "../../src/delivery/Transport.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { StoreError, StoreUnavailable } from "../../src/store/StoreError.ts"
import { Vault } from "../../src/vault/Vault.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { settle, start } from "./Dispatching.ts"

describe("A dispatcher in trouble", () => {
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
