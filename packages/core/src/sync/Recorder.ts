import type { Destination } from "../destination/Destination.ts"
import type { RecordChange, RowDraft } from "../diff/PageDiff.ts"
import * as Envelope from "../event/Envelope.ts"
import type { NewEvent } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import * as RunEvents from "../event/RunEvents.ts"
import type { SnapshotRow } from "../store/SyncStore.ts"
import type { Sealer } from "../vault/Vault.ts"
import type { Run } from "./Run.ts"

const decoder = new TextDecoder()

/** A record's id and the identifiers that its `record.deleted` will carry. */
export type Identifiers = { readonly recordId: string; readonly [key: string]: string | null }

/** Turns what a page changes into rows and events with everything personal sealed. */
export interface Recorder {
  readonly rows: (drafts: ReadonlyArray<RowDraft>) => ReadonlyArray<SnapshotRow>
  readonly events: (changes: ReadonlyArray<RecordChange>, at: number) => ReadonlyArray<NewEvent>
  /** Opens a row's identifiers; throws `VaultError`. */
  readonly identifiersOf: (row: SnapshotRow) => Identifiers
}

/** Where a row's identifiers live in the store. */
const identifiersPlace = (jobId: string, key: string) => ({
  table: "snapshot",
  column: "identifiers",
  row: `${jobId}/${key}`
})

/** Where a run's checkpoint lives in the store. */
export const checkpointPlace = (runId: string) => ({ table: "runs", column: "checkpoint", row: runId })

/** Where a job's cursor lives in the store. */
export const cursorPlace = (jobId: string) => ({ table: "jobs", column: "cursor", row: jobId })

/** Opens a snapshot row's identifiers; throws `VaultError`. */
export const openIdentifiers = (sealer: Sealer, jobId: string, row: SnapshotRow): Identifiers =>
  JSON.parse(decoder.decode(sealer.open(identifiersPlace(jobId, row.key), row.identifiers))) as Identifiers

/** A row with its identifiers sealed. */
export const sealRow = (sealer: Sealer, jobId: string, draft: RowDraft): SnapshotRow =>
  draft.identifiers instanceof Uint8Array
    ? { ...draft, identifiers: draft.identifiers }
    : {
        ...draft,
        identifiers: sealer.seal(identifiersPlace(jobId, draft.key), JSON.stringify(draft.identifiers))
      }

/** The event types of changes. */
export const types: { readonly [K in RecordChange["kind"]]: EventType } = {
  new: "record.new",
  modified: "record.modified",
  deleted: "record.deleted"
}

/** The recorder of a run: identifiers are sealed with the integration's key, bodies with the run's. */
export const make = (options: {
  readonly run: Run
  readonly destination: Pick<Destination, "events">
  readonly integrationSealer: Sealer
  readonly runSealer: Sealer
}): Recorder => {
  const { destination, integrationSealer, run, runSealer } = options

  /** Puts bodies together; what all records of a page share is put together once. */
  const bodiesAt = (at: number) => {
    const ofRecord = Envelope.forRecords({
      syncType: run.type,
      syncDataType: run.dataType,
      syncJobId: run.jobId,
      syncRunId: run.id,
      occurredAt: at,
      appId: run.appId,
      originOrgId: run.originOrgId
    })
    return (change: RecordChange, eventId: string, eventType: EventType): string =>
      ofRecord(
        { eventId, eventType, recordId: change.recordId, sequence: change.sequence },
        change.text ?? JSON.stringify({ ...change.identifiers, reason: change.reason })
      )
  }

  return {
    rows: (drafts) => drafts.map((draft) => sealRow(integrationSealer, run.jobId, draft)),
    events: (changes, at) => {
      const bodyOf = bodiesAt(at)
      const events: Array<NewEvent> = []
      for (const change of changes) {
        const type = types[change.kind]
        if (!RunEvents.wants(destination, type)) continue
        const id = RunEvents.recordEventId(run.jobId, change.ordinal, change.sequence)
        events.push({
          id,
          workspaceId: run.workspaceId,
          destinationId: run.destinationId,
          integrationId: run.integrationId,
          jobId: run.jobId,
          runId: run.id,
          type,
          record: change.ordinal,
          sequence: change.sequence,
          body: runSealer.seal(RunEvents.bodyPlace(id), bodyOf(change, id, type)),
          createdAt: at
        })
      }
      return events
    },
    identifiersOf: (row) => openIdentifiers(integrationSealer, run.jobId, row)
  }
}
