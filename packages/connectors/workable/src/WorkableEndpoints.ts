import { ConnectorError } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import { isRefusal } from "./WorkableErrors.ts"
import type { WireRow } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

/** Under load the app has been seen to answer 404 for records that are there; so long after it is asked once more. */
const secondLook = "1 second"

/**
 * One record; `None` when the app says twice, in its own way, that there is none. An answer that is another record's, or
 * nobody's, is not believed.
 */
export const single = <A, I>(
  context: Context,
  request: { readonly operation: string; readonly path: string },
  schema: Schema.Codec<A, I>,
  isIt: (answer: A) => boolean
): Effect.Effect<Option.Option<A>, Failure> => {
  const { client } = context
  const reason = new ConnectorError.BadPayload({ message: "the answer is not the record that was asked for" })
  const once = client.decode(request, schema).pipe(
    Effect.flatMap((answer) =>
      isIt(answer) ? Effect.succeedSome(answer) : Effect.fail(client.fail(request.operation, reason))
    ),
    Effect.catchIf(
      (error) => error.reason._tag === "NotFound",
      () => Effect.succeedNone
    )
  )
  return Effect.flatMap(once, (found) =>
    Option.isSome(found) ? Effect.succeed(found) : Effect.delay(once, secondLook)
  )
}

/** Rows beside a record; `null`, and an issue of the run, when the account may not read them. */
export const optional = (
  context: Context,
  what: string,
  model: string,
  read: Effect.Effect<ReadonlyArray<WireRow>, Failure>
): Effect.Effect<ReadonlyArray<WireRow> | null, Failure> =>
  Effect.map(read, (rows): ReadonlyArray<WireRow> | null => rows).pipe(
    Effect.catchIf(isRefusal, (error) =>
      Effect.as(
        context.issue({
          code: "workable.unreadable",
          message: `${what} cannot be read and are left out: ${error.reason.message || error.reason._tag}`,
          model
        }),
        null
      )
    )
  )

/** Remembers what was read under each key for the rest of the run; two that ask at the same time wait for one answer. */
export const remembered = <A>(
  read: (key: string) => Effect.Effect<A, Failure>
): ((key: string) => Effect.Effect<A, Failure>) => {
  const known = new Map<string, Effect.Effect<A, Failure>>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    return Effect.flatMap(Effect.cached(read(key)), (cached) => {
      const other = known.get(key)
      if (other !== undefined) return other
      known.set(key, cached)
      return cached
    })
  }
}

/** Stages in the order of their positions, which begin with 0 or 1, with the place of each in it as `index`. */
export const inOrder = (stages: ReadonlyArray<WireRow>): ReadonlyArray<WireRow> =>
  stages
    .map((stage, at) => ({ stage, at, position: typeof stage.position === "number" ? stage.position : at }))
    .sort((a, b) => a.position - b.position || a.at - b.at)
    .map(({ stage }, index) => ({ ...stage, index }))
