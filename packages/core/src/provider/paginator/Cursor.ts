import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Paging } from "../../connector/Page.ts"
import type { ProviderResponse } from "../../connector/ProviderClient.ts"
import { firstRequest, type Listing, type Pager, reader, set, type Setter } from "./Listing.ts"
import { walk } from "./Walk.ts"

const State = Schema.Struct({ cursor: Schema.NullOr(Schema.String) })

/**
 * Opaque cursors: each answer names the next page's.
 *
 * Ends when there is none (null, absent or empty). `paging` defaults to `token`; say `offset` for an app whose cursors
 * are known to be disguised offsets.
 */
export const cursor = <A, I, Raw>(
  listing: Listing<A, I, Raw> & {
    readonly next: (answer: A, response: ProviderResponse) => string | number | null | undefined
    readonly param: Setter<string>
    readonly paging?: Paging
  }
): Pager<Raw> => {
  const read = reader(listing)
  return (context, since) => {
    const request = firstRequest(listing, context, since)
    return walk({
      kind: "cursor",
      paging: listing.paging ?? "token",
      operation: request.operation,
      context,
      state: State,
      first: { cursor: null },
      id: listing.id,
      turn: (at) =>
        Effect.map(read(context, at.cursor === null ? request : set(request, listing.param, at.cursor)), (turn) => {
          const next = listing.next(turn.answer, turn.response) ?? ""
          return {
            ...turn,
            next: next === "" ? null : { cursor: String(next) },
            cursor: listing.cursor?.(turn.answer, since) ?? null
          }
        })
    })
  }
}
