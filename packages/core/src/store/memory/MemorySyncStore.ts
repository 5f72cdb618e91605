import * as Option from "effect/Option"
import type { NewEvent } from "../../event/Event.ts"
import type { Job } from "../../sync/Job.ts"
import { addCounts, reading, type Run } from "../../sync/Run.ts"
import * as Barrier from "../Barrier.ts"
import { type PageCommit, type RunLease, SyncStore } from "../SyncStore.ts"
import * as MemorySnapshot from "./MemorySnapshot.ts"
import { newestFirst, oldestFirst } from "./MemoryListing.ts"
import { bookCoalesced, insertEvents, setBooks } from "./MemoryOutbox.ts"
import { atomic, type MemoryState, patchRun, type RunEntry, shredRuns } from "./MemoryState.ts"
import { conflict, leaseLost, replayedMeanwhile } from "../StoreError.ts"

const isReading = (run: Run): boolean => reading.includes(run.status)

/** `SyncStore` over the shared state. */
export const make = (state: MemoryState): SyncStore["Service"] => {
  const jobsSorted = (compare: (a: Job, b: Job) => number) =>
    [...state.jobs.values()].sort((a, b) => compare(a, b) || (a.id < b.id ? -1 : 1))
  const readingRun = (jobId: string): Run | undefined => {
    for (const { run } of state.runs.values()) if (run.jobId === jobId && isReading(run)) return run
    return undefined
  }
  const waiting = (now: number): Array<RunEntry> =>
    [...state.runs.values()].filter(
      ({ run, leaseUntil }) =>
        isReading(run) &&
        leaseUntil <= now &&
        (run.resumeAt === null || run.resumeAt <= now) &&
        state.jobs.get(run.jobId)?.state === "active"
    )
  const held = (operation: string, lease: RunLease): RunEntry => {
    const entry = state.runs.get(lease.runId)
    if (
      entry === undefined ||
      entry.run.status !== "running" ||
      entry.token !== lease.token ||
      entry.leaseUntil === 0
    ) {
      throw leaseLost(operation)
    }
    return entry
  }
  /** Writes and counts the events of a run; events of other runs do not occur. */
  const emit = (entry: RunEntry, events: ReadonlyArray<NewEvent>, now: number): RunEntry => {
    const written = insertEvents(state, events, now)
    setBooks(state, Barrier.emit(entry, written.events))
    bookCoalesced(state, written.coalesced, now)
    return state.runs.get(entry.run.id)!
  }
  /** Refuses a page that was made from rows which a replay has meanwhile given newer sequences. */
  const compareRows = (entry: RunEntry, commit: PageCommit): void => {
    if (!entry.replayed) return
    const given = new Set(commit.events.map((event) => `${event.record}/${event.sequence}`))
    const stored = new Map(
      [...MemorySnapshot.rowsOf(state, entry.run.jobId).values()].map((row) => [row.ordinal, row.sequence])
    )
    if (commit.rows.some((row) => Barrier.isOutdated(row, stored.get(row.ordinal), given))) throw replayedMeanwhile()
  }
  const stopReading = (entry: RunEntry): void => {
    state.runs.set(entry.run.id, { ...entry, checkpoint: null, token: entry.token + 1, leaseUntil: 0 })
    state.seen.delete(entry.run.id)
    shredRuns(state, [entry.run.id])
  }

  return SyncStore.of({
    saveJob: (job) =>
      atomic(() => {
        const known = state.jobs.get(job.id)
        if (known !== undefined && known.workspaceId !== job.workspaceId) throw conflict("saveJob", "id")
        if (state.integrations.get(job.integrationId)?.workspaceId !== job.workspaceId)
          throw conflict("saveJob", "integration")
        for (const other of state.jobs.values()) {
          if (other.id !== job.id && other.integrationId === job.integrationId && other.dataType === job.dataType) {
            throw conflict("saveJob", "integration and data type")
          }
        }
        state.jobs.set(
          job.id,
          known === undefined
            ? job
            : {
                ...job,
                cursor: known.cursor,
                scope: known.scope,
                deltasSinceListing: known.deltasSinceListing,
                sequenceFloor: known.sequenceFloor
              }
        )
        if (job.state !== "paused") return
        for (const [id, entry] of state.runs) {
          if (entry.run.jobId === job.id && entry.run.status === "running") {
            state.runs.set(id, { ...entry, token: entry.token + 1, leaseUntil: 0 })
          }
        }
      }),
    job: (workspaceId, id) =>
      atomic(() => Option.filter(Option.fromUndefinedOr(state.jobs.get(id)), (job) => job.workspaceId === workspaceId)),
    jobFor: (workspaceId, integrationId, dataType) =>
      atomic(() =>
        Option.fromUndefinedOr(
          [...state.jobs.values()].find(
            (job) => job.workspaceId === workspaceId && job.integrationId === integrationId && job.dataType === dataType
          )
        )
      ),
    jobs: (filter, request) =>
      atomic(() =>
        oldestFirst(
          "listJobs",
          state.jobs.values(),
          request,
          (job) =>
            job.workspaceId === filter.workspaceId &&
            (filter.integrationId === undefined || job.integrationId === filter.integrationId)
        )
      ),
    raiseSequences: (floor) =>
      atomic(() => {
        let raised = 0
        for (const [id, job] of state.jobs) {
          if (job.sequenceFloor >= floor) continue
          state.jobs.set(id, { ...job, sequenceFloor: floor })
          raised++
        }
        return raised
      }),
    dueJobs: (limit) =>
      atomic((now) =>
        jobsSorted((a, b) => (a.nextRunAt ?? 0) - (b.nextRunAt ?? 0))
          .filter(
            (job) => job.state === "active" && job.nextRunAt !== null && job.nextRunAt <= now && !readingRun(job.id)
          )
          .filter((job) => state.integrations.get(job.integrationId)?.state === "active")
          .slice(0, limit)
      ),

    startRun: (run, options) =>
      atomic(() => {
        const job = state.jobs.get(run.jobId)
        if (job?.workspaceId !== run.workspaceId) throw conflict("startRun", "job")
        if (options?.nextRunAt !== undefined) state.jobs.set(job.id, { ...job, nextRunAt: options.nextRunAt })
        const current = readingRun(run.jobId)
        if (current !== undefined) return { run: current, started: false }
        if (state.runs.has(run.id)) throw conflict("startRun", "id")
        state.runs.set(run.id, {
          run,
          closingEventId: null,
          checkpoint: options?.checkpoint ?? null,
          token: 0,
          leaseUntil: 0,
          replayed: false
        })
        return { run, started: true }
      }),
    run: (workspaceId, id) =>
      atomic(() =>
        Option.filter(Option.fromUndefinedOr(state.runs.get(id)?.run), (run) => run.workspaceId === workspaceId)
      ),
    runsById: (ids) => atomic(() => [...new Set(ids)].flatMap((id) => state.runs.get(id)?.run ?? [])),
    runs: (filter, request) =>
      atomic(() => {
        const matching = [...state.runs.values()]
          .map(({ run }) => run)
          .filter(
            (run) =>
              run.workspaceId === filter.workspaceId &&
              (filter.integrationId === undefined || run.integrationId === filter.integrationId) &&
              (filter.jobId === undefined || run.jobId === filter.jobId) &&
              (filter.dataType === undefined || run.dataType === filter.dataType) &&
              (filter.status === undefined || run.status === filter.status) &&
              (filter.from === undefined || run.createdAt >= filter.from) &&
              (filter.to === undefined || run.createdAt < filter.to)
          )
        return newestFirst("listRuns", matching, request, (run) => ({ at: run.createdAt, id: run.id }))
      }),

    claimRun: ({ leaseMillis }) =>
      atomic((now) => {
        const since = ({ createdAt, resumeAt }: Run) => resumeAt ?? createdAt
        const [entry] = waiting(now).sort((a, b) => since(a.run) - since(b.run) || (a.run.id < b.run.id ? -1 : 1))
        if (entry === undefined) return Option.none()
        const run: Run = { ...entry.run, status: "running", startedAt: entry.run.startedAt ?? now, resumeAt: null }
        const token = entry.token + 1
        const until = now + leaseMillis
        state.runs.set(run.id, { ...entry, run, token, leaseUntil: until })
        let nextOrdinal = 0
        for (const row of MemorySnapshot.rowsOf(state, run.jobId).values())
          nextOrdinal = Math.max(nextOrdinal, row.ordinal + 1)
        const job = state.jobs.get(run.jobId)!
        const lease: RunLease = { runId: run.id, jobId: run.jobId, token, until }
        return Option.some({ lease, run, job, checkpoint: entry.checkpoint, nextOrdinal })
      }),
    runsWait: atomic((now) => waiting(now).length > 0),
    renewRun: (lease, leaseMillis) =>
      atomic((now) => {
        const entry = held("renewRun", lease)
        if (state.jobs.get(entry.run.jobId)?.state !== "active") throw leaseLost("renewRun")
        const until = now + leaseMillis
        state.runs.set(lease.runId, { ...entry, leaseUntil: until })
        return { ...lease, until }
      }),
    releaseRun: (lease, { resumeAt, issues, interrupted }) =>
      atomic(() => {
        const entry = held("releaseRun", lease)
        const run: Run = {
          ...entry.run,
          resumeAt,
          issues: [...entry.run.issues, ...issues],
          interruptions: entry.run.interruptions + (interrupted ? 1 : 0)
        }
        state.runs.set(lease.runId, { ...entry, run, token: entry.token + 1, leaseUntil: 0 })
      }),
    commitPage: (lease, commit) =>
      atomic((now) => {
        const before = held("commitPage", lease)
        compareRows(before, commit)
        const entry = emit(before, commit.events, now)
        const run: Run = {
          ...entry.run,
          counts: addCounts(entry.run.counts, commit.counts),
          issues: [...entry.run.issues, ...commit.issues],
          interruptions: 0
        }
        state.runs.set(lease.runId, { ...entry, run, checkpoint: commit.checkpoint })
        if (commit.rows.length > 0) {
          const rows = MemorySnapshot.rowsOf(state, lease.jobId)
          for (const row of commit.rows)
            rows.set(row.key, { ...row, ordinal: rows.get(row.key)?.ordinal ?? row.ordinal })
          state.snapshots.set(lease.jobId, rows)
        }
        if (commit.seen.length > 0) {
          const seen = state.seen.get(lease.runId) ?? new Map<number, Uint8Array>()
          // The caller goes on setting bits in its own arrays.
          for (const { chunk, bits } of commit.seen) seen.set(chunk, bits.slice())
          state.seen.set(lease.runId, seen)
        }
      }),
    endRun: (lease, end, close) =>
      atomic((now) => {
        const before = held("endRun", lease)
        const fresh = end.events.filter((event) => !state.events.has(event.id))
        const counted = Barrier.emit(before, fresh)
        const run: Run = {
          ...counted.run,
          status: end.status,
          processedAt: end.at,
          resumeAt: null,
          heldDeletions: end.heldDeletions,
          issues: [...counted.run.issues, ...end.issues]
        }
        // `close` may throw: nothing has been changed so far.
        const closed = Barrier.closeIfDone({ ...counted, run }, close, end.at)
        insertEvents(state, closed.closing === null ? end.events : [...end.events, closed.closing], now)
        const job = state.jobs.get(lease.jobId)
        if (job !== undefined) state.jobs.set(job.id, { ...job, ...end.job })
        stopReading({ ...before, ...closed.books })
      }),
    closable: (limit) =>
      atomic(() =>
        [...state.runs.values()]
          .filter(Barrier.isClosable)
          .map(({ run }) => run)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit)
      ),
    closeRun: (id, close) =>
      atomic((now) => {
        const entry = state.runs.get(id)
        if (entry === undefined || !Barrier.isClosable(entry)) return false
        const { books, closing } = Barrier.closeIfDone(entry, close, now)
        if (closing !== null) insertEvents(state, [closing], now)
        setBooks(state, books)
        shredRuns(state, [id])
        return true
      }),
    cancelRun: (workspaceId, id, at) =>
      atomic(() => {
        const entry = state.runs.get(id)
        if (entry === undefined || entry.run.workspaceId !== workspaceId || !isReading(entry.run)) return false
        patchRun(state, id, { status: "cancelled", processedAt: at, resumeAt: null })
        stopReading(state.runs.get(id)!)
        return true
      }),

    ...MemorySnapshot.make(state)
  })
}
