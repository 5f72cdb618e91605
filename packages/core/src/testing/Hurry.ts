import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** Which sleeps take no time: by default those of 20 seconds and less, as pauses between retries are, and no time-out is. */
export type Skips = (millis: number) => boolean

const shortOnes: Skips = (millis) => millis <= 20_000

/**
 * Pauses between retries and polls take no time, but move the clock; time-outs, which are longer, stay what they are.
 *
 * For tests of a connector alone against a server of their own. Whole runs are the kit's, in virtual time.
 */
export const hurried = <A, E, R>(effect: Effect.Effect<A, E, R>, skips: Skips = shortOnes): Effect.Effect<A, E, R> =>
  Clock.clockWith((clock) => {
    let ahead = 0
    const millis = () => clock.currentTimeMillisUnsafe() + ahead
    const nanos = (now: bigint) => now + BigInt(ahead) * 1_000_000n
    return Effect.provideService(effect, Clock.Clock, {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: () => nanos(clock.currentTimeNanosUnsafe()),
      currentTimeNanos: Effect.sync(() => nanos(clock.currentTimeNanosUnsafe())),
      monotonicTimeNanosUnsafe: () => nanos(clock.monotonicTimeNanosUnsafe()),
      monotonicTimeNanos: Effect.sync(() => nanos(clock.monotonicTimeNanosUnsafe())),
      sleep: (duration) => {
        const wait = Duration.toMillis(duration)
        if (!skips(wait)) return clock.sleep(duration)
        return Effect.suspend(() => {
          ahead += Math.ceil(wait)
          return Effect.yieldNow
        })
      }
    })
  })
