import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { AuditEntry } from "../../audit/AuditEntry.ts"
import type { ApiKey } from "../../access/ApiKey.ts"
import type { DestinationHealth } from "../../delivery/Circuit.ts"
import type { SigningKey } from "../../delivery/SigningKey.ts"
import type { Destination } from "../../destination/Destination.ts"
import type { Attempt, EventRecord, NewEvent } from "../../event/Event.ts"
import type { Replay, ReplayProgress } from "../../replay/Replay.ts"
import type { Integration } from "../../integration/Integration.ts"
import type { Job } from "../../sync/Job.ts"
import type { Run } from "../../sync/Run.ts"
import type { Authorization } from "../AuthorizationStore.ts"
import * as Barrier from "../Barrier.ts"
import type { StoredDataKey } from "../KeyStore.ts"
import type { Revocation } from "../RevocationStore.ts"
import { StoreError } from "../StoreError.ts"
import type { SnapshotRow } from "../SyncStore.ts"

/** A run and what only the store knows of it. */
export interface RunEntry extends Barrier.Books {
  readonly checkpoint: Uint8Array | null
  readonly token: number
  /** 0 when nobody has the run. */
  readonly leaseUntil: number
  /** Whether a replay has written rows of the job since the run was queued. */
  readonly replayed: boolean
}

/** A replay and who works on it. */
export interface ReplayEntry {
  readonly replay: Replay
  readonly token: number
  readonly leaseUntil: number
}

/** An event that is not settled. */
export interface Pending {
  readonly event: NewEvent
  readonly position: number
  readonly dueAt: number
  /** 0 when nobody has the event. */
  readonly leaseUntil: number
  readonly token: number
  readonly attempts: number
  /** When its 96 hours began. */
  readonly firstAttemptAt: number | null
}

/** Everything that the ports keep, shared by them. */
export interface MemoryState {
  readonly workspaces: Map<string, number>
  readonly meta: Map<string, string>
  readonly apiKeys: Map<string, ApiKey>
  readonly signingKeys: Map<string, SigningKey>
  /** By owner; oldest first. */
  readonly dataKeys: Map<string, ReadonlyArray<StoredDataKey>>
  readonly integrations: Map<string, Integration>
  readonly credentials: Map<string, Uint8Array>
  readonly authorizations: Map<string, Authorization>
  readonly revocations: Map<string, Revocation>
  readonly destinations: Map<string, Destination>
  readonly health: Map<string, DestinationHealth>
  readonly jobs: Map<string, Job>
  readonly runs: Map<string, RunEntry>
  /** By job, then by key. */
  readonly snapshots: Map<string, Map<string, SnapshotRow>>
  /** By run, then by chunk. */
  readonly seen: Map<string, Map<number, Uint8Array>>
  readonly events: Map<string, { readonly record: EventRecord; readonly position: number }>
  readonly outbox: Map<string, Pending>
  /** Ids of a record's unsettled events, so that order costs no scan. */
  readonly queues: Map<string, Set<string>>
  readonly attempts: Map<string, ReadonlyArray<Attempt>>
  /** By workspace, oldest first. */
  readonly audit: Map<string, ReadonlyArray<AuditEntry>>
  readonly replays: Map<string, ReplayEntry>
  /** What became of the events that replays made, by replay. */
  readonly replayOutcomes: Map<string, ReplayProgress>
  lastPosition: number
}

/** Nothing stored. */
export const empty = (): MemoryState => ({
  workspaces: new Map(),
  meta: new Map(),
  apiKeys: new Map(),
  dataKeys: new Map(),
  signingKeys: new Map(),
  integrations: new Map(),
  credentials: new Map(),
  authorizations: new Map(),
  revocations: new Map(),
  destinations: new Map(),
  health: new Map(),
  jobs: new Map(),
  runs: new Map(),
  snapshots: new Map(),
  seen: new Map(),
  events: new Map(),
  outbox: new Map(),
  queues: new Map(),
  attempts: new Map(),
  audit: new Map(),
  replays: new Map(),
  replayOutcomes: new Map(),
  lastPosition: 0
})

/** Runs one operation: atomic because it does not yield. It throws `StoreError` before it changes anything. */
export const atomic = <A>(operation: (now: number) => A): Effect.Effect<A, StoreError> =>
  Clock.clockWith((clock) =>
    Effect.suspend(() => {
      try {
        return Effect.succeed(operation(clock.currentTimeMillisUnsafe()))
      } catch (error) {
        return error instanceof StoreError ? Effect.fail(error) : Effect.die(error)
      }
    })
  )

/** Destroys the data keys of runs that are over and have nothing in the outbox: what they sealed is gone for good. */
export const shredRuns = (state: MemoryState, runIds: Iterable<string>): void => {
  const over = new Set([...runIds].filter((id) => Barrier.isOver(state.runs.get(id)?.run.status ?? "queued")))
  if (over.size === 0) return
  for (const { event } of state.outbox.values()) if (event.runId !== null) over.delete(event.runId)
  for (const id of over) state.dataKeys.delete(`run|${id}`)
}

/** Replaces a run's visible part. */
export const patchRun = (state: MemoryState, id: string, patch: Partial<Run>): void => {
  const entry = state.runs.get(id)
  if (entry !== undefined) state.runs.set(id, { ...entry, run: { ...entry.run, ...patch } })
}
