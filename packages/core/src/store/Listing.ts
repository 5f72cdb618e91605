/**
 * Which part of a list to return: at most `limit` items after the position that `pageToken` names. A token that no list
 * gave out fails with `BadPageToken`.
 */
export interface ListRequest {
  readonly pageToken?: string | undefined
  readonly limit: number
}

/** A part of a list, oldest first unless said otherwise; `nextPageToken` is null at the end. */
export interface Listing<A> {
  readonly items: ReadonlyArray<A>
  readonly nextPageToken: string | null
}
