import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { BadPayload, type ConnectorError } from "../../connector/ConnectorError.ts"
import type { Pages } from "../../connector/Page.ts"
import type { ProviderRequest, ProviderResponse, QueryValue } from "../../connector/ProviderClient.ts"
import type { ResourceContext } from "../../connector/Resource.ts"

/** What every paginator needs to know about an endpoint. */
export interface Listing<A, I, Raw> {
  /** The request of the first page. `since` is the cursor of a delta; absent in a full listing. */
  readonly request: (context: ResourceContext, since: string | undefined) => ProviderRequest
  /** What a page looks like. What does not fit is `BadPayload`: an unforeseen answer is never an empty page. */
  readonly answer: Schema.Codec<A, I>
  /** The rows of a page. */
  readonly items: (answer: A, response: ProviderResponse) => ReadonlyArray<Raw>
  /** The id of a row; makes the detection of repeated pages immune to values that change with every answer. */
  readonly id?: (raw: Raw) => string
  /** Ids that the app reports as deleted. */
  readonly deleted?: (answer: A) => ReadonlyArray<string>
  /** How many rows the whole listing has, when the app says so. A listing that ends short of it is not complete. */
  readonly total?: (answer: A) => number | null | undefined
  /** For a delta: where the next one starts, read from the last page. */
  readonly cursor?: (answer: A, since: string | undefined) => string | null | undefined
}

/** A paginator, fit for `Resource.list` and for `Changes.fetch`. */
export type Pager<Raw> = (context: ResourceContext, since?: string) => Stream.Stream<Pages<Raw>, ConnectorError>

/** Sets a value of a request: the name of a query parameter, or a function. */
export type Setter<V extends QueryValue> = string | ((request: ProviderRequest, value: V) => ProviderRequest)

/** The request with the value set. */
export const set = <V extends QueryValue>(request: ProviderRequest, setter: Setter<V>, value: V): ProviderRequest =>
  typeof setter === "string" ? { ...request, query: { ...request.query, [setter]: value } } : setter(request, value)

/** The listing's first request, with what the caller of the sync passes through; the connector's own values win. */
export const firstRequest = <A, I, Raw>(
  listing: Listing<A, I, Raw>,
  context: ResourceContext,
  since: string | undefined
): ProviderRequest => {
  const request = listing.request(context, since)
  const { body, headers, query } = context.passthrough
  const merged = {
    ...request,
    query: { ...query, ...request.query },
    headers: { ...headers, ...request.headers }
  }
  const own = request.body ?? {}
  const mergeable = typeof own === "object" && !Array.isArray(own) && request.form === undefined
  return Object.keys(body).length > 0 && mergeable ? { ...merged, body: { ...body, ...own } } : merged
}

/** A page as it was read. */
export interface Read<A, Raw> {
  readonly answer: A
  readonly response: ProviderResponse
  readonly records: ReadonlyArray<Raw>
  readonly deleted: ReadonlyArray<string>
  readonly total: number | undefined
}

/** Makes the function that fetches one page of a listing. */
export const reader = <A, I, Raw>(listing: Listing<A, I, Raw>) => {
  const decode = Schema.decodeUnknownEffect(listing.answer)
  return Effect.fnUntraced(function* (
    context: ResourceContext,
    request: ProviderRequest
  ): Effect.fn.Return<Read<A, Raw>, ConnectorError> {
    const bad = (message: string) => context.client.fail(request.operation, new BadPayload({ message }))
    const response = yield* context.client.request({ ...request, expect: "json" })
    const answer = yield* Effect.mapError(Effect.flatMap(response.json, decode), (error) =>
      error._tag === "SchemaError" ? bad(error.message) : error
    )
    return yield* Effect.try({
      try: () => {
        const records = listing.items(answer, response)
        if (!Array.isArray(records)) throw new TypeError("items")
        const total = listing.total?.(answer)
        return { answer, response, records, deleted: listing.deleted?.(answer) ?? [], total: total ?? undefined }
      },
      catch: () => bad("The answer has no rows where the connector expects them.")
    })
  })
}
