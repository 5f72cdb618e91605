import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import type { Replay } from "../replay/Replay.ts"
import { type ReplayBatch, type ReplayLease, ReplayStore } from "../store/ReplayStore.ts"
import { conflict, leaseLost, type StoreError } from "../store/StoreError.ts"
import type { Database } from "./Database.ts"
import { insertAny, ordersOf } from "./OutboxRows.ts"
import { writeRows } from "./Reading.ts"
import * as ReplayOutcomes from "./ReplayOutcomes.ts"
import * as Selection from "./ReplaySelection.ts"
import { dueNow } from "./DestinationPause.ts"
import * as RunBooks from "./RunBooks.ts"
import { replays } from "./Tables.ts"

const held = (
  { sql, dialect }: Database,
  operation: string,
  lease: ReplayLease
): Effect.Effect<Replay, StoreError | SqlError> =>
  Effect.flatMap(
    sql`SELECT ${sql.literal(replays.select())} FROM replays WHERE id = ${lease.replayId} AND state = 'running'
      AND lease_token = ${lease.token} AND lease_until > 0 ${dialect.forUpdate()}`,
    ([row]) => (row === undefined ? Effect.fail(leaseLost(operation)) : Effect.succeed(replays.decode(row)))
  )

/** Writes the rows of one job, unless one of them was given another sequence meanwhile. */
const replaceRows = (
  database: Database,
  jobId: string,
  rows: ReplayBatch["rows"]
): Effect.Effect<void, StoreError | SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const stored = yield* sql<{ readonly ordinal: number; readonly sequence: number }>`SELECT ordinal, sequence
      FROM snapshot WHERE job_id = ${jobId} AND ${dialect.among(
        "ordinal",
        rows.map(({ row }) => row.ordinal)
      )}
      ORDER BY ordinal ${dialect.forUpdate()}`
    const sequences = new Map(stored.map((row) => [Number(row.ordinal), Number(row.sequence)]))
    if (rows.some(({ row, sequence }) => sequences.get(row.ordinal) !== sequence)) {
      return yield* conflict("commitReplay", "a record that changed meanwhile")
    }
    yield* writeRows(
      database,
      jobId,
      rows.map(({ row }) => row)
    )
  })

const commit = (
  database: Database,
  lease: ReplayLease,
  batch: ReplayBatch
): Effect.Effect<void, StoreError | SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const replay = yield* held(database, "commitReplay", lease)
    const orders = yield* ordersOf(database, batch.events)
    const now = yield* dialect.now
    const byJob = Map.groupBy(batch.rows, ({ jobId }) => jobId)
    const jobs = [...byJob.keys()].sort()
    if (jobs.length > 0) {
      // A run cannot be queued while its job is locked: each run is told, or begins with the rows of this batch.
      yield* sql`SELECT id FROM jobs WHERE ${dialect.among("id", jobs)} ORDER BY id ${dialect.forUpdate()}`
      yield* sql`UPDATE runs SET replayed = 1 WHERE ${dialect.among("job_id", jobs)} AND status IN ('queued', 'running')`
      for (const jobId of jobs) yield* replaceRows(database, jobId, byJob.get(jobId)!)
    }
    const written = yield* insertAny(database, batch.events, orders)
    yield* RunBooks.coalesce(database, written.departures, now)
    if (batch.due.length > 0) {
      const due = sql`SELECT position FROM events WHERE ${dialect.among("id", batch.due)}
        AND workspace_id = ${replay.workspaceId} AND state = 'pending'`
      yield* sql`UPDATE outbox SET due_at = ${dueNow(database, now)} WHERE due_at > ${dueNow(database, now)}
        AND position IN (${due})`
      yield* sql`UPDATE events SET next_attempt_at = ${now} WHERE next_attempt_at > ${now} AND position IN (${due})`
    }
    const skipped = { ...replay.skipped }
    for (const [reason, n] of Object.entries(batch.skipped)) skipped[reason] = (skipped[reason] ?? 0) + n
    yield* sql`UPDATE replays SET cursor_position = ${batch.cursorPosition}, examined = examined + ${batch.examined},
      replayed = replayed + ${written.events.length}, made_due = made_due + ${batch.due.length},
      skipped = ${JSON.stringify(skipped)}, next_at = ${batch.nextAt}, interruptions = 0, last_error = NULL,
      state = ${batch.done ? "done" : "running"}, finished_at = ${batch.done ? now : null} WHERE id = ${replay.id}`
  })

/** `ReplayStore` on SQL. */
export const make = (database: Database): ReplayStore["Service"] => {
  const { sql, dialect, read, write, writeLight } = database
  const columns = sql.literal(replays.select())
  const first = (rows: ReadonlyArray<object>) => Option.map(Option.fromUndefinedOr(rows[0]), replays.decode)
  return ReplayStore.of({
    create: (replay, windowMillis) =>
      write(
        "createReplay",
        Effect.gen(function* () {
          // Two clicks at once come one after the other.
          yield* sql`SELECT id FROM workspaces WHERE id = ${replay.workspaceId} ${dialect.forUpdate()}`
          const [known] = yield* sql`SELECT ${columns} FROM replays WHERE workspace_id = ${replay.workspaceId}
            AND fingerprint = ${replay.fingerprint} AND created_at > ${replay.createdAt - windowMillis}
            ORDER BY created_at DESC LIMIT 1`
          if (known !== undefined) return { replay: replays.decode(known), created: false }
          const [log] = yield* sql<{ readonly last: number | null }>`SELECT max(position) AS last FROM events`
          const stored: Replay = { ...replay, untilPosition: Number(log?.last ?? 0) }
          yield* dialect.insert("replays", replays.columns, [replays.encode(stored)], "")
          return { replay: stored, created: true }
        })
      ),
    get: (workspaceId, id) =>
      read(
        "replay",
        Effect.map(sql`SELECT ${columns} FROM replays WHERE id = ${id} AND workspace_id = ${workspaceId}`, first)
      ),
    list: (workspaceId, request) =>
      database.list("listReplays", replays, [sql`workspace_id = ${workspaceId}`], request, "newest first"),
    progress: (ids) => read("replayProgress", ReplayOutcomes.progress(database, ids)),
    cancel: (workspaceId, id, at) =>
      write(
        "cancelReplay",
        Effect.map(
          sql`UPDATE replays SET state = 'cancelled', finished_at = ${at}, lease_token = lease_token + 1, lease_until = 0
            WHERE id = ${id} AND workspace_id = ${workspaceId} AND state IN ('queued', 'running') RETURNING id`,
          (rows) => rows.length > 0
        )
      ),
    claim: ({ leaseMillis, owner }) =>
      writeLight(
        "claimReplay",
        Effect.gen(function* () {
          const now = yield* dialect.now
          const [row] = yield* sql<{
            readonly lease_token: number
          }>`SELECT ${sql.literal(replays.select("r"))}, r.lease_token
            FROM replays r WHERE r.state IN ('queued', 'running') AND r.next_at <= ${now} AND r.lease_until <= ${now}
            ORDER BY r.next_at, r.id LIMIT 1 ${dialect.skipLocked("r")}`
          if (row === undefined) return Option.none()
          const before = replays.decode(row)
          const replay: Replay = { ...before, state: "running", startedAt: before.startedAt ?? now }
          const token = Number(row.lease_token) + 1
          yield* sql`UPDATE replays SET state = 'running', started_at = ${replay.startedAt}, lease_owner = ${owner},
            lease_token = ${token}, lease_until = ${now + leaseMillis} WHERE id = ${replay.id}`
          return Option.some({ lease: { replayId: replay.id, token }, replay })
        })
      ),
    renew: (lease, leaseMillis) =>
      writeLight(
        "renewReplay",
        Effect.gen(function* () {
          const until = (yield* dialect.now) + leaseMillis
          const renewed = yield* sql`UPDATE replays SET lease_until = ${until} WHERE id = ${lease.replayId}
            AND state = 'running' AND lease_token = ${lease.token} AND lease_until > 0 RETURNING id`
          if (renewed.length === 0) return yield* leaseLost("renewReplay")
          return undefined
        })
      ),
    release: (lease, { error, nextAt }) =>
      write(
        "releaseReplay",
        Effect.gen(function* () {
          const replay = yield* held(database, "releaseReplay", lease)
          yield* sql`UPDATE replays SET next_at = ${nextAt}, last_error = ${error ?? replay.lastError},
            interruptions = ${replay.interruptions + (error === null ? 0 : 1)}, lease_token = lease_token + 1,
            lease_until = 0, lease_owner = NULL WHERE id = ${lease.replayId}`
        })
      ),
    scan: (replay, limit) => read("scanReplay", Selection.scan(database, replay, limit)),
    count: (workspaceId, filter, after) => read("countReplay", Selection.count(database, workspaceId, filter, after)),
    commit: (lease, batch) => write("commitReplay", commit(database, lease, batch))
  })
}
