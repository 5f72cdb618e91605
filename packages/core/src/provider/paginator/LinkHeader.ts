import type { Paging } from "../../connector/Page.ts"
import type { Listing, Pager } from "./Listing.ts"
import { nextUrl } from "./NextUrl.ts"

const PARAMETER = /\s*;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y
const TARGET = /[\s,]*<([^>]*)>/y

/** The target of a relation in a `Link` header (RFC 8288 3); the first one when there are several. */
export const linkOf = (header: string | undefined, relation: string): string | undefined => {
  if (header === undefined) return undefined
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(header)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  for (let target = take(TARGET); target !== null; target = take(TARGET)) {
    let relations: string | undefined
    for (let parameter = take(PARAMETER); parameter !== null; parameter = take(PARAMETER)) {
      // Only the first `rel` of a link counts (RFC 8288 3.3).
      if (parameter[1]?.toLowerCase() === "rel") relations ??= parameter[2] ?? parameter[3] ?? ""
    }
    if (relations?.toLowerCase().split(/\s+/).includes(relation) === true) return target[1]
  }
  return undefined
}

/** Next-page URLs in the `Link` header (RFC 8288, `rel="next"`). `paging` as for `nextUrl`. */
export const linkHeader = <A, I, Raw>(listing: Listing<A, I, Raw> & { readonly paging: Paging }): Pager<Raw> =>
  nextUrl({ ...listing, next: (_, response) => linkOf(response.headers["link"], "next") })
