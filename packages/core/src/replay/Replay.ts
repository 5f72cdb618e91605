import type { EventState } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"

/** Which events a replay is about; what is given must all be true. Times are epoch milliseconds. */
export interface ReplayFilter {
  /** These events, in whatever state they are. */
  readonly eventIds?: ReadonlyArray<string> | undefined
  readonly runId?: string | undefined
  readonly integrationId?: string | undefined
  readonly destinationId?: string | undefined
  readonly type?: EventType | undefined
  /** Written at this time or later. */
  readonly from?: number | undefined
  /** Written before this time. */
  readonly to?: number | undefined
  /** In one of these states. What a replay made up for already is left out, unless it is named by its id. */
  readonly states?: ReadonlyArray<EventState> | undefined
}

/**
 * Where the work on a replay stands: `queued` → `running` → `done` (all of it is in the outbox; deliveries may go on), or
 * `cancelled`.
 */
export type ReplayState = "queued" | "running" | "done" | "cancelled"

/** States in which there is work left. */
export const open: ReadonlyArray<ReplayState> = ["queued", "running"]

/** A durable job that sends events again. Positions are those of the event log. */
export interface Replay {
  readonly id: string
  readonly workspaceId: string
  readonly filter: ReplayFilter
  /** Of everything that was asked for: the same request a moment later is the same replay. */
  readonly fingerprint: string
  /** Events per second that it makes at most; null for no limit of its own. */
  readonly ratePerSecond: number | null
  readonly state: ReplayState
  /** Everything up to here is done. */
  readonly cursorPosition: number
  /** What was written later is not part of it. */
  readonly untilPosition: number
  /** Events that matched so far. */
  readonly examined: number
  /** Events that were made. */
  readonly replayed: number
  /** Pending events that were made due. */
  readonly madeDue: number
  /** Events that could not be sent again, by reason. */
  readonly skipped: { readonly [reason: string]: number }
  /** When the next batch may be made. */
  readonly nextAt: number
  /** How often in a row, without a batch between, an app could not be read. */
  readonly interruptions: number
  /** Why the work waits. */
  readonly lastError: string | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

/** How many of a replay's events are in which state now. */
export type ReplayProgress = { readonly [State in EventState]: number }

/** Nothing sent yet. */
export const noProgress: ReplayProgress = { pending: 0, acknowledged: 0, expired: 0, discarded: 0, coalesced: 0 }
