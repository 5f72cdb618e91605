import type { Destination } from "../destination/Destination.ts"
import type { CloseRun } from "../store/SyncStore.ts"
import type { Run } from "../sync/Run.ts"
import type { KeyScope, Sealer } from "../vault/Vault.ts"
import * as Envelope from "./Envelope.ts"
import type { NewEvent } from "./Event.ts"
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

/** Makes a `sync.*` event of a run, sealed with the run's key. */
export const ofRun = (
  run: Run,
  sealer: Sealer,
  type: EventType,
  at: number,
  eventData: { readonly [key: string]: unknown }
): NewEvent => {
  const id = eventId(sealer, run.id, "run", type)
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
      occurredAt: at
    },
    eventData
  )
  return {
    id,
    workspaceId: run.workspaceId,
    destinationId: run.destinationId,
    integrationId: run.integrationId,
    jobId: run.jobId,
    runId: run.id,
    type,
    record: null,
    sequence: null,
    body: sealer.seal(bodyPlace(id), body),
    createdAt: at
  }
}

/** `sync.events.processed` and `sync.events.allEmitted`: reading ended, all events of the run are in the outbox. */
export const processed = (run: Run, sealer: Sealer, at: number, emitted: number): ReadonlyArray<NewEvent> => {
  const data = (status: string) => ({
    status,
    processed: run.counts.processed,
    emitted,
    startedAt: String(run.startedAt ?? at),
    processedAt: String(at),
    complete: false
  })
  return [
    ofRun(run, sealer, "sync.events.processed", at, data("processed")),
    ofRun(run, sealer, "sync.events.allEmitted", at, data("emitted"))
  ]
}

/**
 * The event that closes a run: `sync.events.allConsumed` when every other event was acknowledged,
 * `sync.events.incomplete` when some expired.
 */
export const close =
  (options: {
    readonly sealer: (run: Run) => Sealer
    readonly destination: (run: Run) => Pick<Destination, "events">
    readonly now: number
  }): CloseRun =>
  (run) => {
    const type = run.expired > 0 ? "sync.events.incomplete" : "sync.events.allConsumed"
    if (!wants(options.destination(run), type)) return null
    const data = {
      status: run.expired > 0 ? "incomplete" : "completed",
      processed: run.counts.processed,
      emitted: run.emitted,
      consumed: run.consumed,
      startedAt: String(run.startedAt),
      processedAt: String(run.processedAt),
      completedAt: String(options.now),
      complete: run.expired === 0
    }
    return ofRun(
      run,
      options.sealer(run),
      type,
      options.now,
      run.expired === 0
        ? data
        : {
            ...data,
            expired: run.expired,
            resolution: "Start the sync again with sync.start, or send single records with record.resync."
          }
    )
  }
