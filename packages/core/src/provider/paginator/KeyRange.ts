import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { BadPayload } from "../../connector/ConnectorError.ts"
import { firstRequest, type Listing, type Pager, reader, set, type Setter } from "./Listing.ts"
import { walk } from "./Walk.ts"

/** What rows are sorted by: numbers (epoch milliseconds, numeric ids) by value, strings by code unit. */
export type Key = string | number

const State = Schema.Struct({
  /** The largest key so far. */
  bound: Schema.NullOr(Schema.Union([Schema.String, Schema.Finite])),
  /** Ids of the rows with that key that were already given out. */
  at: Schema.Array(Schema.String),
  size: Schema.Int,
  /** How many rows the last page had. */
  last: Schema.Int,
  /** The app's real page size, when it turned out to be smaller than asked for. */
  full: Schema.NullOr(Schema.Int)
})
type State = typeof State.Type

/** How an endpoint is read in the order of a key. */
export interface KeyRangeOptions<A, Raw> {
  readonly id: (raw: Raw) => string
  /** The key that the request sorts by, ascending. */
  readonly key: (raw: Raw) => Key | null | undefined
  /** Sets the lower bound of the key: `key >= value`, or `key > value` with `exclusive`. */
  readonly from: Setter<Key>
  /** How many rows are asked for; must be what the app honours. */
  readonly pageSize: number
  /** Sets the page size; without it the page cannot grow. */
  readonly size?: Setter<number>
  /** How far the page may grow when more rows share one key than fit. Default: `pageSize`. */
  readonly maxPageSize?: number
  /** Whether the app says that there are more rows; `false` ends the listing. */
  readonly more?: (answer: A) => boolean | undefined
  /** For a key that no two rows share, such as the id: the bound itself is not asked for again. */
  readonly exclusive?: boolean
}

/**
 * Keyset paging: each page begins where the last one's largest key was.
 *
 * The bound is asked for again and rows with that key that were already given out are left out, so that equal keys at a
 * page's edge lose nothing. When one key fills a whole page, the page grows; when it cannot, or rows come out of order,
 * the listing fails instead of skipping rows. Ends when nothing new comes. In a delta, `End.cursor` is the largest key.
 */
export const keyRange = <A, I, Raw>(listing: Listing<A, I, Raw> & KeyRangeOptions<A, Raw>): Pager<Raw> => {
  const read = reader(listing)
  const exclusive = listing.exclusive ?? false
  return (context, since) => {
    const request = firstRequest(listing, context, since)
    const bad = (message: string) => Effect.fail(context.client.fail(request.operation, new BadPayload({ message })))
    const turn = Effect.fnUntraced(function* (state: State) {
      const sized = listing.size === undefined ? request : set(request, listing.size, state.size)
      const page = yield* read(context, state.bound === null ? sized : set(sized, listing.from, state.bound))
      const rows = yield* keyed(page.records, listing).pipe(Effect.catch(bad))
      const fault = disorder(rows, state.bound, exclusive)
      if (fault !== undefined) return yield* bad(fault)

      const known = new Set(state.at)
      const fresh = rows.filter(({ id, key }) => key !== state.bound || !known.has(id))
      const bound = rows.at(-1)?.key ?? state.bound
      const cursor = listing.cursor?.(page.answer, since) ?? (since === undefined ? null : String(bound ?? since))
      const given = { ...page, records: fresh.map(({ raw }) => raw), cursor }
      // A page that was shorter than asked for and yet not the last shows how many rows the app really gives.
      const capped = fresh.length > 0 && state.last > 0 && state.last < state.size
      const full = capped ? Math.max(state.full ?? 0, state.last) : state.full
      const isFull = rows.length >= Math.min(state.size, full ?? state.size)

      const ended = rows.length === 0 || listing.more?.(page.answer) === false || (fresh.length === 0 && !isFull)
      if (ended) return { ...given, next: null }
      const advanced = bound !== state.bound
      const edge = fresh.filter(({ key }) => key === bound).map(({ id }) => id)
      const at = exclusive ? [] : advanced ? edge : [...state.at, ...edge]
      const stuck = !exclusive && !advanced && isFull
      const size = stuck ? Math.min(state.size * 2, listing.maxPageSize ?? listing.pageSize) : state.size
      if (stuck && (listing.size === undefined || size === state.size)) {
        return yield* bad(
          `More records share one key than the ${rows.length} of a page; paging on would skip some of them.`
        )
      }
      // After growing, the shorter page before says nothing about the size that the app honours.
      return { ...given, next: { bound, at, size, last: size === state.size ? rows.length : 0, full } }
    })
    return walk({
      kind: "keyRange",
      paging: "keyset",
      operation: request.operation,
      context,
      state: State,
      first: { bound: null, at: [], size: listing.pageSize, last: 0, full: null },
      id: listing.id,
      turn
    })
  }
}

interface Row<Raw> {
  readonly raw: Raw
  readonly key: Key
  readonly id: string
}

const keyed = <Raw>(
  records: ReadonlyArray<Raw>,
  { id, key }: Pick<KeyRangeOptions<unknown, Raw>, "id" | "key">
): Effect.Effect<ReadonlyArray<Row<Raw>>, string> =>
  Effect.try({
    try: () =>
      records.map((raw) => {
        const value = key(raw)
        if (value === null || value === undefined || value === "" || Number.isNaN(value)) throw new TypeError("key")
        return { raw, key: value, id: id(raw) }
      }),
    catch: () => "A row lacks the key or id that the listing is paged by."
  })

const disorder = <Raw>(rows: ReadonlyArray<Row<Raw>>, bound: Key | null, exclusive: boolean): string | undefined => {
  let previous = bound
  for (const [index, { key }] of rows.entries()) {
    if (previous !== null && typeof key !== typeof previous)
      return "The key that the listing is paged by changes its type."
    if (previous !== null && key < previous) return "The rows are not sorted by the key that the listing is paged by."
    if (exclusive && key === previous) {
      return index === 0
        ? "The app repeats the row at the page's edge."
        : "Rows share a key that should be theirs alone."
    }
    previous = key
  }
  return undefined
}
