import type { EventType } from "./EventType.ts"

/** An event on its way into the outbox: its body is final, and sealed. */
export interface NewEvent {
  /** `ev_…`, of `[A-Za-z0-9_-]` only; derived from run, record and change, so that a page done twice gives the same. */
  readonly id: string
  readonly workspaceId: string
  readonly destinationId: string
  /** The account that it is about; null for events about a destination. */
  readonly integrationId: string | null
  readonly jobId: string | null
  readonly runId: string | null
  readonly type: EventType
  /** The record's ordinal in the job's snapshot; null for events without a record. */
  readonly record: number | null
  readonly sequence: number | null
  /** The request body, sealed with the run's key; without a run the integration's, without both the workspace's. */
  readonly body: Uint8Array
  readonly createdAt: number
  /** What an event goes back to that is not a run's own. */
  readonly origin?: EventOrigin
}

/** Where an event outside of a run comes from: a replay, or a run whose own key is gone. */
export interface EventOrigin {
  /** The replay that made it. */
  readonly replayId: string | null
  /** The event that it repeats: the first one, if that was itself a repetition. */
  readonly eventId: string | null
  /** The run that it tells about; its books count it only if it closes the run. */
  readonly runId: string | null
}

/** Every state of an event; `coalesced`: a newer event of its record took its place before it was sent. */
export const eventStates = ["pending", "acknowledged", "expired", "discarded", "coalesced"] as const
/** Where an event stands. */
export type EventState = (typeof eventStates)[number]

/** What remains of an event in the log: no payload. Times are epoch milliseconds. */
export interface EventRecord extends Omit<NewEvent, "body" | "origin"> {
  readonly state: EventState
  readonly firstAttemptAt: number | null
  readonly nextAttemptAt: number | null
  readonly settledAt: number | null
  readonly attempts: number
  readonly lastStatus: number | null
  readonly lastError: string | null
  /** The newer event that took its place, or the acknowledged replay that made up for its expiry. */
  readonly replacedBy: string | null
  readonly replayId: string | null
  /** The event that it repeats. */
  readonly replayOf: string | null
  readonly originRunId: string | null
}

/** One HTTP request of a delivery. Answers are not kept, only what they mean. */
export interface Attempt {
  readonly eventId: string
  readonly number: number
  readonly at: number
  readonly durationMillis: number
  readonly status: number | null
  /** `timeout`, `connection`, `tls`, `blocked`, `http_4xx`, … ; null for an acknowledgement. */
  readonly error: string | null
}
