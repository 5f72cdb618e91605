import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { DeliveryFailure, Timeout } from "../../src/delivery/Transport.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"
import { DeliveryWorld as World } from "@crochet/core/testing"
import { start } from "./Dispatching.ts"

const second = 1000

const records = (count: number, prefix = "r") => Array.from({ length: count }, (_, n) => ({ record: `${prefix}${n}` }))
/** A scan every second would be run 345,600 times in 96 hours. */
const rare = { scanMillis: 60_000 }

describe("Many destinations", () => {
  it.effect("keep their pace and their concurrency, in two processes together", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = () => Effect.as(Effect.sleep("100 millis"), { status: 200 })
      yield* World.setUp
      yield* World.destination("d1", { ratePerSecond: 50 })
      yield* World.destination("slow", { ratePerSecond: 2 })
      yield* World.run("run_1", "d1", records(600, "a"))
      yield* World.run("run_2", "slow", records(600, "b"))
      yield* start(layer)
      yield* start(layer)
      yield* TestClock.adjust("10 seconds")
      const of = (id: string) => seen.filter((one) => one.url.includes(id))
      assert.isAtLeast(of("d1").length, 450)
      assert.isAtMost(of("d1").length, 510)
      assert.isAtLeast(of("slow").length, 18)
      assert.isAtMost(of("slow").length, 22)
      const began = of("d1")[0]!.at
      for (let at = began; at < began + 9 * second; at += 100) {
        const inSecond = of("d1").filter((one) => one.at >= at && one.at < at + second)
        assert.isAtMost(inSecond.length, 55)
      }
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("are not starved by those that hang, however many events wait for these", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      control.script = (one) =>
        one.url.includes("hang")
          ? Effect.delay(Effect.fail(new DeliveryFailure({ reason: new Timeout() })), "15 seconds")
          : Effect.succeed({ status: 200 })
      yield* World.setUp
      for (let n = 0; n < 20; n++) {
        yield* World.destination(`hang${n}`)
        yield* World.run(`run_h${n}`, `hang${n}`, records(100, `h${n}x`), { end: false })
      }
      yield* World.destination("fast")
      const dispatcher = yield* start(layer, { holdMost: 400 })
      yield* TestClock.adjust("100 millis")
      const { held, sending } = yield* dispatcher.activity
      assert.isAtMost(held, 400 + 20, "more is held than the process may")
      assert.isAtLeast(sending, 20)
      const began = yield* Clock.currentTimeMillis
      yield* World.run("run_f", "fast", records(500, "f"))
      yield* TestClock.adjust("1 second")
      const fast = seen.filter((one) => one.url.includes("fast"))
      assert.lengthOf(fast, 503)
      assert.isAtMost(fast.at(-1)!.at - began, second)
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("take turns when the process has as many requests under way as it may", () =>
    Effect.gen(function* () {
      const { seen, control, layer } = World.scripted()
      let under = 0
      control.script = (one) =>
        Effect.gen(function* () {
          assert.isAtMost(++under, 16)
          yield* Effect.sleep(one.url.includes("slow") ? "1 second" : "1 millis")
          under--
          return { status: 200 }
        })
      yield* World.setUp
      yield* World.destination("slow")
      yield* World.destination("fast")
      yield* World.run("run_s", "slow", records(500, "s"), { end: false })
      yield* start(layer, { concurrencyOfAll: 16 })
      yield* TestClock.adjust("1500 millis")
      yield* World.run("run_f", "fast", records(50, "f"), { end: false })
      yield* TestClock.adjust("5 seconds")
      // First come, first served would be over thirty seconds.
      assert.lengthOf(
        seen.filter((one) => one.url.includes("fast")),
        50
      )
    }).pipe(Effect.provide(World.layer))
  )

  it.effect("do not wake an idle process for their leases", () =>
    Effect.gen(function* () {
      const { control, layer } = World.scripted()
      control.script = World.ok
      yield* World.setUp
      yield* World.destination("d1")
      yield* World.run("run_1", "d1", records(10))
      const outbox = yield* OutboxStore
      let renewals = 0
      const counted: OutboxStore["Service"] = {
        ...outbox,
        renew: (events, lease) => Effect.suspend(() => (renewals++, outbox.renew(events, lease)))
      }
      yield* start(layer, rare, counted)
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(renewals, 0)
    }).pipe(Effect.provide(World.layer))
  )
})
