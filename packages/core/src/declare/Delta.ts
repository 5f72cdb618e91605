import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { BadPayload, type ConnectorError, CursorExpired } from "../connector/ConnectorError.ts"
import { isEnd, mintEnd, page, type Page, type Pages } from "../connector/Page.ts"
import type { ProviderRequest, ProviderResponse } from "../connector/ProviderClient.ts"
import type { Changes, ResourceContext } from "../connector/Resource.ts"
import * as Instant from "./Instant.ts"
import type { Reading, Way } from "./Way.ts"

/** Where a lower bound goes: a query parameter, query parameters with `{since}` in their text, or a function. */
export type BoundSetter =
  | string
  | { readonly [parameter: string]: string }
  | ((request: ProviderRequest, bound: string | number) => ProviderRequest)

/** How an app is asked for what happened since an instant. */
export interface Bound {
  readonly param: BoundSetter
  /** How far to look back behind the newest stamp seen, for stamps that are written late. Default one minute. */
  readonly overlap?: Duration.Input
  /** How finely the app compares: bounds are rounded down to it. Default `second`. */
  readonly granularity?: Instant.Granularity
  /** How the app wants it written. Default `iso`. */
  readonly format?: Instant.Format
  /** Whether the app gives back rows that bear the bound itself. Say `false` for "later than". Default true. */
  readonly inclusive?: boolean
}

/** One listing of a delta. */
export interface Source {
  readonly way: Way
  readonly bound: Bound | undefined
  readonly reading: Reading
}

/** What a delta is made of. */
export interface Delta {
  readonly changed: Source & { readonly bound: Bound }
  /** The app's stamp of a row in epoch milliseconds. */
  readonly stamp: (raw: unknown) => number | undefined
  readonly gone: (Source & { readonly whenRefused: "fail" | "report" }) | undefined
  /** Takes rows that are marked as deleted out of a page. */
  readonly sort: (given: Page<unknown>) => Page<unknown>
}

const Progress = Schema.Struct({
  part: Schema.Literals(["gone", "changed"]),
  at: Schema.Unknown,
  newest: Schema.Finite,
  /** The app's clock when the delta began; null when it did not tell. */
  asOf: Schema.NullOr(Schema.Finite)
})

/** So far, at most, the clock that writes an app's stamps lags behind the one that writes its `Date` headers. */
const doubtMillis = 3_600_000

/** The request with its lower bound. */
export const bounded = (request: ProviderRequest, since: number, bound: Bound): ProviderRequest => {
  const { format = "iso", granularity = "second", inclusive = true, overlap = "1 minute", param } = bound
  const granule = Instant.sizeOf(granularity)
  const from = Instant.floor(since - Duration.toMillis(overlap), granularity) - (inclusive ? 0 : granule)
  const value = Instant.format(Math.max(from, 0), format, granularity)
  if (typeof param === "function") return param(request, value)
  const set =
    typeof param === "string"
      ? { [param]: value }
      : Object.fromEntries(
          Object.entries(param).map(([name, text]) => [name, text.replaceAll("{since}", String(value))])
        )
  return { ...request, query: { ...request.query, ...set } }
}

/**
 * Changes since the newest stamp that the app itself has written, and deletions from an endpoint of their own.
 *
 * The cursor is always the app's time, never our own clock: the newest stamp of a row, never later than the `Date` of the
 * delta's first answer (a stamp from the future would hide what comes until then), and at most an hour behind it. Deletions
 * are read before changes, so that a record that was restored is there in the end.
 */
export const changes = (delta: Delta): Changes<unknown> => ({
  start: Effect.fnUntraced(function* (context: ResourceContext) {
    const clock = clockOf(null)
    const pager = delta.changed.way.pager(watched(delta.changed, clock))
    const first = yield* Stream.runHead(pager({ ...context, checkpoint: null }))
    if (clock.asOf !== null) return text(clock.asOf - doubtMillis)
    // Without the app's clock: a stamp that it has already written lies behind it, and reading too much is harmless.
    return text(Option.match(first, { onNone: () => 0, onSome: (one) => (isEnd(one) ? 0 : newestOf(one, delta, 0)) }))
  }),
  fetch: (context, cursor) => {
    const since = Instant.parse(cursor)
    return since === undefined
      ? Stream.fail(
          context.client.fail(
            delta.changed.reading.operation,
            new CursorExpired({ message: "The cursor is no instant." })
          )
        )
      : read(delta, context, since)
  }
})

const read = (delta: Delta, context: ResourceContext, since: number): Stream.Stream<Pages<unknown>, ConnectorError> => {
  const { changed, gone } = delta
  const saved = Option.getOrUndefined(Schema.decodeUnknownOption(Progress)(context.checkpoint))
  const clock = clockOf(saved?.asOf ?? null)
  let newest = saved?.newest ?? since
  let goneIsComplete = gone === undefined || saved?.part === "changed"

  const listing = (source: Source, part: "gone" | "changed") => {
    const { bound } = source
    const reading = watched(source, clock)
    const pager = source.way.pager({
      ...reading,
      complete: (request, inner) => {
        const complete = reading.complete(request, inner)
        return bound === undefined ? complete : bounded(complete, since, bound)
      }
    })
    return pager({ ...context, checkpoint: saved?.part === part ? saved.at : null }, text(since))
  }
  const checkpoint = (part: "gone" | "changed", at: unknown) => ({ part, at, newest, asOf: clock.asOf })

  const deletions = (source: NonNullable<Delta["gone"]>): Stream.Stream<Pages<unknown>, ConnectorError> =>
    listing(source, "gone").pipe(
      Stream.flatMap((one): Stream.Stream<Pages<unknown>, ConnectorError> => {
        if (isEnd(one)) {
          goneIsComplete = true
          return Stream.empty
        }
        const ids = idsOf(one, source.reading)
        return ids === undefined
          ? Stream.fail(context.client.fail(source.reading.operation, noId))
          : Stream.succeed(page([], { deleted: ids, checkpoint: checkpoint("gone", one.checkpoint) }))
      }),
      Stream.catch((error): Stream.Stream<never, ConnectorError> => {
        if (source.whenRefused !== "report" || !isRefusal(error)) return Stream.fail(error)
        goneIsComplete = true
        return Stream.unwrap(Effect.as(report(context, error), Stream.empty))
      })
    )

  const rows = listing(changed, "changed").pipe(
    Stream.map((one): Pages<unknown> => {
      if (isEnd(one))
        return mintEnd({
          evidence: one.evidence,
          paging: one.paging,
          cursor: text(nextCursor(since, newest, clock, delta))
        })
      newest = newestOf(one, delta, newest)
      return { ...delta.sort(one), checkpoint: checkpoint("changed", one.checkpoint) }
    })
  )
  // A listing of deletions that broke off without its end must not be followed by the proof of a complete delta.
  const rest = Stream.suspend(() => (goneIsComplete ? rows : Stream.empty))
  return gone === undefined || goneIsComplete ? rest : Stream.concat(deletions(gone), rest)
}

const nextCursor = (since: number, newest: number, clock: Clock, delta: Delta): number => {
  // After an hour without a change the clock moves the cursor on, or many rows with the newest stamp would be read for ever.
  if (clock.asOf !== null) return Math.max(since, Math.min(newest, clock.asOf), clock.asOf - doubtMillis)
  // Deletions may have come after their listing was read and before the newest change: without a clock, look at all again.
  return delta.gone === undefined ? newest : since
}

/** The app's clock as of the first answer. */
interface Clock {
  asOf: number | null
  readonly tick: (response: ProviderResponse) => void
}

const clockOf = (asOf: number | null): Clock => {
  const clock: Clock = {
    asOf,
    tick: ({ headers }) => {
      if (clock.asOf !== null || headers["date"] === undefined) return
      const date = Headers.parseHttpDate(headers["date"])
      if (Result.isSuccess(date)) clock.asOf = DateTime.toEpochMillis(date.success)
    }
  }
  return clock
}

const watched = ({ reading }: Source, clock: Clock): Reading => ({ ...reading, answered: clock.tick })

const newestOf = (given: Page<unknown>, { stamp }: Delta, before: number): number =>
  given.records.reduce<number>((newest, row) => Math.max(newest, stamp(row) ?? newest), before)

const text = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

const noId = new BadPayload({ message: "A row of the deleted records has no id where the connector expects it." })

const idsOf = ({ records }: Page<unknown>, { id }: Reading): ReadonlyArray<string> | undefined => {
  try {
    return records.map((row) => id(row))
  } catch {
    return undefined
  }
}

const isRefusal = ({ reason }: ConnectorError) =>
  reason._tag === "Forbidden" || reason._tag === "NotFound" || reason._tag === "Unsupported"

const report = (context: ResourceContext, error: ConnectorError) =>
  context.issue({
    code: "deletions.unavailable",
    message: `${error.message}. Deletions are found by the next full listing instead.`
  })
