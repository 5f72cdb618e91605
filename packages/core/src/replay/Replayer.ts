import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import type { StoreError } from "../store/StoreError.ts"
import * as RunCloser from "./RunCloser.ts"
import { ReplayEngine, type ReplaySettings } from "./ReplayEngine.ts"
import { ReplayWakeup } from "./ReplayWakeup.ts"
import * as Loop from "../sync/Loop.ts"

/** Keeps workers on replays, and closes runs that replays or coalescing made ready. */
export class Replayer extends Context.Service<
  Replayer,
  {
    /** Closes the runs that are ready; returns how many. The layer does this all the time. */
    readonly closeRuns: Effect.Effect<number, StoreError | ConnectorError>
  }
>()("@crochet/core/replay/Replayer") {
  /**
   * Starts the loops in the layer's scope. They never give up: a fault of the store is logged and tried again. When the
   * scope closes, workers give their replays back with what is committed.
   */
  static readonly layer = (
    options: ReplaySettings & {
      /** Replays that are worked on at the same time. */
      readonly workers: number
      /** How often the store is asked; a wake-up is faster. */
      readonly everyMillis: number
    }
  ) => Layer.effect(Replayer, make(options)).pipe(Layer.provideMerge(ReplayEngine.layer(options)))
}

const make = Effect.fnUntraced(function* (options: { readonly workers: number; readonly everyMillis: number }) {
  const engine = yield* ReplayEngine
  const wakeup = yield* ReplayWakeup
  const closeRuns = yield* RunCloser.make

  yield* Loop.forever("Closing runs", options.everyMillis, closeRuns, () => Effect.sleep(options.everyMillis))
  for (let i = 0; i < options.workers; i++) {
    // A replay that waits for its pace is due again in a moment.
    yield* Loop.forever("A replay worker", options.everyMillis, engine.runNext, (ran) =>
      ran ? Effect.sleep(5) : Effect.raceFirst(wakeup.wait, Effect.sleep(options.everyMillis / 4))
    )
  }
  return Replayer.of({ closeRuns })
})
