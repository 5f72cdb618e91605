import { ConnectorError, Page } from "@crochet/core"
import type { Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Entity } from "./QuickBooksEntities.ts"
import type { Plan } from "./QuickBooksFilters.ts"
import * as Query from "./QuickBooksQuery.ts"
import { type Row, text } from "./QuickBooksWire.ts"

type Context = Resource.ResourceContext

/** So many rows of a page, at most, are asked for again with the next one, to see that nothing slipped between the two. */
const overlap = 20
/** So many ids are remembered, to leave out what was given out already when the listing had to step back. */
const memory = 5000

/** Where a listing goes on: the position after the last row that was given out, and which rows were last. */
const State = Schema.Struct({
  entity: Schema.String,
  start: Schema.Int,
  seen: Schema.Int,
  /** How many rows there were when the listing began; null before it is known, -1 when the app does not say. */
  total: Schema.NullOr(Schema.Int),
  tail: Schema.Array(Schema.String)
})
type State = typeof State.Type

const begin = (entity: string): State => ({ entity, start: 1, seen: 0, total: null, tail: [] })
const idOf = ({ wire }: Row) => text(wire.Id) ?? ""

/** The state after the last entity. */
const over = "-"

/**
 * Everything of the plan's entities, one after the other, by STARTPOSITION in the order of `Id`.
 *
 * Keyset paging (`WHERE Id > '…' ORDERBY Id`) would need the comparison and the order to agree, and nobody says whether
 * ids are compared as text or as numbers: if they disagree, rows vanish without a word. Positions are right under both.
 * Rows that vanish from earlier positions move later ones forward, therefore each page overlaps the one before, and when
 * the overlap is gone the listing steps back. It is `offset` paging all the same: absence is a suspicion only. A listing
 * that has fewer rows than the app counts has no end.
 */
export const list = (
  context: Context,
  operation: string,
  plan: Plan
): Stream.Stream<Page.Pages<Row>, ConnectorError.ConnectorError> => {
  const { client } = context
  // Of this process only: after a crash the tail is enough, and a row that comes twice counts once.
  let recent: ReadonlyArray<string> = []
  const after = (entity: Entity): State => begin(plan.entities[plan.entities.indexOf(entity) + 1]?.name ?? over)

  const rowsAround = Effect.fnUntraced(function* (entity: Entity, { start, tail }: State) {
    const known = new Set(tail)
    let position = Math.max(1, start - tail.length)
    for (let step = Math.max(1, tail.length); ; step *= 2) {
      const rows = yield* Query.page(client, operation, entity, {
        conditions: plan.conditions,
        orderBy: "Id",
        start: position
      })
      if (position === 1 || known.size === 0 || rows.some((row) => known.has(idOf(row)))) return { position, rows }
      position = Math.max(1, position - step)
    }
  })

  const turn = Effect.fnUntraced(function* (entity: Entity, state: State) {
    const counted = Effect.map(Query.count(client, operation, entity, plan.conditions), ({ total = -1 }) => total)
    const total = state.total ?? (yield* counted)
    const { position, rows } = yield* rowsAround(entity, state)
    const given = new Set([...recent, ...state.tail])
    const fresh = rows.filter((row) => idOf(row) === "" || !given.has(idOf(row)))
    recent = [...recent, ...fresh.map(idOf)].slice(-memory)
    const next: State = {
      entity: entity.name,
      start: position + rows.length,
      seen: state.seen + fresh.length,
      total,
      tail: rows.slice(-Math.min(overlap, Math.ceil(rows.length / 4))).map(idOf)
    }
    if (rows.length >= Query.pageSize) {
      if (fresh.length > 0) return { fresh, next }
      return yield* client.fail(
        operation,
        new ConnectorError.BadPayload({ message: "The listing does not end: the app repeats a page's rows." })
      )
    }
    if (next.seen >= total) {
      recent = []
      return { fresh, next: after(entity) }
    }
    if (fresh.length > 0) return { fresh, next }
    // Rows that were deleted meanwhile need not have come: what is still there must.
    const least = Math.min(total, yield* counted)
    if (next.seen >= least) {
      recent = []
      return { fresh, next: after(entity) }
    }
    yield* context.issue({
      code: "listing.incomplete",
      message: `${operation} ended after ${next.seen} of the ${least} ${entity.name} records that QuickBooks counts.`
    })
    return { fresh, next: undefined }
  })

  const step = Effect.fnUntraced(function* (
    state: State
  ): Effect.fn.Return<readonly [ReadonlyArray<Page.Pages<Row>>, Option.Option<State>], ConnectorError.ConnectorError> {
    const entity = plan.entities.find(({ name }) => name === state.entity)
    if (entity === undefined) {
      const because = "every position was read, and as many rows came as the app counts"
      return [[context.end({ because, paging: "offset" })], Option.none()]
    }
    const { fresh, next } = yield* turn(entity, state)
    return [[Page.page(fresh.filter(plan.keeps), { checkpoint: next ?? state })], Option.fromUndefinedOr(next)]
  })

  const first = begin(plan.entities[0]?.name ?? over)
  const known = (state: State) => state.entity === over || plan.entities.some(({ name }) => name === state.entity)
  const from =
    context.checkpoint === null || context.checkpoint === undefined
      ? Effect.succeed(first)
      : Option.match(Option.filter(Schema.decodeUnknownOption(State)(context.checkpoint), known), {
          onSome: (state) => Effect.succeed(state),
          onNone: () =>
            Effect.as(
              context.issue({
                code: "listing.restarted",
                message: `${operation} starts again from its first page: the checkpoint is of another kind of listing.`
              }),
              first
            )
        })
  return Stream.unwrap(Effect.map(from, (state) => Stream.paginate(state, step)))
}
