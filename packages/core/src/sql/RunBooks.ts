import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NewEvent } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import * as Barrier from "../store/Barrier.ts"
import type { CloseRun } from "../store/SyncStore.ts"
import type { Database } from "./Database.ts"
import { insertEvents } from "./OutboxRows.ts"
import { runs } from "./Tables.ts"

/** Reads the books of runs and keeps other transactions from changing them until this one ends. */
export const load = (
  { sql, dialect }: Database,
  ids: ReadonlyArray<string>
): Effect.Effect<Map<string, Barrier.Books>, SqlError> =>
  ids.length === 0
    ? Effect.succeed(new Map())
    : Effect.map(
        // In one order for all, so that two transactions never wait for each other.
        sql<{
          readonly closing_event_id: string | null
        }>`SELECT ${sql.literal(runs.select())}, closing_event_id FROM runs
          WHERE ${dialect.among("id", ids)} ORDER BY id ${dialect.forUpdate()}`,
        (rows) =>
          new Map(
            rows.map((row) => {
              const run = runs.decode(row)
              return [run.id, { run, closingEventId: row.closing_event_id }]
            })
          )
      )

/** Writes what events change in the books, and destroys the keys of runs that are over with nothing left to deliver. */
export const save = ({ sql, dialect }: Database, books: Iterable<Barrier.Books>): Effect.Effect<void, SqlError> =>
  Effect.gen(function* () {
    const changed = [...books]
    if (changed.length === 0) return
    const columns = {
      id: "text",
      status: "text",
      completed_at: "integer",
      emitted: "integer",
      consumed: "integer",
      coalesced: "integer",
      outstanding: "integer",
      expired: "integer",
      closing_event_id: "text"
    } as const
    const rows = changed.map(({ run, closingEventId }) => [
      run.id,
      run.status,
      run.completedAt,
      run.emitted,
      run.consumed,
      run.coalesced,
      run.outstanding,
      run.expired,
      closingEventId
    ])
    yield* sql`UPDATE runs SET status = b.status, completed_at = b.completed_at, emitted = b.emitted, consumed = b.consumed,
      coalesced = b.coalesced, outstanding = b.outstanding, expired = b.expired, closing_event_id = b.closing_event_id
      FROM ${dialect.rows(columns, rows)} AS b WHERE runs.id = b.id`
    // Everything but the closing event is outstanding, and a run is completed only when that one was settled.
    const over = changed
      .filter(({ run }) => Barrier.isOver(run.status) && run.outstanding === 0)
      .map(({ run }) => run.id)
    if (over.length > 0) yield* sql`DELETE FROM data_keys WHERE owner = 'run' AND ${dialect.among("owner_id", over)}`
  })

/** An event that left the outbox. */
export interface Departure {
  readonly runId: string | null
  readonly type: EventType
  readonly fate: Barrier.Fate
}

/** An event of a run that had expired and whose replay was acknowledged. */
export interface Repair {
  readonly runId: string
  readonly type: EventType
}

/**
 * Counts events that left the outbox and those that replays made up for, and closes the runs of which an event left and
 * that thereby have nothing outstanding. A run that only a repair made ready is closed later (`SyncStore.close`): its
 * key is not at hand here. `books` are those of their runs, which were loaded before anything of the outbox was locked.
 */
export const settle = (
  database: Database,
  books: Map<string, Barrier.Books>,
  departures: ReadonlyArray<Departure>,
  close: CloseRun,
  now: number,
  repairs: ReadonlyArray<Repair> = []
): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.gen(function* () {
    const ids = new Set<string>()
    for (const { runId } of departures) if (runId !== null) ids.add(runId)
    depart(books, departures, now)
    for (const repair of repairs) {
      const current = books.get(repair.runId)
      if (current !== undefined) books.set(repair.runId, Barrier.repair(current, repair, now))
    }
    const closing: Array<NewEvent> = []
    for (const id of ids) {
      const current = books.get(id)
      if (current === undefined) continue
      const result = Barrier.closeIfDone(current, close, now)
      books.set(id, result.books)
      if (result.closing !== null) closing.push(result.closing)
    }
    yield* insertEvents(database, closing)
    yield* save(database, books.values())
    return closing.flatMap((event) => event.runId ?? [])
  })

const depart = (books: Map<string, Barrier.Books>, departures: ReadonlyArray<Departure>, now: number): void => {
  for (const departure of departures) {
    const current = departure.runId === null ? undefined : books.get(departure.runId)
    if (current !== undefined) books.set(current.run.id, Barrier.leave(current, departure, departure.fate, now))
  }
}

/**
 * Counts events that newer ones took the place of. `own` are the books of the run whose page is being written; they are
 * returned instead of saved. Runs that thereby have nothing outstanding are closed later, as they have keys of their own.
 */
export const coalesce = (
  database: Database,
  departures: ReadonlyArray<Departure>,
  now: number,
  own: Barrier.Books | null = null
): Effect.Effect<Barrier.Books | null, SqlError> =>
  Effect.gen(function* () {
    if (departures.length === 0) return own
    const others = new Set(departures.flatMap(({ runId }) => (runId === null || runId === own?.run.id ? [] : [runId])))
    const books = yield* load(database, [...others])
    const all = own === null ? books : new Map(books).set(own.run.id, own)
    depart(all, departures, now)
    yield* save(
      database,
      [...all.values()].filter(({ run }) => run.id !== own?.run.id)
    )
    return own === null ? null : all.get(own.run.id)!
  })
