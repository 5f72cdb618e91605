import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"

/**
 * So many records are worked on at a stretch, about a millisecond's worth. In between the process sends the database what
 * comes next, answers API calls and delivers: with 250 the database had nothing to do for a sixth of a re-listing.
 */
const size = 50

/** Works on the items slice by slice and lets others in between: a small page costs the work alone. */
export const forEach = <A>(
  items: ReadonlyArray<A>,
  work: (slice: ReadonlyArray<A>, at: number) => void
): Effect.Effect<void> =>
  items.length <= size
    ? Effect.sync(() => work(items, 0))
    : Effect.forEach(
        Arr.chunksOf(items, size),
        (slice, at) =>
          Effect.andThen(at === 0 ? Effect.void : Effect.yieldNow, () => Effect.sync(() => work(slice, at))),
        { discard: true }
      )
