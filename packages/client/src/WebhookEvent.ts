/** What every event says. Points in time are ISO 8601 in UTC. */
export interface EventBase<Type extends string, Data> {
  /** The same in every attempt, and equal to the header `webhook-id`: take an event once by it. */
  readonly eventId: string
  readonly eventType: Type
  readonly eventData: Data
  readonly occurredAt: string
  readonly appId: string
  /** Your customer, as you named it when the account was connected. */
  readonly originOrgId: string
}

/** What every event of a sync says, too. */
export interface SyncEventBase<Type extends string, Data> extends EventBase<Type, Data> {
  readonly syncType: "initial_sync" | "delta_sync"
  /** The data type, e.g. `employee`. */
  readonly syncDataType: string
  readonly syncJobId: string
  readonly syncRunId: string
}

/** What every event of a record says, too. */
export interface RecordEventBase<Type extends string, Data> extends SyncEventBase<Type, Data> {
  readonly recordId: string
  /** Digits; grows by one with each event of the record. Ignore what is not above the highest that you have seen. */
  readonly sequence: string
}

/** The subscribed models of a record under their keys. */
export interface RecordData {
  readonly [model: string]: unknown
}

/** A record that was not there before. */
export type RecordNew = RecordEventBase<"record.new", RecordData>
/** A record that changed, whole. */
export type RecordModified = RecordEventBase<"record.modified", RecordData>
/** `RecordModified` under Knit's older name, for destinations with that alias. */
export type RecordChanged = RecordEventBase<"record.changed", RecordData>
/** A record that is gone, inactive, or no longer matches the filter. */
export type RecordDeleted = RecordEventBase<
  "record.deleted",
  { readonly reason: "gone" | "inactive" | "out_of_filter"; readonly [identifier: string]: unknown }
>

/** How far a run is. Points in time are epoch milliseconds as text. */
export interface RunProgress {
  readonly status: string
  /** Records that were read. */
  readonly processed: number
  /** Events of records that were made. */
  readonly emitted: number
  readonly startedAt: string
  readonly processedAt: string
  readonly complete: boolean
}
/** How a run ended. */
export interface RunEnd extends RunProgress {
  /** Events of records that were acknowledged. */
  readonly consumed: number
  readonly completedAt: string
}

/** A run has read everything. */
export type SyncProcessed = SyncEventBase<"sync.events.processed", RunProgress>
/** All events of a run are on their way. */
export type SyncAllEmitted = SyncEventBase<"sync.events.allEmitted", RunProgress>
/** Every other event of the run was acknowledged. */
export type SyncAllConsumed = SyncEventBase<"sync.events.allConsumed", RunEnd>
/** The run ended, but events of it expired. */
export type SyncIncomplete = SyncEventBase<
  "sync.events.incomplete",
  RunEnd & { readonly expired: number; readonly resolution: string }
>
/** The run failed. */
export type SyncFailed = SyncEventBase<
  "sync.failed",
  { readonly code: string; readonly msg: string; readonly resolution: string; readonly [detail: string]: unknown }
>

/** The account that an event is about. */
export interface AccountData {
  readonly integrationId: string
  readonly appId: string
  readonly categoryId: string
  readonly originOrgId: string
}
/** What went wrong, for people. */
export interface AccountProblem {
  readonly code: string
  readonly msg: string
  readonly resolution: string
}

/** An account's credentials were validated, or not. */
export type IntegrationActivate = EventBase<
  "app.integration.activate",
  AccountData & { readonly success: boolean; readonly errors: ReadonlyArray<AccountProblem> }
>
/** The app does not accept an account's credentials any more. */
export type IntegrationNeedsReconnect = EventBase<
  "integration.needs_reconnect",
  AccountData & { readonly errors: ReadonlyArray<AccountProblem> }
>
/** The account works again, or was disconnected. */
export type IntegrationChanged = EventBase<"integration.reconnected" | "integration.deactivated", AccountData>
/** Deliveries to this webhook stopped, or go on. */
export type DestinationChanged = EventBase<
  "destination.paused" | "destination.resumed",
  { readonly [detail: string]: unknown }
>
/** The sample event of `webhook.test`. */
export type WebhookTest = EventBase<"webhook.test", { readonly message: string }>

/**
 * An event of Crochet; `eventType` tells which. A newer server may send types that this list does not have: let your
 * `switch` fall through for them, and answer 200.
 */
export type WebhookEvent =
  | RecordNew
  | RecordModified
  | RecordChanged
  | RecordDeleted
  | SyncProcessed
  | SyncAllEmitted
  | SyncAllConsumed
  | SyncIncomplete
  | SyncFailed
  | IntegrationActivate
  | IntegrationNeedsReconnect
  | IntegrationChanged
  | DestinationChanged
  | WebhookTest
