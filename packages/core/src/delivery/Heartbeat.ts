import * as Effect from "effect/Effect"
import type { OutboxStore } from "../store/OutboxStore.ts"
import { type HeldEvents, renew } from "./HeldEvents.ts"
import type { Signal } from "./Signal.ts"

/**
 * Keeps the leases of what is held, and breaks off requests whose lease is gone: somebody else sends them now. Sleeps
 * while nothing is held. Never ends.
 */
export const run = (options: {
  readonly held: HeldEvents
  readonly outbox: OutboxStore["Service"]
  readonly leaseMillis: number
  readonly heartbeatMillis: number
  /** Given when something is held again. */
  readonly some: Signal
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Called in every round. */
  readonly pulse: () => void
}): Effect.Effect<never> => {
  const { heartbeatMillis, held, leaseMillis, now, outbox, pulse, some } = options

  /** How long until the first lease ends under a request. */
  const left = (): number => {
    let until = Number.POSITIVE_INFINITY
    for (const one of held.byId.values()) if (one.state === "sending") until = Math.min(until, one.until)
    return Math.max(0, until - now())
  }

  const cut = () => {
    const at = now()
    for (const one of held.byId.values()) {
      if (one.state === "sending" && (one.lost || one.until <= at)) one.lane.cut(one)
    }
  }

  let beatAt = now()
  const round = Effect.gen(function* () {
    pulse()
    if (held.byId.size === 0) {
      some.reset()
      yield* some.await
      pulse()
      beatAt = now()
    }
    const began = now()
    const wait = Math.min(Math.max(0, beatAt + heartbeatMillis - began), left())
    yield* Effect.sleep(wait)
    const stalled = now() - began - wait
    if (stalled > leaseMillis) {
      yield* Effect.logWarning(
        `Delivery: the process stood still for ${Math.round(stalled)} ms, longer than a lease: requests under way are given up, others send them again`
      )
    }
    cut()
    if (now() < beatAt + heartbeatMillis) return
    beatAt = now()
    const before = beatAt + leaseMillis - heartbeatMillis / 2
    yield* Effect.raceFirst(
      Effect.timeoutOrElse(renew(held, outbox, leaseMillis, before, now), {
        duration: heartbeatMillis,
        orElse: () => Effect.logWarning("Delivery: leases could not be renewed in time")
      }),
      // One whose lease ends before the store has answered does not take those of the others along.
      Effect.forever(
        Effect.andThen(
          Effect.suspend(() => Effect.sleep(Math.max(1, left()))),
          Effect.sync(cut)
        )
      )
    ).pipe(Effect.catchCause((cause) => Effect.logWarning("Delivery: leases could not be renewed", cause)))
    cut()
  })
  return Effect.forever(round)
}
