import { ConnectorError } from "@crochet/core"
import type { Page, Resource } from "@crochet/core"
import { Dates } from "@crochet/models"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError
type Reader<Raw> = (context: Context, since?: string) => Stream.Stream<Page.Pages<Raw>, Failure>

/** How far back a delta looks: times have a resolution of a second, and lists may lag behind. */
const overlapMillis = 60_000

const stamp = (millis: number) =>
  DateTime.formatIso(DateTime.makeUnsafe(Math.floor(millis / 1000) * 1000)).replace(".000Z", "Z")

/** The app's clock now; its `Date` header tells it, whatever is answered. */
const appTime = Effect.fnUntraced(function* ({ client }: Context, path: string) {
  yield* client.json({ operation: "changes.start", path, query: { limit: 1 } })
  return yield* client.providerTime
})

/** Pages of a delta and when it began; what changes while they are read is after that. */
const Progress = Schema.Struct({ asOf: Schema.String, at: Schema.Unknown })
const isProgress = Schema.is(Progress)

/**
 * Changes by `updated_after`. The order of the pages is that of creation, so the next delta starts where this one began,
 * also when it goes on after a crash. Deletions are never in it: the app lists none.
 */
export const since = <Raw>(path: string, read: Reader<Raw>): Resource.Changes<Raw> => ({
  start: (context) => Effect.map(appTime(context, path), stamp),
  fetch: (context, cursor) =>
    Stream.unwrap(
      Effect.gen(function* () {
        const instant = Dates.fromInstant(cursor)
        if (instant === null) {
          return yield* context.client.fail(
            "changes",
            new ConnectorError.CursorExpired({ message: "the cursor is not a time" })
          )
        }
        const resumed = isProgress(context.checkpoint) ? context.checkpoint : undefined
        const asOf = resumed?.asOf ?? stamp(yield* appTime(context, path))
        const from = stamp(Date.parse(instant) - overlapMillis)
        return read({ ...context, checkpoint: resumed?.at ?? null }, from).pipe(
          Stream.map((one): Page.Pages<Raw> =>
            one._tag === "Page"
              ? { ...one, checkpoint: { asOf, at: one.checkpoint } }
              : context.end({ because: "the last page has no link to a next one", paging: "keyset", cursor: asOf })
          )
        )
      })
    )
})
