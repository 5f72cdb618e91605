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
          WHERE id IN ${dialect.keys(ids)} ORDER BY id ${dialect.forUpdate()}`,
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
      run.outstanding,
      run.expired,
      closingEventId
    ])
    yield* sql`UPDATE runs SET status = b.status, completed_at = b.completed_at, emitted = b.emitted, consumed = b.consumed,
      outstanding = b.outstanding, expired = b.expired, closing_event_id = b.closing_event_id
      FROM ${dialect.rows(columns, rows)} AS b WHERE runs.id = b.id`
    // Everything but the closing event is outstanding, and a run is completed only when that one was settled.
    const over = changed
      .filter(({ run }) => Barrier.isOver(run.status) && run.outstanding === 0)
      .map(({ run }) => run.id)
    if (over.length > 0) yield* sql`DELETE FROM data_keys WHERE owner = 'run' AND owner_id IN ${dialect.keys(over)}`
  })

/** An event that left the outbox. */
export interface Departure {
  readonly runId: string | null
  readonly type: EventType
  readonly fate: Barrier.Fate
}

/**
 * Counts events that left the outbox, and closes the runs that thereby have nothing outstanding. `books` are those of
 * their runs, which were loaded before anything of the outbox was locked.
 */
export const settle = (
  database: Database,
  books: Map<string, Barrier.Books>,
  departures: ReadonlyArray<Departure>,
  close: CloseRun,
  now: number
): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.gen(function* () {
    const ids = new Set<string>()
    for (const { runId } of departures) if (runId !== null) ids.add(runId)
    for (const departure of departures) {
      const current = departure.runId === null ? undefined : books.get(departure.runId)
      if (current !== undefined) books.set(current.run.id, Barrier.leave(current, departure, departure.fate, now))
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
