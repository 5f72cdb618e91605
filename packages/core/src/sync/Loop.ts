import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"

/**
 * Does something again and again until the scope closes; `idle` says from its result how long to wait. A failure is
 * logged and waited for: a database that is away comes back.
 */
export const forever = Effect.fnUntraced(function* <A, E>(
  name: string,
  everyMillis: number,
  once: Effect.Effect<A, E>,
  idle: (result: A) => Effect.Effect<void>
) {
  const scope = yield* Scope.Scope
  return yield* once.pipe(
    Effect.flatMap(idle),
    Effect.catchCause((cause) =>
      Effect.andThen(Effect.logError(`${name} stumbled and goes on`, cause), Effect.sleep(everyMillis))
    ),
    Effect.forever,
    Effect.forkIn(scope)
  )
})
