import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { firstRequest, type Listing, type Pager, reader, set, type Setter } from "./Listing.ts"
import { walk } from "./Walk.ts"

const State = Schema.Struct({ offset: Schema.Int })

/**
 * Row offsets: `offset`, `start`, `startposition`.
 *
 * Moves on by as many rows as came, so that an app that gives smaller pages than it was asked for loses nothing. Ends
 * at the total, when the app says that there is no more, or with an empty page; a short page alone proves nothing.
 */
export const offset = <A, I, Raw>(
  listing: Listing<A, I, Raw> & {
    readonly param: Setter<number>
    /** The first row's number, default 0. */
    readonly first?: number
    /** Whether the app says that there are more rows. */
    readonly more?: (answer: A) => boolean | undefined
  }
): Pager<Raw> => {
  const read = reader(listing)
  const first = listing.first ?? 0
  return (context, since) => {
    const request = firstRequest(listing, context, since)
    return walk({
      kind: "offset",
      paging: "offset",
      operation: request.operation,
      context,
      state: State,
      first: { offset: first },
      id: listing.id,
      turn: (at) =>
        Effect.map(read(context, set(request, listing.param, at.offset)), (turn) => {
          const next = at.offset + turn.records.length
          const last =
            turn.records.length === 0 ||
            listing.more?.(turn.answer) === false ||
            (turn.total !== undefined && next - first >= turn.total)
          return { ...turn, next: last ? null : { offset: next }, cursor: listing.cursor?.(turn.answer, since) ?? null }
        })
    })
  }
}
