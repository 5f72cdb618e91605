import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Signal from "../delivery/Signal.ts"

/** Wakes the replays' workers when a replay was made, so that it starts at once. */
export class ReplayWakeup extends Context.Service<
  ReplayWakeup,
  { readonly notify: Effect.Effect<void>; readonly wait: Effect.Effect<void> }
>()("@crochet/core/replay/ReplayWakeup") {
  static readonly layer: Layer.Layer<ReplayWakeup> = Layer.sync(ReplayWakeup, () => {
    const some = Signal.make()
    return { notify: Effect.sync(some.give), wait: Effect.map(some.await, some.reset) }
  })
}
