import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { BadPayload } from "../../connector/ConnectorError.ts"
import type { Paging } from "../../connector/Page.ts"
import type { ProviderResponse } from "../../connector/ProviderClient.ts"
import { firstRequest, type Listing, type Pager, reader } from "./Listing.ts"
import { walk } from "./Walk.ts"

const State = Schema.Struct({ url: Schema.NullOr(Schema.String) })

/**
 * Next-page URLs in the answer, absolute or relative to the page that they stand on.
 *
 * Ends when there is none. The client refuses a link to another host. `paging` says what hides in the URL: `offset`
 * when it counts pages or rows, `token` or `keyset` otherwise.
 */
export const nextUrl = <A, I, Raw>(
  listing: Listing<A, I, Raw> & {
    readonly next: (answer: A, response: ProviderResponse) => string | null | undefined
    readonly paging: Paging
  }
): Pager<Raw> => {
  const read = reader(listing)
  return (context, since) => {
    const request = firstRequest(listing, context, since)
    return walk({
      kind: "nextUrl",
      paging: listing.paging,
      operation: request.operation,
      context,
      state: State,
      first: { url: null },
      id: listing.id,
      turn: Effect.fnUntraced(function* (at: typeof State.Type) {
        // The link is complete: the first page's query is already in it.
        const turn = yield* read(context, at.url === null ? request : { ...request, path: at.url, query: {} })
        const next = listing.next(turn.answer, turn.response) ?? ""
        if (next !== "" && !URL.canParse(next, turn.response.url)) {
          const reason = new BadPayload({ message: "The link to the next page is not a URL." })
          return yield* Effect.fail(context.client.fail(request.operation, reason))
        }
        return {
          ...turn,
          next: next === "" ? null : { url: new URL(next, turn.response.url).href },
          cursor: listing.cursor?.(turn.answer, since) ?? null
        }
      })
    })
  }
}
