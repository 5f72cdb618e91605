import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import { maximumPrevious } from "../delivery/Signature.ts"
import type { RotateKeyRequest } from "../service/Destinations.ts"
import { Refusal, unprocessable } from "../service/Refusal.ts"
import type { Destination } from "./Destination.ts"

const defaultOverlapSeconds = 86_400

/** How long, in milliseconds, what is replaced goes on signing; null when it and everything before it ends now. */
export const overlapOf = (request: RotateKeyRequest): Effect.Effect<number | null, Refusal> => {
  if (request.expireNow !== true) return Effect.succeed((request.overlapSeconds ?? defaultOverlapSeconds) * 1000)
  return (request.overlapSeconds ?? 0) === 0
    ? Effect.succeed(null)
    : Effect.fail(
        unprocessable(
          "webhook.overlap_with_expire_now",
          "overlapSeconds",
          "expireNow ends what is replaced at once, so nothing can overlap.",
          "Leave out one of overlapSeconds and expireNow."
        )
      )
}

/** The destination with another secret; its earlier ones stay as long as they sign. Times in epoch milliseconds. */
export const rotated = (
  destination: Destination,
  sealed: Uint8Array,
  overlapMillis: number | null,
  now: number
): Result.Result<Destination, Refusal> => {
  const live = overlapMillis === null ? [] : destination.previousSecrets.filter(({ until }) => until > now)
  // Sealed for the same place as the current one: it moves as it is.
  const replaced =
    overlapMillis === null || overlapMillis === 0
      ? []
      : [{ sealed: Base64.encode(destination.secret), until: now + overlapMillis }]
  const previousSecrets = [...live, ...replaced]
  if (previousSecrets.length > maximumPrevious) {
    return Result.fail(
      new Refusal({
        kind: "conflict",
        code: "webhook.too_many_secrets",
        msg: `${maximumPrevious} earlier secrets of this destination still sign: with more, receivers would refuse its requests.`,
        field: "overlapSeconds",
        resolution: "Wait until one of them ends (webhook.list), or send expireNow, which ends all of them."
      })
    )
  }
  return Result.succeed({
    ...destination,
    secret: sealed,
    previousSecrets,
    // Keys are cached by this time: it must grow even when the clock does not.
    updatedAt: Math.max(now, destination.updatedAt + 1)
  })
}
