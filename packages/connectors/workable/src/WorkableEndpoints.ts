import { ConnectorError } from "@crochet/core"
import type { ProviderClient, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import { isRefusal } from "./WorkableErrors.ts"
import type { WireRow } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

/** Under load the app has been seen to answer 404 for records that are there; so long after it is asked once more. */
const secondLook = "1 second"

/** What is there; `None` when the app says twice, in its own way, that it is not. */
export const found = <A>(read: Effect.Effect<A, Failure>): Effect.Effect<Option.Option<A>, Failure> => {
  const once = Effect.catchIf(
    Effect.asSome(read),
    (error) => error.reason._tag === "NotFound",
    () => Effect.succeedNone
  )
  return Effect.flatMap(once, (first) =>
    Option.isSome(first) ? Effect.succeed(first) : Effect.delay(once, secondLook)
  )
}

/**
 * One record; `None` when the app says twice, in its own way, that there is none. An answer that is another record's, or
 * nobody's, is not believed.
 */
export const single = <A, I>(
  context: Context,
  request: ProviderClient.ProviderRequest,
  schema: Schema.Codec<A, I>,
  isIt: (answer: A) => boolean
): Effect.Effect<Option.Option<A>, Failure> => {
  const { client } = context
  const reason = new ConnectorError.BadPayload({ message: "the answer is not the record that was asked for" })
  return found(
    Effect.flatMap(client.decode(request, schema), (answer) =>
      isIt(answer) ? Effect.succeed(answer) : Effect.fail(client.fail(request.operation, reason))
    )
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
    Effect.catchIf(isRefusal, (error) => Effect.as(leftOut(context, what, model, error.reason), null))
  )

const leftOut = (context: Context, what: string, model: string, { _tag, message }: ConnectorError.Reason) =>
  context.issue({
    code: "workable.unreadable",
    message: `${what} cannot be read and are left out: ${message || _tag}`,
    model
  })

/**
 * Rows that are read candidate by candidate: `null` when the account may not read them or the answer is not understood,
 * which the run says once, and `None` when this candidate lags behind, since those of others were found.
 */
export type Beside = (
  read: Effect.Effect<ReadonlyArray<WireRow> | null, Failure>
) => Effect.Effect<Option.Option<ReadonlyArray<WireRow> | null>, Failure>

/** Reads rows beside each candidate of a run. An account that is refused them is not asked again for the next one. */
export const besideEach = (context: Context, what: string, model: string): Beside => {
  let readable = false
  let refused = false
  let told = false
  const without = (reason: ConnectorError.Reason) => {
    const issue = told ? Effect.void : leftOut(context, what, model, reason)
    told = true
    return Effect.as(issue, Option.some(null))
  }
  return (read) =>
    Effect.suspend((): ReturnType<Beside> => {
      if (refused) return Effect.succeedSome(null)
      return found(read).pipe(
        Effect.flatMap((rows): ReturnType<Beside> => {
          readable ||= Option.isSome(rows)
          if (Option.isSome(rows) && rows.value === null) return without(notUnderstood)
          if (readable) return Effect.succeed(rows)
          return without(new ConnectorError.NotFound({ message: "not found" }))
        }),
        Effect.catchIf(isRefusal, (error) => {
          refused ||= !readable
          return without(error.reason)
        })
      )
    })
}

const notUnderstood = new ConnectorError.BadPayload({ message: "the answer is not understood" })

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
