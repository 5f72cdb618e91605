import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { SyncFilters } from "../filter/SyncFilters.ts"
import type { Listing, ListRequest } from "../store/Listing.ts"
import { Frequency } from "../sync/Frequency.ts"
import type { Job } from "../sync/Job.ts"
import type { Run, RunStatus } from "../sync/Run.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

const definition = {
  models: Schema.optionalKey(Schema.Array(Schema.String)),
  frequency: Schema.optionalKey(Frequency),
  /** A webhook URL; default the destination registered for the category. */
  destination: Schema.optionalKey(Schema.NonEmptyString),
  honorScheduler: Schema.optionalKey(Schema.Boolean),
  startHour: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 23 }))),
  startMinute: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 59 }))),
  includeInactiveRecords: Schema.optionalKey(Schema.Boolean),
  filters: Schema.optionalKey(SyncFilters)
}

/** Body of `sync.start`. */
export const StartRequest = Schema.Struct({
  dataType: Schema.NonEmptyString,
  syncType: Schema.optionalKey(Schema.Literals(["initial_sync", "delta_sync"])),
  ...definition
})
/** Body of `sync.start`. */
export type StartRequest = typeof StartRequest.Type

/** Body of `sync.update`. */
export const UpdateRequest = Schema.Struct({ dataType: Schema.NonEmptyString, ...definition })
/** Body of `sync.update`. */
export type UpdateRequest = typeof UpdateRequest.Type

/** Which runs to list. */
export interface RunFilter {
  readonly integrationId?: string | undefined
  readonly dataType?: string | undefined
  readonly status?: RunStatus | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Sync jobs and their runs. `integrationId` comes from the integration header. */
export class Syncs extends Context.Service<
  Syncs,
  {
    /**
     * Idempotent per integration and data type: the same job, and each call starts a run (an initial one by default).
     * While a run of the job is reading, the call answers with that run.
     */
    readonly start: (
      principal: Principal,
      apiKey: Redacted.Redacted,
      integrationId: string,
      request: StartRequest
    ) => Effect.Effect<{ readonly job: Job; readonly run: Run }, Refusal>
    /** Changes a job; a change of models, fields or filters starts an initial run. */
    readonly update: (
      principal: Principal,
      apiKey: Redacted.Redacted,
      integrationId: string,
      request: UpdateRequest
    ) => Effect.Effect<{ readonly job: Job; readonly run: Run | null }, Refusal>
    /** Stops the timetable and the run that is reading, which `resume` lets go on. */
    readonly pause: (principal: Principal, integrationId: string, dataType: string) => Effect.Effect<Job, Refusal>
    readonly resume: (principal: Principal, integrationId: string, dataType: string) => Effect.Effect<Job, Refusal>
    /** Ends the run that is reading; what is in the outbox is still delivered. */
    readonly cancel: (principal: Principal, integrationId: string, dataType: string) => Effect.Effect<Run, Refusal>
    readonly jobs: (
      principal: Principal,
      integrationId: string | undefined,
      request: ListRequest
    ) => Effect.Effect<Listing<Job>, Refusal>
    readonly job: (principal: Principal, id: string) => Effect.Effect<Job, Refusal>
    readonly runs: (
      principal: Principal,
      filter: RunFilter,
      request: ListRequest
    ) => Effect.Effect<Listing<Run>, Refusal>
    readonly run: (principal: Principal, id: string) => Effect.Effect<Run, Refusal>
    /** Only changes below these JSON paths give `record.modified`; an empty list lifts the restriction. */
    readonly watchFields: (
      principal: Principal,
      integrationId: string,
      dataType: string,
      jsonPaths: ReadonlyArray<string>
    ) => Effect.Effect<Job, Refusal>
    /** Reads one record from the app again and sends it. */
    readonly resync: (
      principal: Principal,
      integrationId: string,
      dataType: string,
      recordId: string
    ) => Effect.Effect<{ readonly job: Job; readonly run: Run }, Refusal>
    /** Sends the deletions that a run held. */
    readonly releaseDeletions: (principal: Principal, runId: string) => Effect.Effect<Run, Refusal>
    /** Forgets the deletions that a run held: the records count as live again. */
    readonly discardDeletions: (
      principal: Principal,
      runId: string
    ) => Effect.Effect<{ readonly discarded: number }, Refusal>
    /** Starts the first syncs of an integration that has just been validated; returns the runs. */
    readonly startAutomatic: (workspaceId: string, integrationId: string) => Effect.Effect<ReadonlyArray<Run>, Refusal>
  }
>()("@crochet/core/service/Syncs") {}
