import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { NewEvent } from "../event/Event.ts"
import type { Job } from "../sync/Job.ts"
import type { Run, RunCounts, RunIssue, RunStatus } from "../sync/Run.ts"
import type { ListRequest, Listing } from "./Listing.ts"
import type { StoreError } from "./StoreError.ts"

/** Whether a snapshot row stands for a live record, one that a complete listing lacked, or a deleted one. */
export type SnapshotState = "live" | "missing" | "deleted"

/** Why a record is, or is about to be, deleted for the receiver. */
export type DeletionReason = "gone" | "inactive" | "out_of_filter"

/** All that is kept of a record: fingerprints and sealed identifiers. */
export interface SnapshotRow {
  /** Keyed fingerprint of the record's id. */
  readonly key: string
  /** Dense position within the job, for seen-bitmaps; given once. */
  readonly ordinal: number
  readonly raw: string
  /** The version of the mapper that made `models`. */
  readonly mapper: number
  /** Fingerprints of the subscribed models, 22 characters each, in order. */
  readonly models: string
  /** `{recordId, …identifiers}` as JSON, sealed with the integration's key. */
  readonly identifiers: Uint8Array
  /** The sequence number of the record's last event; 0 before any. */
  readonly sequence: number
  readonly state: SnapshotState
  readonly reason: DeletionReason | null
}

/** What of a row decides on a change: most rows of a listing need no more. */
export type SnapshotEntry = Omit<SnapshotRow, "identifiers">

/** A part of a seen-bitmap: bits of the ordinals from `chunk * SeenBitmap.chunkSize` on; replaces the chunk that is stored. */
export interface SeenChunk {
  readonly chunk: number
  readonly bits: Uint8Array
}

/** The right to work on a run until `until`, proven by the token that grew when it was taken. */
export interface RunLease {
  readonly runId: string
  readonly jobId: string
  readonly token: number
  readonly until: number
}

/** A run that this process may work on now. */
export interface ClaimedRun {
  readonly lease: RunLease
  readonly run: Run
  readonly job: Job
  /** The sealed checkpoint of the last committed page; null before any. */
  readonly checkpoint: Uint8Array | null
  /** The first ordinal that is not given yet. */
  readonly nextOrdinal: number
}

/** Everything that one page changes, committed together or not at all. */
export interface PageCommit {
  readonly checkpoint: Uint8Array | null
  /** New or changed rows; others stay untouched. The ordinal of a row that is there never changes. */
  readonly rows: ReadonlyArray<SnapshotRow>
  readonly seen: ReadonlyArray<SeenChunk>
  /** Ids that exist already are left as they are and not counted again. */
  readonly events: ReadonlyArray<NewEvent>
  readonly counts: RunCounts
  readonly issues: ReadonlyArray<RunIssue>
}

/** How a run's reading ended. */
export interface RunEnd {
  readonly status: "processed" | "failed" | "cancelled"
  readonly at: number
  /** `processed` and `allEmitted`, or `sync.failed`. */
  readonly events: ReadonlyArray<NewEvent>
  readonly heldDeletions: number
  readonly issues: ReadonlyArray<RunIssue>
  /** Changes of the job that become true with the end of the run: cursor, scope, next run. */
  readonly job: Partial<Pick<Job, "cursor" | "scope" | "deltasSinceListing" | "nextRunAt">>
}

/**
 * Makes the run's closing event; called inside the transaction in which the last other event was settled. Null when the
 * destination does not want it: the run then ends in that very transaction.
 */
export type CloseRun = (run: Run) => NewEvent | null

/** Jobs, runs and snapshots. A foreign workspace's id is simply not there. Each operation is one transaction. */
export class SyncStore extends Context.Service<
  SyncStore,
  {
    /**
     * Inserts, or replaces the definition: `cursor`, `scope`, `deltasSinceListing` and `sequenceFloor` of a stored job
     * stay as they are, because only the end of a run, and the last `raiseSequences`, change them. Pausing takes the lease of the job's run away: nothing more of it is
     * committed, and it goes on at once when the job is active again. A second job for an integration and data type is a `Conflict`.
     */
    readonly saveJob: (job: Job) => Effect.Effect<void, StoreError>
    readonly job: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Job>, StoreError>
    readonly jobFor: (
      workspaceId: string,
      integrationId: string,
      dataType: string
    ) => Effect.Effect<Option.Option<Job>, StoreError>
    readonly jobs: (
      filter: { readonly workspaceId: string; readonly integrationId?: string | undefined },
      request: ListRequest
    ) => Effect.Effect<Listing<Job>, StoreError>
    /** Gives every job at least this `sequenceFloor`, for the runs that begin after it; returns how many had a lower one. */
    readonly raiseSequences: (floor: number) => Effect.Effect<number, StoreError>
    /** Active jobs of active integrations whose time has come and that have no reading run, most overdue first. */
    readonly dueJobs: (limit: number) => Effect.Effect<ReadonlyArray<Job>, StoreError>

    /**
     * Queues the run, unless a run of its job is still reading: then that one is returned. `checkpoint` is where it
     * begins (sealed); `nextRunAt` becomes the job's in the same transaction.
     */
    readonly startRun: (
      run: Run,
      options?: { readonly checkpoint?: Uint8Array; readonly nextRunAt?: number }
    ) => Effect.Effect<{ readonly run: Run; readonly started: boolean }, StoreError>
    readonly run: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Run>, StoreError>
    /** By id alone, for the dispatcher. */
    readonly runsById: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Run>, StoreError>
    /** Newest first. */
    readonly runs: (
      filter: {
        readonly workspaceId: string
        readonly integrationId?: string | undefined
        readonly jobId?: string | undefined
        readonly dataType?: string | undefined
        readonly status?: RunStatus | undefined
        /** Created at this time or later. */
        readonly from?: number | undefined
        /** Created before this time. */
        readonly to?: number | undefined
      },
      request: ListRequest
    ) => Effect.Effect<Listing<Run>, StoreError>

    /**
     * Takes a queued run, or one whose lease has passed, of a job that is not paused; first the one that waits since the
     * earliest time: that of its creation, or, if it was given back, its `resumeAt`.
     */
    readonly claimRun: (options: {
      readonly owner: string
      readonly leaseMillis: number
    }) => Effect.Effect<Option.Option<ClaimedRun>, StoreError>
    /** Whether `claimRun` would find one. */
    readonly runsWait: Effect.Effect<boolean, StoreError>
    /** Prolongs the lease; `LeaseLost` when somebody else has it, or the run was cancelled or its job paused. */
    readonly renewRun: (lease: RunLease, leaseMillis: number) => Effect.Effect<RunLease, StoreError>
    /** Gives the run back: another process may take it from `resumeAt` on (null: at once). */
    readonly releaseRun: (
      lease: RunLease,
      options: {
        readonly resumeAt: number | null
        readonly issues: ReadonlyArray<RunIssue>
        readonly interrupted: boolean
      }
    ) => Effect.Effect<void, StoreError>
    /**
     * Commits a page, which also ends a row of interruptions; `LeaseLost` changes nothing. `Conflict`: a replay has
     * meanwhile sent one of its records, and the page has to be read again.
     */
    readonly commitPage: (lease: RunLease, commit: PageCommit) => Effect.Effect<void, StoreError>
    /** Ends reading. When nothing is outstanding then, the closing event is written in the same transaction. */
    readonly endRun: (lease: RunLease, end: RunEnd, close: CloseRun) => Effect.Effect<void, StoreError>
    /** Ends a reading run from outside; events that are already in the outbox are still delivered. False if it was not reading. */
    readonly cancelRun: (workspaceId: string, id: string, at: number) => Effect.Effect<boolean, StoreError>

    /**
     * Runs of all workspaces that were read, have nothing outstanding and no closing event: a newer event took the place
     * of their last one, or a replay made up for the last one that had expired.
     */
    readonly closable: (limit: number) => Effect.Effect<ReadonlyArray<Run>, StoreError>
    /** Closes such a run, as `endRun` and `settle` do; false when it is none. */
    readonly closeRun: (id: string, close: CloseRun) => Effect.Effect<boolean, StoreError>

    /** The rows with the given keys, in any order; unknown keys are left out. */
    readonly lookup: (
      jobId: string,
      keys: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyArray<SnapshotRow>, StoreError>
    /** `lookup` without the identifiers, for every page of a listing. */
    readonly peek: (
      jobId: string,
      keys: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyArray<SnapshotEntry>, StoreError>
    /** The rows with the given ordinals, in any order; unknown ones are left out. */
    readonly rows: (
      jobId: string,
      ordinals: ReadonlyArray<number>
    ) => Effect.Effect<ReadonlyArray<SnapshotRow>, StoreError>
    /** Position, key and state of the rows after an ordinal, in order. */
    readonly scan: (
      jobId: string,
      afterOrdinal: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<Pick<SnapshotRow, "ordinal" | "key" | "state">>, StoreError>
    readonly seen: (runId: string) => Effect.Effect<ReadonlyArray<SeenChunk>, StoreError>
    /** Turns the job's missing rows into live ones again; returns how many. */
    readonly discardMissing: (jobId: string) => Effect.Effect<number, StoreError>
    readonly countMissing: (jobId: string) => Effect.Effect<number, StoreError>
  }
>()("@crochet/core/store/SyncStore") {}
