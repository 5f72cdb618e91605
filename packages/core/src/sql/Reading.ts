import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import * as CrashPoint from "../crash/CrashPoint.ts"
import * as Barrier from "../store/Barrier.ts"
import { conflict, leaseLost, replayedMeanwhile, type StoreError } from "../store/StoreError.ts"
import type { ClaimedRun, CloseRun, PageCommit, RunEnd, RunLease, SnapshotRow } from "../store/SyncStore.ts"
import { addCounts, type Run, type RunIssue } from "../sync/Run.ts"
import { type Database, together } from "./Database.ts"
import { insertEvents } from "./OutboxRows.ts"
import * as Ordering from "./Ordering.ts"
import * as RunBooks from "./RunBooks.ts"
import { overwrite } from "./Table.ts"
import { jobs, runs, snapshot } from "./Tables.ts"

const snapshotColumns = ["job_id", ...snapshot.columns]
const snapshotSuffix = `ON CONFLICT (job_id, ordinal) DO UPDATE SET ${overwrite(snapshot.columns, ["key", "ordinal"])}`

/** The run while its lease is held, and nobody else's any more until the transaction ends. */
const held = (database: Database, operation: string, lease: RunLease): Effect.Effect<Held, StoreError | SqlError> => {
  const { sql, dialect } = database
  return Effect.flatMap(
    sql<HeldRow>`SELECT ${sql.literal(runs.select())}, closing_event_id, replayed, ${Ordering.columnOfRun(database)} FROM runs
      WHERE id = ${lease.runId} AND job_id = ${lease.jobId} AND status = 'running' AND lease_token = ${lease.token}
        AND lease_until > 0 ${dialect.forUpdate()}`,
    ([row]) =>
      row === undefined
        ? Effect.fail(leaseLost(operation))
        : Effect.succeed({
            run: runs.decode(row),
            closingEventId: row.closing_event_id,
            order: Ordering.decode(row),
            replayed: Number(row.replayed) === 1
          })
  )
}

interface HeldRow extends Ordering.OrderRow {
  readonly closing_event_id: string | null
  readonly replayed: number
}

interface Held extends Barrier.Books {
  readonly order: Ordering.Order
  /** Whether a replay has written rows of the job since the run was queued. */
  readonly replayed: boolean
}

/** Refuses a page that was made from rows which a replay has meanwhile given newer sequences. */
const compareRows = (
  { sql, dialect }: Database,
  jobId: string,
  commit: PageCommit
): Effect.Effect<void, StoreError | SqlError> =>
  Effect.gen(function* () {
    if (commit.rows.length === 0) return
    const given = new Set(commit.events.map((event) => `${event.record}/${event.sequence}`))
    const ordinals = commit.rows.map((row) => row.ordinal)
    const stored = yield* sql<{ readonly ordinal: number; readonly sequence: number }>`SELECT ordinal, sequence
      FROM snapshot WHERE job_id = ${jobId} AND ${dialect.among("ordinal", ordinals)}`
    const sequences = new Map(stored.map((row) => [Number(row.ordinal), Number(row.sequence)]))
    if (commit.rows.some((row) => Barrier.isOutdated(row, sequences.get(row.ordinal), given))) {
      return yield* replayedMeanwhile()
    }
  })

/** Queues a run unless its job has one that still reads. */
export const start = (
  { sql, dialect }: Database,
  run: Run,
  options: { readonly checkpoint?: Uint8Array; readonly nextRunAt?: number } = {}
): Effect.Effect<{ readonly run: Run; readonly started: boolean }, StoreError | SqlError> =>
  Effect.gen(function* () {
    const job =
      yield* sql`SELECT 1 FROM jobs WHERE id = ${run.jobId} AND workspace_id = ${run.workspaceId} ${dialect.forUpdate()}`
    if (job.length === 0) return yield* conflict("startRun", "job")
    if (options.nextRunAt !== undefined) {
      yield* sql`UPDATE jobs SET next_run_at = ${options.nextRunAt} WHERE id = ${run.jobId}`
    }
    const [current] = yield* sql`SELECT ${sql.literal(runs.select())} FROM runs
      WHERE job_id = ${run.jobId} AND status IN ('queued', 'running')`
    if (current !== undefined) return { run: runs.decode(current), started: false }
    const inserted = yield* dialect.insert(
      "runs",
      runs.columns,
      [runs.encode(run)],
      "ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    if (inserted.length === 0) return yield* conflict("startRun", "id")
    if (options.checkpoint !== undefined) {
      yield* sql`UPDATE runs SET checkpoint = ${options.checkpoint} WHERE id = ${run.id}`
    }
    return { run, started: true }
  })

/** From which runs to choose: those of active jobs that nobody reads. SQLite reads tables in the order of a CROSS JOIN. */
const waiting = ({ sql }: Database, now: number): Fragment =>
  sql`FROM runs r CROSS JOIN jobs j WHERE j.id = r.job_id AND r.status IN ('queued', 'running') AND r.lease_until <= ${now} AND (r.resume_at IS NULL OR r.resume_at <= ${now})
    AND j.state = 'active'`

/** Whether a run waits or was abandoned. */
export const waits = (database: Database): Effect.Effect<boolean, SqlError> =>
  Effect.flatMap(database.dialect.now, (now) =>
    Effect.map(database.sql`SELECT 1 ${waiting(database, now)} LIMIT 1`, (rows) => rows.length > 0)
  )

/** Takes the run that waits for the longest time, or was abandoned. */
export const claim = (
  database: Database,
  options: { readonly owner: string; readonly leaseMillis: number }
): Effect.Effect<Option.Option<ClaimedRun>, SqlError> =>
  Effect.gen(function* () {
    const { dialect, sql } = database
    const now = yield* dialect.now
    const [row] = yield* sql<{ readonly lease_token: number; readonly checkpoint: Uint8Array | null }>`SELECT
        ${sql.literal(runs.select("r"))}, r.lease_token, r.checkpoint
      ${waiting(database, now)}
      ORDER BY coalesce(r.resume_at, r.created_at), r.id LIMIT 1 ${dialect.skipLocked("r")} ${dialect.andShare("j")}`
    if (row === undefined) return Option.none()
    const before = runs.decode(row)
    const run: Run = { ...before, status: "running", startedAt: before.startedAt ?? now, resumeAt: null }
    const token = Number(row.lease_token) + 1
    const until = now + options.leaseMillis
    yield* sql`UPDATE runs SET status = 'running', started_at = ${run.startedAt}, resume_at = NULL, lease_token = ${token},
      lease_until = ${until}, lease_owner = ${options.owner} WHERE id = ${run.id}`
    const [job] = yield* sql`SELECT ${sql.literal(jobs.select())} FROM jobs WHERE id = ${run.jobId}`
    const [last] = yield* sql<{
      readonly ordinal: number | null
    }>`SELECT max(ordinal) AS ordinal FROM snapshot WHERE job_id = ${run.jobId}`
    const given = last?.ordinal ?? null
    return Option.some({
      lease: { runId: run.id, jobId: run.jobId, token, until },
      run,
      job: jobs.decode(job!),
      checkpoint: row.checkpoint,
      nextOrdinal: given === null ? 0 : Number(given) + 1
    })
  })

/** Prolongs a lease, unless the job was paused meanwhile. */
export const renew = (
  { sql, dialect }: Database,
  lease: RunLease,
  leaseMillis: number
): Effect.Effect<RunLease, StoreError | SqlError> =>
  Effect.gen(function* () {
    const until = (yield* dialect.now) + leaseMillis
    const renewed = yield* sql`UPDATE runs SET lease_until = ${until}
      WHERE id = ${lease.runId} AND status = 'running' AND lease_token = ${lease.token} AND lease_until > 0
        AND EXISTS (SELECT 1 FROM jobs j WHERE j.id = runs.job_id AND j.state = 'active') RETURNING id`
    return renewed.length === 0 ? yield* leaseLost("renewRun") : { ...lease, until }
  })

/** Gives a run back. */
export const release = (
  database: Database,
  lease: RunLease,
  options: { readonly resumeAt: number | null; readonly issues: ReadonlyArray<RunIssue>; readonly interrupted: boolean }
): Effect.Effect<void, StoreError | SqlError> =>
  Effect.gen(function* () {
    const { sql } = database
    const { run } = yield* held(database, "releaseRun", lease)
    const issues = JSON.stringify([...run.issues, ...options.issues])
    yield* sql`UPDATE runs SET resume_at = ${options.resumeAt}, issues = ${issues},
      interruptions = ${run.interruptions + (options.interrupted ? 1 : 0)}, lease_token = lease_token + 1, lease_until = 0,
      lease_owner = NULL WHERE id = ${lease.runId}`
  })

/** Inserts rows of a job's snapshot, or replaces them. */
export const writeRows = (
  { dialect }: Database,
  jobId: string,
  written: ReadonlyArray<SnapshotRow>
): Effect.Effect<void, SqlError> => {
  // A key that comes twice counts as it came last: one statement cannot write a row twice.
  const rows = new Map<string, SnapshotRow>()
  for (const row of written) rows.set(row.key, row)
  return Effect.asVoid(
    dialect.insert(
      "snapshot",
      snapshotColumns,
      [...rows.values()].map((row) => [jobId, ...snapshot.encode(row)]),
      snapshotSuffix
    )
  )
}

/** Writes events of the run and counts them, and those whose place they took. */
const emit = (database: Database, held: Held, events: PageCommit["events"]): Effect.Effect<Barrier.Books, SqlError> =>
  Effect.gen(function* () {
    const written = yield* insertEvents(database, events, held.order)
    const emitted = Barrier.emit(held, written.events)
    if (written.departures.length === 0) return emitted
    return (yield* RunBooks.coalesce(database, written.departures, yield* database.dialect.now, emitted))!
  })

/** Writes a page: rows, seen bits, events, counters and checkpoint. */
export const commitPage = (
  database: Database,
  lease: RunLease,
  commit: PageCommit
): Effect.Effect<void, StoreError | SqlError> =>
  Effect.gen(function* () {
    const { sql, dialect } = database
    const books = yield* held(database, "commitPage", lease)
    if (books.replayed) yield* compareRows(database, lease.jobId, commit)
    const [{ closingEventId, run }] = yield* together([
      emit(database, books, commit.events),
      writeRows(database, lease.jobId, commit.rows),
      dialect.insert(
        "seen_bits",
        ["run_id", "chunk", "bits"],
        commit.seen.map(({ chunk, bits }) => [lease.runId, chunk, bits]),
        "ON CONFLICT (run_id, chunk) DO UPDATE SET bits = excluded.bits"
      )
    ])
    const counts = JSON.stringify(addCounts(run.counts, commit.counts))
    const issues = JSON.stringify([...run.issues, ...commit.issues])
    CrashPoint.at("page.writing")
    yield* sql`UPDATE runs SET checkpoint = ${commit.checkpoint}, counts = ${counts}, issues = ${issues}, interruptions = 0, emitted = ${run.emitted}, coalesced = ${run.coalesced},
      outstanding = ${run.outstanding}, closing_event_id = ${closingEventId} WHERE id = ${lease.runId}`
  })

/** Everything that a run needed only while it read goes. */
const stopReading = ({ sql }: Database, runId: string, fields: Fragment): Effect.Effect<void, SqlError> =>
  Effect.andThen(
    sql`UPDATE runs SET ${fields}, resume_at = NULL, checkpoint = NULL, lease_token = lease_token + 1, lease_until = 0,
      lease_owner = NULL WHERE id = ${runId}`,
    Effect.asVoid(sql`DELETE FROM seen_bits WHERE run_id = ${runId}`)
  )

/** Ends reading, and the run itself when nothing is outstanding. */
export const end = (
  database: Database,
  lease: RunLease,
  ending: RunEnd,
  close: CloseRun
): Effect.Effect<void, StoreError | SqlError> =>
  Effect.gen(function* () {
    const { sql } = database
    const before = yield* held(database, "endRun", lease)
    const counted = yield* emit(database, before, ending.events)
    const run: Run = {
      ...counted.run,
      status: ending.status,
      processedAt: ending.at,
      resumeAt: null,
      heldDeletions: ending.heldDeletions,
      issues: [...counted.run.issues, ...ending.issues]
    }
    const { books, closing } = Barrier.closeIfDone({ ...counted, run }, close, ending.at)
    if (closing !== null) yield* insertEvents(database, [closing])
    CrashPoint.at("run.sealing")
    yield* stopReading(
      database,
      lease.runId,
      sql`processed_at = ${ending.at}, held_deletions = ${ending.heldDeletions}, issues = ${JSON.stringify(run.issues)}`
    )
    yield* RunBooks.save(database, [books])
    yield* changeJob(database, lease.jobId, ending.job)
  })

const changeJob = ({ sql }: Database, id: string, change: RunEnd["job"]): Effect.Effect<void, SqlError> => {
  const fields: Array<Fragment> = []
  if (change.cursor !== undefined) fields.push(sql`cursor = ${change.cursor}`)
  if (change.scope !== undefined) fields.push(sql`scope = ${change.scope}`)
  if (change.deltasSinceListing !== undefined) fields.push(sql`deltas_since_listing = ${change.deltasSinceListing}`)
  if (change.nextRunAt !== undefined) fields.push(sql`next_run_at = ${change.nextRunAt}`)
  return fields.length === 0 ? Effect.void : Effect.asVoid(sql`UPDATE jobs SET ${sql.csv(fields)} WHERE id = ${id}`)
}

/** Ends a reading run from outside. */
export const cancel = (
  database: Database,
  workspaceId: string,
  id: string,
  at: number
): Effect.Effect<boolean, SqlError> =>
  Effect.gen(function* () {
    const { sql } = database
    const books = (yield* RunBooks.load(database, [id])).get(id)
    if (books === undefined || books.run.workspaceId !== workspaceId) return false
    if (books.run.status !== "queued" && books.run.status !== "running") return false
    yield* stopReading(database, id, sql`processed_at = ${at}`)
    yield* RunBooks.save(database, [{ ...books, run: { ...books.run, status: "cancelled" } }])
    return true
  })

/** Runs that were read and have nothing outstanding, but were not closed by what made them so. */
export const closable = ({ sql }: Database, limit: number): Effect.Effect<ReadonlyArray<Run>, SqlError> =>
  Effect.map(
    sql`SELECT ${sql.literal(runs.select())} FROM runs WHERE status = 'processed' AND outstanding = 0
      AND closing_event_id IS NULL ORDER BY id LIMIT ${limit}`,
    (rows) => rows.map(runs.decode)
  )

/** Closes such a run. */
export const close = (database: Database, id: string, closing: CloseRun): Effect.Effect<boolean, SqlError> =>
  Effect.gen(function* () {
    const books = (yield* RunBooks.load(database, [id])).get(id)
    if (books === undefined || !Barrier.isClosable(books)) return false
    const closed = Barrier.closeIfDone(books, closing, yield* database.dialect.now)
    if (closed.closing !== null) yield* insertEvents(database, [closed.closing])
    yield* RunBooks.save(database, [closed.books])
    return true
  })
