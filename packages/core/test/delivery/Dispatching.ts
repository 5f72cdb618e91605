import { Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Dispatcher, type DispatcherOptions } from "../../src/delivery/Dispatcher.ts"
import type { Transport } from "../../src/delivery/Transport.ts"
import { OutboxStore } from "../../src/store/OutboxStore.ts"

export const minute = 60_000
export const hour = 60 * minute

/** Builds a dispatcher in a scope of its own, so that a test can stop it. */
export const start = Effect.fnUntraced(function* (
  transport: Layer.Layer<Transport>,
  options: Partial<DispatcherOptions> = {},
  outbox?: OutboxStore["Service"]
) {
  const scope = yield* Scope.make()
  const layer = Dispatcher.layer(options).pipe(
    Layer.provide(transport),
    outbox === undefined ? (self) => self : Layer.provide(Layer.succeed(OutboxStore, outbox))
  )
  const context = yield* Layer.buildWithScope(Layer.fresh(layer), scope)
  const dispatcher = yield* Effect.provide(Dispatcher, context)
  yield* Effect.addFinalizer(() =>
    Effect.gen(function* () {
      const closing = yield* Effect.forkDetach(Scope.close(scope, Exit.void), { startImmediately: true })
      // Whatever a test leaves hanging: the stop's own limits end it.
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
    })
  )
  return { ...dispatcher, stop: Scope.close(scope, Exit.void) }
})

/** Lets everything that is due now happen. */
export const settle = TestClock.adjust("20 millis")
