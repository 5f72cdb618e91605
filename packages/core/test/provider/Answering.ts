import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

export const get = { operation: "employee.list", path: "/employees" }
export const html = "<!doctype html><html><body>Sign in</body></html>"

/** Runs to its end however long it waits. */
export const eventually = <A, E>(effect: Effect.Effect<A, E>, millis = 300_000) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    yield* TestClock.adjust(millis)
    return yield* Fiber.join(fiber)
  })
