import type { Reply } from "../server/Reply.ts"

const largest = 100

/** A request for a page that cannot be served. */
export const invalid = (field: string, problem: string): Reply => ({
  status: 422,
  json: { error: "Validation failed", validation_errors: { [field]: [problem] } }
})

/** The page size asked for, 50 when none is, and never more than `most`; or the refusal. */
export const limitOf = (query: URLSearchParams, most: number): number | Reply => {
  const written = query.get("limit")
  if (written === null) return Math.min(50, most)
  const limit = /^\d+$/.test(written) ? Number(written) : 0
  return limit >= 1 && limit <= largest ? Math.min(limit, most) : invalid("limit", `must be between 1 and ${largest}`)
}

/** What a keyset listing needs to know. */
export interface Keyset<A> {
  readonly name: string
  /** In the order of their ids. */
  readonly all: Iterable<A>
  readonly id: (item: A) => number
  readonly row: (item: A) => unknown
  readonly query: URLSearchParams
  /** Address of the next page, without query. */
  readonly address: string
  readonly largestPage: number
  /** Parameters of this request that the link to the next page repeats. */
  readonly repeated: ReadonlyArray<string>
}

/**
 * A page by `since_id`, the id of the page's first row (inclusive). The link to the next page is absolute; the last page
 * has no `paging` at all.
 */
export const keyset = <A>(listing: Keyset<A>): Reply => {
  const limit = limitOf(listing.query, listing.largestPage)
  if (typeof limit !== "number") return limit
  const sinceId = listing.query.get("since_id")
  const since = sinceId === null ? 0 : Number.parseInt(sinceId, 16)
  if (Number.isNaN(since)) return invalid("since_id", "is not an id")
  const rows: Array<A> = []
  let following: A | undefined
  for (const item of listing.all) {
    if (listing.id(item) < since) continue
    if (rows.length === limit) {
      following = item
      break
    }
    rows.push(item)
  }
  const json = { [listing.name]: rows.map((item) => listing.row(item)) }
  if (following === undefined) return { status: 200, json }
  const next = new URL(listing.address)
  next.searchParams.set("limit", String(limit))
  for (const name of listing.repeated) {
    const value = listing.query.get(name)
    if (value !== null) next.searchParams.set(name, value)
  }
  next.searchParams.set("since_id", listing.id(following).toString(16))
  return { status: 200, json: { ...json, paging: { next: next.href } } }
}
