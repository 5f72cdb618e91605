import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { firstRequest, type Listing, type Pager, reader, set, type Setter } from "./Listing.ts"
import { walk } from "./Walk.ts"

const State = Schema.Struct({ page: Schema.Int })

/**
 * Page numbers.
 *
 * Ends at the last page that the app names, when it says that there is no more, or with an empty page; a short page
 * alone proves nothing.
 */
export const pageNumber = <A, I, Raw>(
  listing: Listing<A, I, Raw> & {
    readonly param: Setter<number>
    /** The first page's number, default 1. */
    readonly first?: number
    /** How many pages there are. */
    readonly pages?: (answer: A) => number | null | undefined
    /** Whether the app says that there are more pages. */
    readonly more?: (answer: A) => boolean | undefined
  }
): Pager<Raw> => {
  const read = reader(listing)
  const first = listing.first ?? 1
  return (context, since) => {
    const request = firstRequest(listing, context, since)
    return walk({
      kind: "pageNumber",
      paging: "offset",
      operation: request.operation,
      context,
      state: State,
      first: { page: first },
      id: listing.id,
      turn: (at) =>
        Effect.map(read(context, set(request, listing.param, at.page)), (turn) => {
          const pages = listing.pages?.(turn.answer) ?? Number.POSITIVE_INFINITY
          const last =
            turn.records.length === 0 || listing.more?.(turn.answer) === false || at.page - first + 1 >= pages
          return {
            ...turn,
            next: last ? null : { page: at.page + 1 },
            cursor: listing.cursor?.(turn.answer, since) ?? null
          }
        })
    })
  }
}
