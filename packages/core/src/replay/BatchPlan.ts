import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import type { Destination } from "../destination/Destination.ts"
import type { EventRecord, NewEvent } from "../event/Event.ts"
import { isRecordEvent } from "../event/EventType.ts"
import * as RunEvents from "../event/RunEvents.ts"
import type { DestinationStore } from "../store/DestinationStore.ts"
import type { ReplayedRow } from "../store/ReplayStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { SnapshotRow } from "../store/SyncStore.ts"
import * as Recorder from "../sync/Recorder.ts"
import type { Run } from "../sync/Run.ts"
import type { VaultError } from "../vault/Vault.ts"
import * as RecordAgain from "./RecordAgain.ts"
import * as RecordSource from "./RecordSource.ts"
import type { Replay } from "./Replay.ts"
import type { SkipReason } from "./SkipReason.ts"

/** What making a batch needs of the world. */
export interface Services extends RecordSource.Services {
  readonly destinations: DestinationStore["Service"]
  /** Called with what an app said; fails when the whole batch is to wait for the app. */
  readonly refused: (
    source: RecordSource.RecordSource,
    error: ConnectorError
  ) => Effect.Effect<string, ConnectorError | StoreError>
}

/** What a batch changes. */
export interface BatchPlan {
  readonly events: ReadonlyArray<NewEvent>
  readonly rows: ReadonlyArray<ReplayedRow>
  readonly due: ReadonlyArray<string>
  readonly skipped: { readonly [reason: string]: number }
}

/** Records of one app are asked for side by side; its traffic control decides on the pace. */
const concurrency = 4

/** Decides on each event of a part of the log, reads the records that are to be sent again, and makes their events. */
export const make = Effect.fnUntraced(function* (
  services: Services,
  replay: Pick<Replay, "id" | "workspaceId">,
  originals: ReadonlyArray<EventRecord>,
  now: number
): Effect.fn.Return<BatchPlan, ConnectorError | StoreError | VaultError, Scope.Scope> {
  const { workspaceId } = replay
  const events: Array<NewEvent> = []
  const rows: Array<ReplayedRow> = []
  const due: Array<string> = []
  const skipped: { [reason: string]: number } = {}
  const skip = (reason: string): void => void (skipped[reason] = (skipped[reason] ?? 0) + 1)

  const runIds = [...new Set(originals.flatMap((event) => event.runId ?? event.originRunId ?? []))]
  const runs = new Map((yield* services.sync.runsById(runIds)).map((run) => [run.id, run]))
  const known = new Map<string, Destination | null>()
  const lookUp = Effect.fnUntraced(function* (id: string) {
    const found = known.get(id)
    if (found !== undefined) return found
    const destination = Option.getOrNull(yield* services.destinations.byId(id))
    known.set(id, destination)
    return destination
  })
  /** Where an event goes: where it went, or where its sync sends to by now. */
  const destinationOf = Effect.fnUntraced(function* (event: EventRecord, jobId: string) {
    const first = yield* lookUp(event.destinationId)
    if (first !== null) return first
    const job = Option.getOrNull(yield* services.sync.job(workspaceId, jobId))
    return job === null ? null : yield* lookUp(job.destinationId)
  })

  const ofRecords: Array<EventRecord> = []
  for (const event of originals) {
    if (event.state === "pending") due.push(event.id)
    else if (event.state === "coalesced") skip("replay.superseded")
    else if (isRecordEvent(event.type)) ofRecords.push(event)
    else {
      const made = yield* ofRun(event)
      if (typeof made === "string") skip(made)
      else events.push(made)
    }
  }
  for (const [jobId, ofJob] of Map.groupBy(ofRecords, (event) => event.jobId)) yield* ofJobs(jobId, latest(ofJob))
  return { events, rows, due, skipped }

  /** What was acknowledged more than once is sent once; what was lost, each time, because runs count it. */
  function latest(ofJob: ReadonlyArray<EventRecord>): ReadonlyArray<EventRecord> {
    const last = new Map(ofJob.map((event) => [event.record, event.id]))
    return ofJob.filter((event) => {
      if (event.state !== "acknowledged" || last.get(event.record) === event.id) return true
      skip("replay.superseded")
      return false
    })
  }

  function ofRun(event: EventRecord): Effect.Effect<NewEvent | SkipReason, StoreError | VaultError> {
    return Effect.gen(function* () {
      const run = runs.get(event.runId ?? event.originRunId ?? "")
      if (run === undefined) return "replay.not_reproducible"
      if (event.state === "acknowledged") return "replay.run_event"
      const data = eventData(run, event, now)
      if (data === null) return "replay.not_reproducible"
      const destination = yield* destinationOf(event, run.jobId)
      if (destination === null) return "destination.not_found"
      if (!RunEvents.wants(destination, event.type)) return "replay.unwanted"
      const sealer = yield* services.vault.sealer({ owner: "integration", ownerId: run.integrationId, workspaceId })
      const origin = { replayId: replay.id, eventId: event.replayOf ?? event.id, runId: run.id }
      const id = RecordAgain.idOf({ sealer }, replay.id, event.id)
      return RunEvents.ofRun(run, sealer, event.type, now, data, { id, origin, destinationId: destination.id })
    })
  }

  function ofJobs(
    jobId: string | null,
    ofJob: ReadonlyArray<EventRecord>
  ): Effect.Effect<void, ConnectorError | StoreError | VaultError, Scope.Scope> {
    return Effect.gen(function* () {
      const source = jobId === null ? "sync.not_found" : yield* RecordSource.open(services, workspaceId, jobId)
      if (typeof source === "string") return ofJob.forEach(() => skip(source))
      const ordinals = [...new Set(ofJob.flatMap((event) => event.record ?? []))]
      const stored = new Map((yield* services.sync.rows(source.job.id, ordinals)).map((row) => [row.ordinal, row]))
      const found = new Map(
        yield* Effect.forEach(
          stored.values(),
          (row) => {
            const { recordId } = Recorder.openIdentifiers(source.sealer, source.job.id, row)
            return source.read(recordId).pipe(
              Effect.catch((error) => services.refused(source, error)),
              Effect.map((answer) => [row.ordinal, answer] as const)
            )
          },
          { concurrency }
        )
      )
      /** Rows as they become, of which later events of the same record go on. */
      const current = new Map<number, SnapshotRow>(stored)
      for (const event of ofJob) {
        const row = current.get(event.record ?? -1)
        const answer = found.get(event.record ?? -1)
        const run = runs.get(event.runId ?? event.originRunId ?? "")
        const destination = yield* destinationOf(event, source.job.id)
        if (row === undefined || answer === undefined || run === undefined) skip("replay.unknown_record")
        else if (typeof answer === "string") skip(answer)
        else if (destination === null) skip("destination.not_found")
        else {
          const made = RecordAgain.changeOf(source, event, row, answer, now)
          if (typeof made === "string") skip(made)
          else if (!RunEvents.wants(destination, Recorder.types[made.change.kind])) skip("replay.unwanted")
          else {
            current.set(row.ordinal, Recorder.sealRow(source.sealer, source.job.id, made.row))
            const { change } = made
            const destinationId = destination.id
            events.push(
              RecordAgain.eventOf({ source, replayId: replay.id, original: event, run, destinationId, change, now })
            )
          }
        }
      }
      for (const [ordinal, row] of current) {
        const before = stored.get(ordinal)!
        if (before !== row) rows.push({ jobId: source.job.id, row, sequence: before.sequence })
      }
    })
  }
})

/** What an event of a run says now; null when it cannot be made again. */
const eventData = (run: Run, event: EventRecord, now: number): { readonly [key: string]: unknown } | null => {
  if (event.type !== "sync.failed") return RunEvents.dataOf({ ...run, completedAt: null }, event.type, now)
  const issue = run.issues.at(-1)
  return {
    status: "failed",
    code: issue?.code ?? "internal",
    msg: issue?.message ?? "",
    resolution: issue?.resolution ?? null,
    startedAt: run.startedAt === null ? null : String(run.startedAt),
    failedAt: String(run.processedAt ?? now),
    complete: false
  }
}
