import { uptime } from "node:os"
import { SignatureTime } from "@crochet/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PacedTime } from "./PacedTime.ts"

/** The clock of a runtime, and what it goes by. */
export interface FollowingClock extends Clock.Clock {
  /** Goes by another time from now on: that of the database's server. Epoch milliseconds, asked often. */
  readonly follow: (name: string, time: () => number) => void
  /** What it goes by, as it is: for those who compare it with a clock of their own. Epoch milliseconds. */
  readonly followed: () => number
  /** By how many milliseconds the followed time was set since the last call; 0 when it was not. */
  readonly takeStep: () => number
  /** Whose time it goes by, for people. */
  readonly name: () => string
}

const everyMillis = 1000
const nanosPerMilli = 1_000_000n

/**
 * A clock that keeps its pace when the time it follows is set: due times, leases and pauses neither end early nor late
 * by more than `PacedTime.rate` of their length. It follows this machine's time until told otherwise.
 */
export const make = (): FollowingClock => {
  let name = "this machine"
  let followed = () => Date.now()
  const paced = new PacedTime({
    followed: () => followed(),
    elapsed: () => performance.now(),
    uptime: () => uptime() * 1000
  })
  const live = Clock.Clock.defaultValue()
  const millis = () => Math.floor(paced.read())
  const nanos = () => BigInt(millis()) * nanosPerMilli
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => live.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: live.monotonicTimeNanos,
    // Timers of the system are not moved by the time of day.
    sleep: (duration) => live.sleep(duration),
    follow: (whose, time) => {
      name = whose
      followed = time
      paced.restart()
    },
    followed: () => followed(),
    takeStep: () => paced.takeStep(),
    name: () => name
  }
}

const tell = (clock: FollowingClock): Effect.Effect<void> =>
  Effect.suspend(() => {
    clock.currentTimeMillisUnsafe()
    const step = clock.takeStep()
    if (step === 0) return Effect.void
    const seconds = (Math.abs(step) / 1000).toFixed(1)
    return Effect.logWarning(
      `The time of ${clock.name()} was set ${step > 0 ? "forward" : "back"} by ${seconds} s. Retries and leases keep ` +
        "their pace and follow little by little; signatures carry the new time at once, and receivers refuse it when it " +
        "is wrong by more than five minutes. Let NTP keep the time"
    )
  })

/** Makes it the clock of everything that is built on the layer, and says so when the time is set. */
export const layer = (clock: FollowingClock): Layer.Layer<never> =>
  Layer.mergeAll(
    Layer.succeed(Clock.Clock, clock),
    Layer.succeed(SignatureTime.SignatureTime, clock.followed),
    Layer.effectDiscard(
      Effect.forkScoped(Effect.forever(Effect.delay(tell(clock), everyMillis), { disableYield: true }))
    )
  )
