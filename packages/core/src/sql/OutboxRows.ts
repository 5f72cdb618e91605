import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NewEvent } from "../event/Event.ts"
import * as Barrier from "../store/Barrier.ts"
import { coalesce, type Coalesced } from "./Coalescing.ts"
import { type Database, together } from "./Database.ts"
import * as Ordering from "./Ordering.ts"
import type { Departure } from "./RunBooks.ts"

/** What a new event has; the other columns are null until its first attempt. */
const newColumns = [
  "id",
  "workspace_id",
  "destination_id",
  "integration_id",
  "job_id",
  "run_id",
  "type",
  "record",
  "sequence",
  "state",
  "created_at",
  "next_attempt_at",
  "attempts"
]
const originColumns = ["replay_id", "replay_of", "origin_run_id"]

const columnsOf = (event: NewEvent): Array<string | number | null> => [
  event.id,
  event.workspaceId,
  event.destinationId,
  event.integrationId ?? "",
  event.jobId,
  event.runId,
  event.type,
  event.record,
  event.sequence,
  "pending",
  event.createdAt,
  event.createdAt,
  0
]

/** What came of writing events. */
export interface Written {
  /** Those that were not there before. */
  readonly events: ReadonlyArray<NewEvent>
  /** Those whose place they took: the books of their runs have to be told. */
  readonly departures: ReadonlyArray<Departure>
}

const nothing: Coalesced = { departures: [], moved: [] }

/**
 * Writes events of one order to log and outbox: a few statements, however many events. Events of a record are written in
 * the order of their sequence; one that has to wait for another is marked as blocked. The caller holds the books of the
 * runs that the events belong to.
 */
export const insertEvents = (
  database: Database,
  events: ReadonlyArray<NewEvent>,
  order: Ordering.Order = Ordering.usual
): Effect.Effect<Written, SqlError> =>
  Effect.gen(function* () {
    if (events.length === 0) return { events: [], departures: [] }
    const { dialect } = database
    const distinct = new Map<string, NewEvent>()
    for (const event of events) if (!distinct.has(event.id)) distinct.set(event.id, event)
    const withOrigin = events.some((event) => event.origin !== undefined)
    const written = yield* dialect.insert<{ readonly position: number; readonly id: string }>(
      "events",
      withOrigin ? [...newColumns, ...originColumns] : newColumns,
      Array.from(distinct.values(), (event) => {
        const row = columnsOf(event)
        const { origin } = event
        if (withOrigin) row.push(origin?.replayId ?? null, origin?.eventId ?? null, origin?.runId ?? null)
        return row
      }),
      "ON CONFLICT (id) DO NOTHING RETURNING position, id"
    )
    if (written.length === 0) return { events: [], departures: [] }
    const fresh = written
      .map((row) => ({ position: Number(row.position), event: distinct.get(row.id)! }))
      .sort((a, b) => a.position - b.position)
    const strict = order.ordering === "run"
    yield* together([
      dialect.insert(
        "outbox",
        strict ? ["position", "destination_id", "due_at", "chain"] : ["position", "destination_id", "due_at"],
        fresh.map(({ position, event }) => {
          const row = [position, event.destinationId, event.createdAt]
          return strict ? [...row, Barrier.isClosing(event.type) ? null : event.runId] : row
        }),
        ""
      ),
      dialect.insert(
        "bodies",
        ["position", "body"],
        fresh.map(({ position, event }) => [position, event.body]),
        ""
      )
    ])
    const added = fresh.map(({ event }) => event)
    const coalesced = order.coalesce ? yield* coalesce(database, added) : nothing
    yield* Ordering.block(database, fresh, order)
    yield* Ordering.unblock(database, coalesced.moved)
    return { events: added, departures: coalesced.departures }
  })

/** The orders in which events will be queued; a transaction that locks runs asks before that. */
export const ordersOf = (database: Database, events: ReadonlyArray<NewEvent>) =>
  Ordering.ofDestinations(database, [...new Set(events.map((event) => event.destinationId))])

/** `insertEvents` for events of any destinations, outside of a run's pages. */
export const insertAny = (
  database: Database,
  events: ReadonlyArray<NewEvent>,
  orders: ReadonlyMap<string, Ordering.Order>
): Effect.Effect<Written, SqlError> =>
  Effect.gen(function* () {
    const all: { events: Array<NewEvent>; departures: Array<Departure> } = { events: [], departures: [] }
    // One order, usually: then the events are written as they come.
    const kinds = new Map<string, { readonly order: Ordering.Order; readonly events: Array<NewEvent> }>()
    for (const event of events) {
      const order = orders.get(event.destinationId) ?? Ordering.usual
      const kind = `${order.ordering}|${order.coalesce}`
      const known = kinds.get(kind)
      if (known === undefined) kinds.set(kind, { order, events: [event] })
      else known.events.push(event)
    }
    for (const kind of kinds.values()) {
      const written = yield* insertEvents(database, kind.events, kind.order)
      all.events.push(...written.events)
      all.departures.push(...written.departures)
    }
    return all
  })
