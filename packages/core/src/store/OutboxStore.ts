import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Circuit from "../delivery/Circuit.ts"
import type { Attempt, EventRecord, EventState, NewEvent } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import type { ListRequest, Listing } from "./Listing.ts"
import type { StoreError } from "./StoreError.ts"
import type { CloseRun } from "./SyncStore.ts"

/** An event that this process may deliver now; `token` proves it. */
export interface ClaimedEvent extends NewEvent {
  /** Where it stands in the outbox: what the store finds it by. Never given to another event. */
  readonly position: number
  readonly token: number
  /** Attempts made so far. */
  readonly attempts: number
  /** When its 96 hours began; null before. */
  readonly firstAttemptAt: number | null
  /**
   * Why it was taken, unless because it was due: as the `probe` of an open circuit, or because its time is `overdue`, so
   * that it is to be settled as expired without an attempt.
   */
  readonly purpose?: "probe" | "overdue"
}

/** What proves that an event is held. */
export type Lease = Pick<ClaimedEvent, "id" | "position" | "token">

/** What came of one attempt. */
export interface Outcome {
  readonly event: Pick<ClaimedEvent, "id" | "position" | "token" | "runId" | "type" | "purpose">
  /** For the log; null when none was made, or when a probe failed, which is no attempt. */
  readonly attempt: Attempt | null
  /** What it says about the destination; nothing when left out. */
  readonly sign?: Circuit.Sign
  readonly result:
    | { readonly kind: "acknowledged" }
    | { readonly kind: "retry"; readonly at: number }
    /** A probe failed: back into the queue, behind what is due, with its attempts and its 96 hours as they were. */
    | { readonly kind: "parked" }
    /** No attempt is left: the body is erased, the run cannot complete. */
    | { readonly kind: "expired" }
}

/** What a settlement changed. */
export interface Settlement {
  /** Events whose lease was lost meanwhile: nothing was changed for them. */
  readonly lost: ReadonlyArray<string>
  /** Runs that were closed: their closing event is in the outbox now. */
  readonly closed: ReadonlyArray<string>
  /** What happened to destinations: their circuit opened or closed, or they asked for silence. */
  readonly turns: ReadonlyArray<Circuit.Turn>
}

/** Events that are not acknowledged yet, and the log of those that were. Each operation is one transaction. */
export class OutboxStore extends Context.Service<
  OutboxStore,
  {
    /** Adds events outside of runs; ids that exist already are left as they are. One that names a run is counted there. */
    readonly enqueue: (events: ReadonlyArray<NewEvent>) => Effect.Effect<void, StoreError>
    /**
     * Ids of active destinations that have an event to deliver now: not those that asked for silence; those with an open
     * circuit when a probe is due.
     */
    readonly dueDestinations: Effect.Effect<ReadonlyArray<string>, StoreError>
    /**
     * When the next event of an active destination can be claimed, which may be past; `None` when nothing waits. Leased
     * events count with the end of their lease, events behind an unsettled one of their record not at all, those of an
     * open circuit with its next probe.
     */
    readonly nextDueAt: Effect.Effect<Option.Option<number>, StoreError>
    /**
     * Takes due events of one destination, oldest first. An event whose record has an earlier unsettled event waits
     * for that one. No more than the destination's rate has room for, over all processes. While its circuit is open:
     * those whose 96 hours are over, and when there is none, one probe.
     */
    readonly claim: (options: {
      readonly destinationId: string
      readonly owner: string
      readonly limit: number
      readonly leaseMillis: number
    }) => Effect.Effect<ReadonlyArray<ClaimedEvent>, StoreError>
    /** Prolongs leases; returns the ids that are still held. */
    readonly renew: (
      events: ReadonlyArray<Lease>,
      leaseMillis: number
    ) => Effect.Effect<ReadonlyArray<string>, StoreError>
    /** Gives events back without an attempt, e.g. when the process stops. */
    readonly release: (events: ReadonlyArray<Lease>) => Effect.Effect<void, StoreError>
    /**
     * Writes a group of outcomes: attempts, erased bodies, counters of runs, and for each run of which nothing is
     * outstanding any more (and whose reading ended) the closing event that `close` makes. The signs of the outcomes
     * open and close circuits; when one closes, what waits for a retry is due at once. When the closing event
     * itself is acknowledged, the run is `completed` (`incomplete` if it closed so, or if the closing event expires). When a run is over and nothing of it is left in the
     * outbox, its data key is destroyed in the same transaction. `close` must not fail: a throw is a defect that changes
     * nothing.
     */
    readonly settle: (outcomes: ReadonlyArray<Outcome>, close: CloseRun) => Effect.Effect<Settlement, StoreError>

    /** How destinations do, those of which nothing is known left out. By id alone. */
    readonly health: (
      destinationIds: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyArray<Circuit.DestinationHealth>, StoreError>
    readonly event: (workspaceId: string, id: string) => Effect.Effect<Option.Option<EventRecord>, StoreError>
    /** The sealed body while the event is pending. */
    readonly body: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Uint8Array>, StoreError>
    /** First to last. By id alone: look the event up in its workspace before. */
    readonly attempts: (eventId: string) => Effect.Effect<ReadonlyArray<Attempt>, StoreError>
    /** Newest first. */
    readonly list: (
      filter: {
        readonly workspaceId: string
        readonly integrationId?: string | undefined
        readonly runId?: string | undefined
        /** Records of one job, by ordinal. */
        readonly records?: { readonly jobId: string; readonly ordinals: ReadonlyArray<number> } | undefined
        readonly type?: EventType | undefined
        readonly state?: EventState | undefined
      },
      request: ListRequest
    ) => Effect.Effect<Listing<EventRecord>, StoreError>
    /** Makes a pending event due now; false when there is none. */
    readonly retryNow: (workspaceId: string, id: string) => Effect.Effect<boolean, StoreError>
    /** How many events of runs wait for delivery to the destination. */
    readonly backlog: (destinationId: string) => Effect.Effect<number, StoreError>
    /**
     * Ids of runs created since the time (or with anything outstanding) whose books contradict themselves or the outbox,
     * by id: what is outstanding is not what waits, what was emitted is neither consumed nor coalesced nor waiting nor
     * expired, or a closing event was written while anything was outstanding. One consistent look at all of them.
     */
    readonly imbalances: (since: number, limit: number) => Effect.Effect<ReadonlyArray<string>, StoreError>
    /** Removes log entries that were settled before the time, at most `limit`; returns how many. */
    readonly prune: (before: number, limit: number) => Effect.Effect<number, StoreError>
  }
>()("@crochet/core/store/OutboxStore") {}
