import type { Resource } from "@crochet/core"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Query from "./SalesforceQuery.ts"

type Context = Resource.ResourceContext

/** Where a listing of several objects goes on: at which object, and where in it. */
const Checkpoint = Schema.Struct({ object: Schema.String, at: Schema.Unknown })

/**
 * Several objects as one listing, one after the other. Each must end with proof before the next begins; a listing that
 * merely stops ends there.
 */
export const oneByOne = (
  context: Context,
  objects: ReadonlyArray<string>,
  read: (context: Context, object: string) => Query.Rows
): Query.Rows => {
  const begun = Option.getOrUndefined(Schema.decodeUnknownOption(Checkpoint)(context.checkpoint))
  const first = Math.max(0, objects.indexOf(begun?.object ?? ""))
  let cursor: string | undefined
  const from = (index: number): Query.Rows => {
    const object = objects[index]
    if (object === undefined) {
      const because = "every object was listed to its end"
      return Stream.sync(() => context.end({ because, paging: "keyset", ...(cursor === undefined ? {} : { cursor }) }))
    }
    let proven = false
    const checkpoint = index === first && begun?.object === object ? (begun.at ?? null) : null
    const pages = read({ ...context, checkpoint }, object).pipe(
      Stream.flatMap((one) => {
        if (one._tag === "Page") return Stream.succeed({ ...one, checkpoint: { object, at: one.checkpoint } })
        proven = true
        // The next delta begins where the least far of them ended.
        if (one.cursor !== null && (cursor === undefined || one.cursor < cursor)) cursor = one.cursor
        return Stream.empty
      })
    )
    return Stream.concat(
      pages,
      Stream.suspend(() => (proven ? from(index + 1) : Stream.empty))
    )
  }
  return from(first)
}
