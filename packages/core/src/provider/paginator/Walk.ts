import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { BadPayload, type ConnectorError } from "../../connector/ConnectorError.ts"
import { type Evidence, mintEnd, page, type Pages, type Paging } from "../../connector/Page.ts"
import type { ResourceContext } from "../../connector/Resource.ts"
import * as LoopDetector from "./LoopDetector.ts"

/** An app that sends so many empty pages in a row, each with a next one, will never stop. */
const MOST_EMPTY_PAGES = 100

/** One step of a listing. */
export interface Turn<State, Raw> {
  readonly records: ReadonlyArray<Raw>
  readonly deleted: ReadonlyArray<string>
  readonly total: number | undefined
  /** Where the page after this one is; null after the last. */
  readonly next: State | null
  /** Where the next delta starts, if this was the last page. */
  readonly cursor: string | null
}

/** How one kind of paginator walks. `State` is plain JSON and becomes part of the checkpoint. */
export interface Walk<State, Raw> {
  readonly kind: string
  readonly paging: Paging
  readonly operation: string
  readonly context: ResourceContext
  readonly state: Schema.Codec<State, State>
  readonly first: State
  readonly id: ((raw: Raw) => string) | undefined
  readonly turn: (state: State) => Effect.Effect<Turn<State, Raw>, ConnectorError>
}

interface Progress<State> {
  readonly kind: string
  readonly next: State | null
  readonly seen: number
  readonly end: { readonly evidence: Evidence; readonly cursor: string | null } | null
}

/**
 * Walks a listing page by page and mints its `End`.
 *
 * Every page carries a checkpoint from which the walk goes on to the same rest. A listing that ends short of the total
 * that the app reports gets no `End` but an issue; pages or cursors that repeat fail with `BadPayload`.
 */
export const walk = <State, Raw>(options: Walk<State, Raw>): Stream.Stream<Pages<Raw>, ConnectorError> =>
  Stream.unwrap(
    Effect.map(resume(options), (progress) => {
      const { context, kind, operation, paging, turn } = options
      const repeatsState = LoopDetector.make()
      const repeatsPage = LoopDetector.make()
      let emptyInARow = 0
      const endless = (what: string) =>
        Effect.fail(context.client.fail(operation, new BadPayload({ message: `The listing does not end: ${what}.` })))

      const step = Effect.fnUntraced(function* (
        at: Progress<State>
      ): Effect.fn.Return<readonly [ReadonlyArray<Pages<Raw>>, Option.Option<Progress<State>>], ConnectorError> {
        if (at.next === null) {
          return [at.end === null ? [] : [mintEnd({ paging, ...at.end })], Option.none()]
        }
        if (repeatsState(JSON.stringify(at.next))) return yield* endless("the app repeats a page's cursor")
        const { cursor, deleted, next, records, total } = yield* turn(at.next)
        emptyInARow = records.length + deleted.length === 0 ? emptyInARow + 1 : 0
        if (emptyInARow > MOST_EMPTY_PAGES) return yield* endless("the app sends one empty page after another")
        if (
          records.length + deleted.length > 0 &&
          repeatsPage(fingerprint(records, options.id) + JSON.stringify(deleted))
        ) {
          return yield* endless("the app repeats a page's rows")
        }
        const seen = at.seen + records.length
        if (next !== null) {
          const on = { kind, next, seen, end: null }
          return [[page(records, { deleted, checkpoint: on })], Option.some(on)]
        }
        if (total !== undefined && seen < total) {
          yield* context.issue({
            code: "listing.incomplete",
            message: `${operation} ended after ${seen} of the ${total} records that the app reports.`
          })
          return [[page(records, { deleted, checkpoint: { kind, next, seen, end: null } })], Option.none()]
        }
        const done = {
          kind,
          next,
          seen,
          end: { evidence: total === undefined ? "exhausted" : "counted", cursor }
        } as const
        return [[page(records, { deleted, checkpoint: done })], Option.some(done)]
      })
      return Stream.paginate(progress, step)
    })
  )

const resume = <State, Raw>({
  context,
  first,
  kind,
  operation,
  state
}: Walk<State, Raw>): Effect.Effect<Progress<State>> => {
  const start: Progress<State> = { kind, next: first, seen: 0, end: null }
  if (context.checkpoint === null || context.checkpoint === undefined) return Effect.succeed(start)
  const Checkpoint = Schema.Struct({
    kind: Schema.Literal(kind),
    next: Schema.NullOr(state),
    seen: Schema.Int,
    end: Schema.NullOr(
      Schema.Struct({
        evidence: Schema.Literals(["exhausted", "counted", "asserted"]),
        cursor: Schema.NullOr(Schema.String)
      })
    )
  })
  return Schema.decodeUnknownEffect(Checkpoint)(context.checkpoint).pipe(
    Effect.catch(() =>
      // Written by another version of the connector. Starting again loses nothing: rows seen twice count once.
      Effect.as(
        context.issue({
          code: "listing.restarted",
          message: `${operation} starts again from its first page: the checkpoint is of another kind of listing.`
        }),
        start
      )
    )
  )
}

const fingerprint = <Raw>(records: ReadonlyArray<Raw>, id: ((raw: Raw) => string) | undefined): string => {
  try {
    return JSON.stringify(id === undefined ? records : records.map((raw) => id(raw)))
  } catch {
    // A row without an id is the engine's to quarantine; here the rows themselves tell pages apart.
    return JSON.stringify(records)
  }
}
