import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as CrashPoint from "../crash/CrashPoint.ts"
import * as RetrySchedule from "../delivery/RetrySchedule.ts"
import type { Attempt } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import type { Outcome, Settlement } from "../store/OutboxStore.ts"
import type { CloseRun } from "../store/SyncStore.ts"
import { type Database, together } from "./Database.ts"
import * as HealthRows from "./HealthRows.ts"
import { type Moved, unblock } from "./Ordering.ts"
import * as Repairs from "./Repairs.ts"
import * as ReplayOutcomes from "./ReplayOutcomes.ts"
import * as RunBooks from "./RunBooks.ts"

interface HeldRow {
  readonly position: number
  readonly token: number
  readonly id: string
  readonly run_id: string | null
  readonly job_id: string | null
  readonly record: number | null
  readonly type: EventType
  readonly destination_id: string
  /** When its 96 hours began, and in the log when it was really attempted first. */
  readonly window_at: number | null
  readonly first_attempt_at: number | null
  readonly chain: string | null
  readonly replay_id: string | null
  readonly replay_of: string | null
  readonly origin_run_id: string | null
}

const attemptColumns = ["position", "number", "at", "duration_millis", "status", "error"]

/** Clocks that differ by less are taken for equal: so long may asking for the time take. */
const noise = 1000

/** When to try again, by the clock of the database, which may be `ahead` of the one that set the time; never past the 96 h. */
const due = (at: number, window: number, ahead: number): number => {
  const end = window + RetrySchedule.window
  return at >= end ? at : Math.min(at + ahead, end)
}

/** Writes a group of outcomes: about ten statements, however many events. */
export const settle = (
  database: Database,
  outcomes: ReadonlyArray<Outcome>,
  close: CloseRun
): Effect.Effect<Settlement, SqlError> =>
  Effect.gen(function* () {
    if (outcomes.length === 0) return { lost: [], closed: [], turns: [] }
    const { sql, dialect } = database
    const now = yield* dialect.now
    const difference = now - (yield* Clock.currentTimeMillis)
    const ahead = Math.abs(difference) > noise ? difference : 0
    // Books first, then the outbox, as in every transaction: two of them never wait for each other.
    const leaving = outcomes.flatMap(({ event, result }) =>
      result.kind === "retry" || result.kind === "parked" || event.runId === null ? [] : [event.runId]
    )
    const books = yield* RunBooks.load(database, [...new Set(leaving)])
    const rows = yield* sql<HeldRow>`SELECT o.position, o.token, e.id, e.run_id, e.job_id, e.record, e.type,
        o.destination_id, o.first_attempt_at AS window_at, e.first_attempt_at, o.chain, e.replay_id, e.replay_of,
        e.origin_run_id
      FROM outbox o ${dialect.lookup("events", "e", "e.position = o.position")}
      WHERE ${dialect.among(
        "o.position",
        outcomes.map(({ event }) => event.position)
      )} AND ${dialect.unindexed("o.lease_until", "integer")} > 0
      ORDER BY o.position ${dialect.forUpdate("o")}`

    const held = new Map(rows.map((row) => [row.id, row]))
    const lost: Array<string> = []
    const settled: Array<{ readonly row: HeldRow; readonly outcome: Outcome }> = []
    for (const outcome of outcomes) {
      const row = held.get(outcome.event.id)
      // A group may name an event twice, once with a token of an earlier claim.
      if (row === undefined || Number(row.token) !== outcome.event.token) {
        lost.push(outcome.event.id)
        continue
      }
      settled.push({ row, outcome })
      held.delete(outcome.event.id)
    }
    if (settled.length === 0) return { lost, closed: [], turns: [] }

    const attempted = settled.flatMap(({ row, outcome: { attempt } }) =>
      attempt === null
        ? []
        : [[Number(row.position), attempt.number, attempt.at, attempt.durationMillis, attempt.status, attempt.error]]
    )
    const statements: Array<Effect.Effect<unknown, SqlError>> = []
    if (attempted.length > 0) statements.push(dialect.insert("attempts", attemptColumns, attempted, ""))
    const log = {
      position: "integer",
      state: "text",
      first_at: "integer",
      next_at: "integer",
      settled_at: "integer",
      attempts: "integer",
      last_status: "integer",
      last_error: "text"
    } as const
    const logRows = settled.flatMap(({ row, outcome: { attempt, result } }) =>
      attempt === null || result.kind === "parked"
        ? []
        : [
            [
              Number(row.position),
              result.kind === "retry" ? "pending" : result.kind,
              row.first_attempt_at === null ? attempt.at : Number(row.first_attempt_at),
              result.kind === "retry" ? result.at : null,
              result.kind === "retry" ? null : now,
              attempt.number,
              attempt.status,
              attempt.error
            ]
          ]
    )
    if (logRows.length > 0) {
      statements.push(sql`UPDATE events SET state = v.state, first_attempt_at = v.first_at, next_attempt_at = v.next_at,
        settled_at = v.settled_at, attempts = v.attempts, last_status = v.last_status, last_error = v.last_error
        FROM ${dialect.rows(log, logRows)} AS v WHERE events.position = v.position`)
    }
    const silent = settled.flatMap(({ row, outcome: { attempt, result } }) =>
      attempt === null && result.kind === "expired" ? [Number(row.position)] : []
    )
    if (silent.length > 0) {
      statements.push(sql`UPDATE events SET state = 'expired', next_attempt_at = NULL, settled_at = ${now}
        WHERE ${dialect.among("position", silent)}`)
    }

    const again = settled.flatMap(({ row, outcome: { attempt, result } }) => {
      if (result.kind !== "retry" || attempt === null) return []
      const window = row.window_at === null ? attempt.at + ahead : Number(row.window_at)
      return [[Number(row.position), due(result.at, window, ahead), window, attempt.number]]
    })
    if (again.length > 0) {
      const columns = { position: "integer", due_at: "integer", first_at: "integer", attempts: "integer" } as const
      statements.push(sql`UPDATE outbox SET due_at = v.due_at, first_attempt_at = v.first_at, attempts = v.attempts,
        lease_until = 0, lease_owner = NULL, token = outbox.token + 1
        FROM ${dialect.rows(columns, again)} AS v WHERE outbox.position = v.position`)
    }
    const parked = settled.flatMap(({ row, outcome: { result } }) => (result.kind === "parked" ? [row] : []))
    yield* together([...statements, park(database, parked, now)])
    CrashPoint.at("settle.attempted")
    const turns = yield* HealthRows.observe(
      database,
      settled.map(({ row, outcome }) => ({ destinationId: row.destination_id, outcome })),
      now
    )

    const departures: Array<RunBooks.Departure> = []
    const positions: Array<number> = []
    const moved: Array<Moved> = []
    const repaired: Array<Repairs.Acknowledged> = []
    const ofReplays: Array<ReplayOutcomes.Outcome> = []
    for (const { row, outcome } of settled) {
      if (outcome.result.kind === "retry" || outcome.result.kind === "parked") continue
      departures.push({ runId: Repairs.bookedRun(row), type: row.type, fate: outcome.result.kind })
      ofReplays.push({ replayId: row.replay_id, state: outcome.result.kind })
      positions.push(Number(row.position))
      moved.push({ jobId: row.job_id, record: row.record === null ? null : Number(row.record), chain: row.chain })
      if (row.replay_of !== null && outcome.result.kind === "acknowledged") {
        repaired.push({ eventId: row.replay_of, replacedBy: row.id })
      }
    }
    if (positions.length === 0) return { lost, closed: [], turns }
    if (departures.some(({ fate }) => fate === "expired")) CrashPoint.at("settle.expiring")
    yield* together([
      sql`DELETE FROM outbox WHERE ${dialect.among("position", positions)}`,
      sql`DELETE FROM bodies WHERE ${dialect.among("position", positions)}`
    ])
    yield* unblock(database, moved)
    const repairs = yield* Repairs.mark(database, repaired)
    // Only what replays concerns comes in here, out of the usual order: a deadlock is seen and the group written again.
    const others = [...departures, ...repairs].flatMap(({ runId }) =>
      runId === null || books.has(runId) ? [] : [runId]
    )
    for (const [id, other] of yield* RunBooks.load(database, [...new Set(others)])) books.set(id, other)
    const closed = yield* RunBooks.settle(database, books, departures, close, now, repairs)
    yield* ReplayOutcomes.add(database, ofReplays)
    if (closed.length > 0) CrashPoint.at("settle.closing")
    return { lost, closed, turns }
  })

/** Puts failed probes behind what is due. Their 96 hours, if they had none yet, are those of events that were not tried. */
const park = ({ sql, dialect }: Database, rows: ReadonlyArray<HeldRow>, now: number): Effect.Effect<void, SqlError> =>
  rows.length === 0
    ? Effect.void
    : Effect.asVoid(sql`UPDATE outbox SET due_at = ${now}, lease_until = 0, lease_owner = NULL, token = token + 1,
        first_attempt_at = coalesce(first_attempt_at, (SELECT CASE WHEN h.opened_at > outbox.due_at THEN h.opened_at
          ELSE outbox.due_at END FROM destination_health h WHERE h.destination_id = outbox.destination_id), due_at)
        WHERE ${dialect.among(
          "position",
          rows.map((row) => Number(row.position))
        )}`)

/** The attempts of an event, first to last. */
export const attemptsOf = ({ sql }: Database, eventId: string): Effect.Effect<ReadonlyArray<Attempt>, SqlError> =>
  Effect.map(
    sql<{
      readonly number: number
      readonly at: number
      readonly duration_millis: number
      readonly status: number | null
      readonly error: string | null
    }>`SELECT a.number, a.at, a.duration_millis, a.status, a.error FROM events e JOIN attempts a ON a.position = e.position
      WHERE e.id = ${eventId} ORDER BY a.number`,
    (rows) =>
      rows.map((row) => ({
        eventId,
        number: Number(row.number),
        at: Number(row.at),
        durationMillis: Number(row.duration_millis),
        status: row.status === null ? null : Number(row.status),
        error: row.error
      }))
  )

/**
 * Removes old entries of the log. Events are written in the order of time: the search ends at the first one that was
 * written after `before`, so that it costs what it removes.
 */
export const prune = ({ sql, dialect }: Database, before: number, limit: number): Effect.Effect<number, SqlError> =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly position: number }>`SELECT position FROM events
      WHERE settled_at < ${before} AND position < coalesce(
        (SELECT position FROM events WHERE created_at >= ${before} ORDER BY position LIMIT 1), ${Number.MAX_SAFE_INTEGER})
      ORDER BY position LIMIT ${limit}`
    if (rows.length === 0) return 0
    const positions = rows.map((row) => Number(row.position))
    yield* sql`DELETE FROM attempts WHERE ${dialect.among("position", positions)}`
    yield* sql`DELETE FROM events WHERE ${dialect.among("position", positions)}`
    CrashPoint.at("prune.writing")
    return rows.length
  })
