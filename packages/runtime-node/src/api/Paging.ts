import type { Listing } from "@crochet/core"
import * as Schema from "effect/Schema"

const pageSize = Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 200 }))

/** The query of every list call. */
export const paging = {
  pageToken: Schema.optionalKey(Schema.String.annotate({ description: "`nextPageToken` of the page before." })),
  pageSize: Schema.optionalKey(pageSize.annotate({ description: "1 to 200; default 50." }))
}

/** The part of a list that a query asks for. */
export const requested = (query: { readonly pageToken?: string; readonly pageSize?: number }): Listing.ListRequest => ({
  pageToken: query.pageToken,
  limit: query.pageSize ?? 50
})
