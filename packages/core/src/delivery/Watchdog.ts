import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A loop made no progress for so long that only a restart helps. */
export class DispatcherStuck extends Schema.TaggedError<DispatcherStuck>()("DispatcherStuck", {
  loop: Schema.String,
  millis: Schema.Finite
}) {
  override get message(): string {
    return `Delivery: ${this.loop} made no progress for ${Math.round(this.millis / 1000)} s`
  }
}

/** Who is watched, and for how long without a sign of life nothing is wrong. */
export interface Watchdog {
  /** Watches a loop; call `beat` with each step that it makes, failed ones too. `busy` says whether it should make any. */
  readonly watch: (loop: string, busy: () => boolean) => { readonly beat: () => void; readonly end: () => void }
  /** Ends with the first loop that is stuck. */
  readonly run: Effect.Effect<DispatcherStuck>
}

/** A dozen looks in the time that counts as stuck: an idle process is hardly woken. */
const looks = 12

/** Makes a watchdog; `now` gives monotonic milliseconds. */
export const make = (stuckMillis: number, now: () => number): Watchdog => {
  const loops = new Map<object, { readonly loop: string; readonly busy: () => boolean; at: number }>()
  const every = Math.max(1, Math.floor(stuckMillis / looks))
  const look = Effect.gen(function* () {
    const began = now()
    yield* Effect.sleep(every)
    const at = now()
    // The whole process stood still: that says nothing of its loops.
    const stalled = at - began > 2 * every
    for (const watched of loops.values()) {
      if (stalled || !watched.busy()) watched.at = at
      else if (at - watched.at > stuckMillis) {
        return new DispatcherStuck({ loop: watched.loop, millis: at - watched.at })
      }
    }
    return undefined
  })
  return {
    watch: (loop, busy) => {
      const key = {}
      const watched = { loop, busy, at: now() }
      loops.set(key, watched)
      return {
        beat: () => {
          watched.at = now()
        },
        end: () => {
          loops.delete(key)
        }
      }
    },
    run: Effect.gen(function* () {
      for (;;) {
        const stuck = yield* look
        if (stuck !== undefined) return stuck
      }
    })
  }
}
