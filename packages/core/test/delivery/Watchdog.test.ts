import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Watchdog from "../../src/delivery/Watchdog.ts"

const watched = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const watchdog = Watchdog.make(120_000, () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n))
  const fiber = yield* Effect.forkChild(watchdog.run, { startImmediately: true })
  return { watchdog, fiber }
})

describe("Watchdog", () => {
  it.effect("names the loop that makes no progress, and leaves those alone that do or need not", () =>
    Effect.gen(function* () {
      const { fiber, watchdog } = yield* watched
      const busy = watchdog.watch("a loop that works", () => true)
      watchdog.watch("a loop without work", () => false)
      const gone = watchdog.watch("a loop that ended", () => true)
      gone.end()
      for (let n = 0; n < 20; n++) {
        yield* TestClock.adjust("30 seconds")
        busy.beat()
      }
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("3 minutes")
      const fault = yield* Fiber.join(fiber)
      assert.strictEqual(fault.loop, "a loop that works")
      assert.isAtLeast(fault.millis, 120_000)
    })
  )
})
