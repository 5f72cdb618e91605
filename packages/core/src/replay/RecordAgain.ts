import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { deleteRow, type RecordChange, resend, type RowDraft } from "../diff/PageDiff.ts"
import * as Envelope from "../event/Envelope.ts"
import type { EventRecord, NewEvent } from "../event/Event.ts"
import * as RunEvents from "../event/RunEvents.ts"
import type { SnapshotRow } from "../store/SyncStore.ts"
import * as Recorder from "../sync/Recorder.ts"
import type { Run } from "../sync/Run.ts"
import type { RecordSource } from "./RecordSource.ts"
import type { SkipReason } from "./SkipReason.ts"

/** What the record is now, as a change that is sent whatever the snapshot says. */
export const changeOf = (
  source: RecordSource,
  event: Pick<EventRecord, "type">,
  row: SnapshotRow,
  found: Option.Option<unknown>,
  now: number
): { readonly row: RowDraft; readonly change: RecordChange } | SkipReason => {
  const { job, normaliser, sealer } = source
  const identifiersOf = (of: SnapshotRow) => Recorder.openIdentifiers(sealer, job.id, of)
  if (Option.isNone(found)) return deleteRow(row, row.reason ?? "gone", identifiersOf, job.sequenceFloor)
  const incoming = normaliser.identify(found.value)
  if (Result.isFailure(incoming)) return "record.unreadable"
  const normalised = normaliser.normalise(incoming.success, now)
  if (Result.isFailure(normalised)) return "record.unreadable"
  // What the receiver must not have is not sent because somebody asks for it; what it has of it is deleted.
  if (normalised.success.unwanted !== null)
    return deleteRow(row, normalised.success.unwanted, identifiersOf, job.sequenceFloor)
  const again = resend(incoming.success, normalised.success, row, normaliser, {
    nextOrdinal: row.ordinal,
    sequenceFloor: job.sequenceFloor
  })
  // Who never got to know the record learns of it now.
  return event.type === "record.new" ? { ...again, change: { ...again.change, kind: "new" } } : again
}

/** The id of the event that repeats another one in a replay: work that is done twice gives the same. */
export const idOf = (source: Pick<RecordSource, "sealer">, replayId: string, eventId: string): string =>
  `ev_${source.sealer.fingerprint(`replay|${replayId}|${eventId}`)}`

/** The event that repeats `original` with the record as it is now. It belongs to no run: its body is the integration's. */
export const eventOf = (options: {
  readonly source: RecordSource
  readonly replayId: string
  readonly original: EventRecord
  readonly run: Run
  readonly destinationId: string
  readonly change: RecordChange
  readonly now: number
}): NewEvent => {
  const { change, destinationId, now, original, replayId, run, source } = options
  const id = idOf(source, replayId, original.id)
  const type = Recorder.types[change.kind]
  const replayOf = original.replayOf ?? original.id
  const body = Envelope.ofRecord(
    {
      eventId: id,
      eventType: type,
      syncType: run.type,
      syncDataType: run.dataType,
      syncJobId: run.jobId,
      syncRunId: run.id,
      appId: run.appId,
      originOrgId: run.originOrgId,
      occurredAt: now,
      recordId: change.recordId,
      sequence: change.sequence,
      replayOf
    },
    change.text ?? JSON.stringify({ ...change.identifiers, reason: change.reason })
  )
  return {
    id,
    workspaceId: original.workspaceId,
    destinationId,
    integrationId: source.job.integrationId,
    jobId: source.job.id,
    runId: null,
    type,
    record: change.ordinal,
    sequence: change.sequence,
    body: source.sealer.seal(RunEvents.bodyPlace(id), body),
    createdAt: now,
    origin: { replayId, eventId: replayOf, runId: run.id }
  }
}
