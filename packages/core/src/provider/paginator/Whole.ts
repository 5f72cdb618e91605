import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { firstRequest, type Listing, type Pager, reader } from "./Listing.ts"
import { walk } from "./Walk.ts"

const State = Schema.Struct({})

/** One answer with everything in it: directories, reports, `changed since` maps. */
export const whole = <A, I, Raw>(listing: Listing<A, I, Raw>): Pager<Raw> => {
  const read = reader(listing)
  return (context, since) => {
    const request = firstRequest(listing, context, since)
    return walk({
      kind: "whole",
      paging: "whole",
      operation: request.operation,
      context,
      state: State,
      first: {},
      id: listing.id,
      turn: () =>
        Effect.map(read(context, request), (turn) => ({
          ...turn,
          next: null,
          cursor: listing.cursor?.(turn.answer, since) ?? null
        }))
    })
  }
}
