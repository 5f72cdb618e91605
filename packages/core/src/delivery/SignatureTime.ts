import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * Whose time signatures carry where it is not the clock's, epoch milliseconds: receivers compare it with their own
 * clocks, and a clock that was set follows only little by little (Standard Webhooks, `webhook-timestamp`).
 */
export const SignatureTime: Context.Reference<(() => number) | undefined> = Context.Reference<
  (() => number) | undefined
>("@crochet/core/delivery/SignatureTime", { defaultValue: () => undefined })

/** Reads the time that signatures carry: the clock's, unless another one was provided. */
export const reader: Effect.Effect<() => number> = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  return (yield* SignatureTime) ?? (() => clock.currentTimeMillisUnsafe())
})
