import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { EventRecord, NewEvent } from "../event/Event.ts"
import type { Replay, ReplayFilter, ReplayProgress } from "../replay/Replay.ts"
import type { ListRequest, Listing } from "./Listing.ts"
import type { StoreError } from "./StoreError.ts"
import type { SnapshotRow } from "./SyncStore.ts"

/** The right to work on a replay, proven by the token that grew when it was taken. */
export interface ReplayLease {
  readonly replayId: string
  readonly token: number
}

/** A replay that this process may work on now. */
export interface ClaimedReplay {
  readonly lease: ReplayLease
  readonly replay: Replay
}

/** A row of a job's snapshot as it shall become, if its sequence still is the one that it was made from. */
export interface ReplayedRow {
  readonly jobId: string
  readonly row: SnapshotRow
  readonly sequence: number
}

/** Everything that one batch changes, committed together or not at all. */
export interface ReplayBatch {
  readonly cursorPosition: number
  /** Nothing is left to do after it. */
  readonly done: boolean
  readonly examined: number
  readonly events: ReadonlyArray<NewEvent>
  readonly rows: ReadonlyArray<ReplayedRow>
  /** Pending events that are made due now. */
  readonly due: ReadonlyArray<string>
  readonly skipped: { readonly [reason: string]: number }
  readonly nextAt: number
}

/** A part of the events that a replay is about, oldest first. */
export interface ReplayScan {
  readonly events: ReadonlyArray<EventRecord>
  /** Where the next part begins. */
  readonly cursorPosition: number
  readonly done: boolean
}

/** Replays. A foreign workspace's id is simply not there. Each operation is one transaction. */
export class ReplayStore extends Context.Service<
  ReplayStore,
  {
    /**
     * Stores the replay, up to the newest event of the log; or returns the one of the same fingerprint that was made
     * less than `windowMillis` before.
     */
    readonly create: (
      replay: Replay,
      windowMillis: number
    ) => Effect.Effect<{ readonly replay: Replay; readonly created: boolean }, StoreError>
    readonly get: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Replay>, StoreError>
    /** Newest first. */
    readonly list: (workspaceId: string, request: ListRequest) => Effect.Effect<Listing<Replay>, StoreError>
    /**
     * What has become of the events that replays made, by replay; it costs the same however many they are. An event that
     * the log has forgotten still counts, one whose integration was purged was discarded.
     */
    readonly progress: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, ReplayProgress>, StoreError>
    /** Makes no more events; those in the outbox are still delivered. False when there is nothing left to cancel. */
    readonly cancel: (workspaceId: string, id: string, at: number) => Effect.Effect<boolean, StoreError>
    /** Takes the replay whose time came first. */
    readonly claim: (options: {
      readonly owner: string
      readonly leaseMillis: number
    }) => Effect.Effect<Option.Option<ClaimedReplay>, StoreError>
    /** Prolongs the lease; `LeaseLost` when somebody else has it, or the replay was cancelled. */
    readonly renew: (lease: ReplayLease, leaseMillis: number) => Effect.Effect<void, StoreError>
    /** Gives the replay back: another process may take it from `nextAt` on. An error counts as an interruption. */
    readonly release: (
      lease: ReplayLease,
      options: { readonly nextAt: number; readonly error: string | null }
    ) => Effect.Effect<void, StoreError>
    /** The next events after the cursor, at most `limit`; a part may be empty without being the last. */
    readonly scan: (
      replay: Pick<Replay, "workspaceId" | "filter" | "cursorPosition" | "untilPosition">,
      limit: number
    ) => Effect.Effect<ReplayScan, StoreError>
    /** How many events match, by state, in a part of the log after a position; a null cursor means that it was the last. */
    readonly count: (
      workspaceId: string,
      filter: ReplayFilter,
      after: number
    ) => Effect.Effect<{ readonly states: ReplayProgress; readonly cursorPosition: number | null }, StoreError>
    /**
     * Commits a batch. `LeaseLost` changes nothing; nor does `Conflict`, which means that a row was given another
     * sequence meanwhile. Runs that read the same jobs are told: a page of theirs that was made from an older row is a
     * `Conflict`, too.
     */
    readonly commit: (lease: ReplayLease, batch: ReplayBatch) => Effect.Effect<void, StoreError>
  }
>()("@crochet/core/store/ReplayStore") {}
