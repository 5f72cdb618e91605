import * as Base64Url from "effect/encoding/Base64Url"
import * as Result from "effect/Result"
import type { Listing } from "./Listing.ts"
import { BadPageToken, StoreError } from "./StoreError.ts"

/** Where a part of a list ended: the sort key of its last item, and the id that makes the key unique. */
export interface Position {
  readonly at: number
  readonly id: string
}

/** The token that names a position. Opaque to callers. */
export const encode = (position: Position): string => Base64Url.encode(`${position.at}.${position.id}`)

/** The position that a token names; throws `StoreError` for text that is no token. */
export const decode = (operation: string, token: string | undefined): Position | undefined => {
  if (token === undefined) return undefined
  const text = Result.getOrUndefined(Base64Url.decodeString(token))
  const parts = text === undefined ? null : /^(\d{1,16})\.(.*)$/s.exec(text)
  if (parts === null) throw new StoreError({ operation, reason: new BadPageToken() })
  return { at: Number(parts[1]), id: parts[2]! }
}

/** A part of a list from the first `limit + 1` items after a position: the extra one tells whether more follow. */
export const listing = <A>(items: ReadonlyArray<A>, limit: number, position: (item: A) => Position): Listing<A> => {
  const part = items.slice(0, limit)
  const last = part.at(-1)
  return { items: part, nextPageToken: items.length > limit && last !== undefined ? encode(position(last)) : null }
}
