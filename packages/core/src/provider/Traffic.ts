import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Semaphore from "effect/Semaphore"
import type { HttpProfile } from "../connector/Connector.ts"

/**
 * The traffic control of one account: how many requests at once, how many per time window, and the pause that the app
 * asked for. Clients of the same account in one process share one.
 */
export interface Traffic {
  /** Runs one attempt when it is its turn. */
  readonly admit: <A, E, R>(attempt: Effect.Effect<A, E, R>, onWait: (millis: number) => void) => Effect.Effect<A, E, R>
  /** Nobody sends before this many milliseconds have passed. Never shortens a longer pause. */
  readonly pause: (millis: number) => Effect.Effect<void>
  /** How long the pause still lasts, in milliseconds; 0 when there is none. */
  readonly pausedFor: Effect.Effect<number>
}

const CONCURRENCY = 4

/**
 * Makes the traffic control of one account.
 *
 * `key` names the account in a shared quota: with it, and when the runtime provides effect's `RateLimiter` (over a
 * database, say), all processes draw on one quota; otherwise this traffic control counts for itself.
 */
export const make = Effect.fnUntraced(function* (
  profile: Pick<HttpProfile, "concurrency" | "rateLimit">,
  key?: string
): Effect.fn.Return<Traffic> {
  const turns = yield* Semaphore.make(Math.max(1, profile.concurrency ?? CONCURRENCY))
  const quota = profile.rateLimit
  const shared = yield* Effect.serviceOption(RateLimiter.RateLimiter)
  const limiter = key !== undefined && Option.isSome(shared) ? shared.value : yield* ownLimiter
  let pausedUntil = 0

  const pausedFor = Effect.map(Clock.currentTimeMillis, (now) => Math.max(0, pausedUntil - now))

  const sleep = (millis: number, onWait: (millis: number) => void) =>
    Effect.andThen(
      Effect.sync(() => onWait(millis)),
      Effect.sleep(millis)
    )

  const untilOpen = Effect.fnUntraced(function* (onWait: (millis: number) => void) {
    for (let wait = yield* pausedFor; wait > 0; wait = yield* pausedFor) yield* sleep(wait, onWait)
  })

  const untilInQuota = Effect.fnUntraced(function* (onWait: (millis: number) => void) {
    if (quota === undefined) return
    const millis = yield* limiter
      .consume({
        algorithm: "token-bucket",
        onExceeded: "delay",
        key: key ?? "own",
        limit: quota.limit,
        window: quota.windowMillis
      })
      .pipe(
        Effect.map(({ delay }) => Duration.toMillis(delay)),
        // A quota store that is down must not stop the sync: the app's own 429 still slows it down.
        Effect.orElseSucceed(() => 0)
      )
    if (millis > 0) yield* sleep(millis, onWait)
  })

  return {
    admit: (attempt, onWait) =>
      turns.withPermit(
        Effect.gen(function* () {
          yield* untilOpen(onWait)
          yield* untilInQuota(onWait)
          // Somebody else may have been told to pause while this one waited for the quota.
          yield* untilOpen(onWait)
          return yield* attempt
        })
      ),
    pause: (millis) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        pausedUntil = Math.max(pausedUntil, now + millis)
      }),
    pausedFor
  }
})

const ownLimiter = RateLimiter.make.pipe(Effect.provide(RateLimiter.layerStoreMemory))
