import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Signal from "./Signal.ts"

/**
 * Tells the dispatcher of this process which destinations have something new, so that it goes out at once. Only a hint:
 * the dispatcher also looks into the store every second, which is the truth.
 */
export class Wakeup extends Context.Service<
  Wakeup,
  {
    /** To be called after a page, an end of a run or an event was committed for the destination. */
    readonly notify: (destinationId: string) => Effect.Effect<void>
    /** Waits until there is a hint and takes all. For one reader. */
    readonly take: Effect.Effect<ReadonlySet<string>>
  }
>()("@crochet/core/delivery/Wakeup") {
  /** Hints within one process. */
  static readonly layer: Layer.Layer<Wakeup> = Layer.sync(Wakeup, () => {
    const some = Signal.make()
    let hints = new Set<string>()
    return {
      notify: (destinationId) =>
        Effect.sync(() => {
          hints.add(destinationId)
          some.give()
        }),
      take: Effect.map(some.await, () => {
        some.reset()
        const taken = hints
        hints = new Set()
        return taken
      })
    }
  })
}
