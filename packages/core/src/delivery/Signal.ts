import type * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

/**
 * Something to wait for that plain code can give. Unlike a latch that is opened unsafely, waiters go on in a later
 * microtask, never inside the caller, which may be in the middle of a change.
 */
export interface Signal {
  readonly give: () => void
  readonly isGiven: () => boolean
  readonly await: Effect.Effect<void>
  /** From here on, only a new signal counts. */
  readonly reset: () => void
}

/** A signal that is not given yet. */
export const make = (): Signal => {
  const latch = Latch.makeUnsafe(false)
  let scheduled = false
  return {
    give: () => {
      if (scheduled || latch.isOpen()) return
      scheduled = true
      queueMicrotask(() => {
        scheduled = false
        latch.openUnsafe()
      })
    },
    isGiven: () => scheduled || latch.isOpen(),
    await: latch.await,
    reset: () => {
      latch.closeUnsafe()
    }
  }
}
