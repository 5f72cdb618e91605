import type { Destination } from "../destination/Destination.ts"
import type { CloseRun } from "../store/SyncStore.ts"
import type { Run } from "../sync/Run.ts"
import type { KeyScope, Sealer } from "../vault/Vault.ts"
import * as Envelope from "./Envelope.ts"
import type { EventOrigin, NewEvent } from "./Event.ts"
import type { EventType } from "./EventType.ts"

/** Where an event's body lives in the store; the vault binds the ciphertext to it. */
export const bodyPlace = (eventId: string) => ({ table: "outbox", column: "body", row: eventId })

/** Whose key seals an event's body: its run's, without a run its integration's, without both its workspace's. */
export const keyScope = (event: Pick<NewEvent, "workspaceId" | "integrationId" | "runId">): KeyScope => {
  const { integrationId, runId, workspaceId } = event
  if (runId !== null) return { owner: "run", ownerId: runId, workspaceId }
  if (integrationId !== null) return { owner: "integration", ownerId: integrationId, workspaceId }
  return { owner: "workspace", ownerId: workspaceId, workspaceId }
}

/** Whether the destination wants events of the type. */
export const wants = (destination: Pick<Destination, "events">, type: EventType): boolean =>
  destination.events === null || destination.events.includes(type)

/**
 * The id of a record's event: follows from job, record and sequence, so that work that is done twice gives the same
 * event. Ids of a run's records ascend as they are read, which keeps the log's index in order.
 */
export const recordEventId = (jobId: string, ordinal: number, sequence: number): string =>
  `ev_${jobId.slice(jobId.indexOf("_") + 1)}_${ordinal.toString(36).padStart(7, "0")}_${sequence.toString(36).padStart(4, "0")}`

/** The id of an event of a run, or of what `about` names, that is not about a record. */
export const eventId = (sealer: Sealer, runId: string, about: string, type: EventType): string =>
  `ev_${sealer.fingerprint(`event|${runId}|${about}|${type}`)}`

/** What makes an event about a run one that is not the run's own: then the sealer is the integration's. */
export interface Apart {
  readonly id: string
  readonly origin: EventOrigin
  /** Where it goes when that is not where the run sent its events. */
  readonly destinationId?: string
}

/** Makes a `sync.*` event of a run, sealed with the run's key; or one about it. */
export const ofRun = (
  run: Run,
  sealer: Sealer,
  type: EventType,
  at: number,
  eventData: { readonly [key: string]: unknown },
  apart?: Apart
): NewEvent => {
  const id = apart?.id ?? eventId(sealer, run.id, "run", type)
  const replayOf = apart?.origin.eventId ?? null
  const body = Envelope.ofSync(
    {
      eventId: id,
      eventType: type,
      syncType: run.type,
      syncDataType: run.dataType,
      syncJobId: run.jobId,
      syncRunId: run.id,
      appId: run.appId,
      originOrgId: run.originOrgId,
      occurredAt: at,
      ...(replayOf === null ? {} : { replayOf })
    },
    eventData
  )
  return {
    id,
    workspaceId: run.workspaceId,
    destinationId: apart?.destinationId ?? run.destinationId,
    integrationId: run.integrationId,
    jobId: run.jobId,
    runId: apart === undefined ? run.id : null,
    type,
    record: null,
    sequence: null,
    body: sealer.seal(bodyPlace(id), body),
    createdAt: at,
    ...(apart === undefined ? {} : { origin: apart.origin })
  }
}

/** What the books of a run say in its events of a type; null for types that are not about books. */
export const dataOf = (run: Run, type: EventType, at: number): { readonly [key: string]: unknown } | null => {
  const read = (status: string) => ({
    status,
    processed: run.counts.processed,
    emitted: run.emitted,
    startedAt: String(run.startedAt ?? at),
    processedAt: String(run.processedAt ?? at),
    complete: false
  })
  switch (type) {
    case "sync.events.processed":
      return read("processed")
    case "sync.events.allEmitted":
      return read("emitted")
    case "sync.events.allConsumed":
    case "sync.events.incomplete": {
      const complete = type === "sync.events.allConsumed"
      return {
        status: complete ? "completed" : "incomplete",
        processed: run.counts.processed,
        emitted: run.emitted,
        consumed: run.consumed,
        ...(run.coalesced === 0 ? {} : { coalesced: run.coalesced }),
        startedAt: String(run.startedAt),
        processedAt: String(run.processedAt),
        completedAt: String(run.completedAt ?? at),
        complete,
        ...(complete ? {} : { expired: run.expired, resolution: resolutionOf(run) })
      }
    }
    default:
      return null
  }
}

const resolutionOf = (run: Run): string =>
  `Send what expired again with events.replay and {"syncRunId":"${run.id}","states":["expired"]}: its records are read ` +
  `again from the app. When the last one is acknowledged, sync.events.allConsumed follows.`

/** `sync.events.processed` and `sync.events.allEmitted`: reading ended, all events of the run are in the outbox. */
export const processed = (run: Run, sealer: Sealer, at: number, emitted: number): ReadonlyArray<NewEvent> =>
  (["sync.events.processed", "sync.events.allEmitted"] as const).map((type) =>
    ofRun(run, sealer, type, at, dataOf({ ...run, emitted, processedAt: at }, type, at)!)
  )

/**
 * The event that closes a run: `sync.events.allConsumed` when every other event was acknowledged,
 * `sync.events.incomplete` when some expired.
 */
export const close =
  (options: {
    readonly sealer: (run: Run) => Sealer
    readonly destination: (run: Run) => Pick<Destination, "events">
    readonly now: number
    /** For a run whose own key is gone: the sealer is the integration's. */
    readonly apart?: (run: Run, sealer: Sealer, type: EventType) => Apart
  }): CloseRun =>
  (run) => {
    const type = run.expired > 0 ? "sync.events.incomplete" : "sync.events.allConsumed"
    if (!wants(options.destination(run), type)) return null
    const data = dataOf({ ...run, completedAt: options.now }, type, options.now)!
    const sealer = options.sealer(run)
    return ofRun(run, sealer, type, options.now, data, options.apart?.(run, sealer, type))
  }
