import type { Listing, ListRequest } from "../Listing.ts"
import * as PageToken from "../PageToken.ts"

interface Created {
  readonly id: string
  readonly createdAt: number
}

const compare = (a: PageToken.Position, b: PageToken.Position): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const positionOf = (item: Created): PageToken.Position => ({ at: item.createdAt, id: item.id })

const list = <A>(
  operation: string,
  items: Iterable<A>,
  request: ListRequest,
  position: (item: A) => PageToken.Position,
  direction: 1 | -1
): Listing<A> => {
  const after = PageToken.decode(operation, request.pageToken)
  const part = [...items]
    .filter((item) => after === undefined || direction * compare(position(item), after) > 0)
    .sort((a, b) => direction * compare(position(a), position(b)))
  return PageToken.listing(part.slice(0, request.limit + 1), request.limit, position)
}

/** The matching items by time of creation. */
export const oldestFirst = <A extends Created>(
  operation: string,
  items: Iterable<A>,
  request: ListRequest,
  matches: (item: A) => boolean
): Listing<A> => list(operation, [...items].filter(matches), request, positionOf, 1)

/** Items in the reverse order of their positions. */
export const newestFirst = <A>(
  operation: string,
  items: Iterable<A>,
  request: ListRequest,
  position: (item: A) => PageToken.Position
): Listing<A> => list(operation, items, request, position, -1)

/** Whether two byte strings are the same. */
export const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
