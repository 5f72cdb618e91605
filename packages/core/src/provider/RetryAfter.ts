import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Headers from "effect/http/Headers"

/** An app that asks for more is asked again after this; a wrong header must not stop an account for days. */
const LONGEST_MILLIS = 3_600_000

/** Milliseconds to wait, from a `Retry-After` value (seconds or HTTP date, RFC 9110 10.2.3); between 0 and one hour. */
export const parse = (value: string | undefined, nowMillis: number): number | undefined => {
  if (value === undefined) return undefined
  const parsed = Headers.parseRetryAfter(value.trim())
  if (Result.isFailure(parsed)) return undefined
  return clamp(Duration.toMillis(Headers.retryAfterDelay(parsed.success, nowMillis)))
}

/** Between 0 and one hour; not a number counts as 0. */
export const clamp = (millis: number): number => (millis > 0 ? Math.min(millis, LONGEST_MILLIS) : 0)
