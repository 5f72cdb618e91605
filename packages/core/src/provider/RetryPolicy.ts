import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type { Reason } from "../connector/ConnectorError.ts"
import type { Failure } from "./Failure.ts"

const FIRST_MILLIS = 500
const LONGEST_MILLIS = 30_000
const TRIES = 5
/** Longest time that one request may take with all its tries. */
export const BUDGET_MILLIS = 600_000
/** A body that cannot be read may have been cut off on the way; if it stays, more tries do not help. */
const UNREADABLE_RETRIES = 2

/** A failed attempt, as the retry policy sees it. */
export interface FailedAttempt extends Failure {
  /** The request may be sent twice. */
  readonly idempotent: boolean
}

/**
 * Exponential backoff with full jitter (each delay between 0 and 0.5 s, 1 s, 2 s … 30 s), never shorter than what the
 * app asks for; at most 5 tries within 10 minutes. A wait that would end after that is not begun.
 */
export const make = (onRetry: (attempt: FailedAttempt, delayMillis: number) => Effect.Effect<void>) =>
  Schedule.min([Schedule.exponential(FIRST_MILLIS), Schedule.spaced(LONGEST_MILLIS)]).pipe(
    Schedule.setInputType<FailedAttempt>(),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.map(Random.next, (random) =>
        Duration.millis(Math.max(Math.round(random * Duration.toMillis(duration)), askedWait(input.reason)))
      )
    ),
    Schedule.while(
      ({ attempt, duration, elapsed, input }) =>
        attempt < TRIES && mayRetry(input, attempt) && elapsed + Duration.toMillis(duration) <= BUDGET_MILLIS
    ),
    Schedule.tap(({ duration, input }) => onRetry(input, Duration.toMillis(duration)))
  )

/** Milliseconds that the app asks to wait. */
export const askedWait = (reason: Reason): number =>
  reason._tag === "RateLimited" || reason._tag === "Unavailable" ? (reason.retryAfterMillis ?? 0) : 0

const mayRetry = ({ final, idempotent, reason }: FailedAttempt, attempt: number): boolean => {
  if (final === true) return false
  // 429 says that the request was turned away; anything else may have been carried out before it failed.
  if (!idempotent) return reason._tag === "RateLimited" && reason.status === 429
  if (reason._tag === "BadPayload") return attempt <= UNREADABLE_RETRIES
  return reason._tag === "RateLimited" || reason._tag === "Unavailable"
}
