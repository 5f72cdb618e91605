import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Signal from "../delivery/Signal.ts"

/** Wakes who revokes tokens when an account has ended, so that its app is told at once. */
export class RevocationWakeup extends Context.Service<
  RevocationWakeup,
  { readonly notify: Effect.Effect<void>; readonly wait: Effect.Effect<void> }
>()("@crochet/core/integration/RevocationWakeup") {
  static readonly layer: Layer.Layer<RevocationWakeup> = Layer.sync(RevocationWakeup, () => {
    const some = Signal.make()
    return { notify: Effect.sync(some.give), wait: Effect.map(some.await, some.reset) }
  })
}
