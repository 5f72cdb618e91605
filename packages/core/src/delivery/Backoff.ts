import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"

const first = 100
const longest = 5000

/**
 * Repeats an effect until it succeeds, for ever: a database that is away comes back. Waits 100 ms, then twice as long
 * each time, up to 5 s, and logs what was being done. `giveUp` names failures that no repetition can help.
 */
export const untilItSucceeds = <A, E, R>(
  doing: string,
  effect: Effect.Effect<A, E, R>,
  giveUp: (cause: Cause.Cause<E>) => boolean = () => false
): Effect.Effect<A, E, R> => {
  const attempt = (wait: number): Effect.Effect<A, E, R> =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterrupts(cause) || giveUp(cause)
        ? Effect.failCause(cause)
        : Effect.logWarning(`Delivery: ${doing} failed, next try in ${wait} ms`, cause).pipe(
            Effect.andThen(Effect.sleep(wait)),
            Effect.andThen(attempt(Math.min(wait * 2, longest)))
          )
    )
  return attempt(first)
}
