import { Frequency, type Job, SyncFilters } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** A sync job. */
export class JobView extends Schema.Opaque<JobView>()(
  Schema.Struct({
    syncJobId: Schema.String,
    integrationId: Schema.String,
    appId: Schema.String,
    originOrgId: Schema.String,
    category: Schema.String,
    dataType: Schema.String,
    models: Schema.Array(Schema.String),
    frequency: Frequency.Frequency,
    honorScheduler: Schema.Boolean,
    startHour: Schema.NullOr(Schema.Int),
    startMinute: Schema.NullOr(Schema.Int),
    destinationId: Schema.String,
    filters: SyncFilters.SyncFilters,
    watchFields: Schema.Array(Schema.String),
    includeInactiveRecords: Schema.Boolean,
    state: Schema.Literals(["active", "paused"]),
    nextRunAt: Schema.NullOr(Stamp),
    createdAt: Stamp,
    updatedAt: Stamp
  }).annotate({ identifier: "SyncJob" })
) {}

/** A job for the wire: no cursor, no snapshot scope. */
export const ofJob = (job: Job.Job): typeof JobView.Type => ({
  syncJobId: job.id,
  integrationId: job.integrationId,
  appId: job.appId,
  originOrgId: job.originOrgId,
  category: job.category,
  dataType: job.dataType,
  models: job.models,
  frequency: job.frequency,
  honorScheduler: job.honorScheduler,
  startHour: job.startAt?.hour ?? null,
  startMinute: job.startAt?.minute ?? null,
  destinationId: job.destinationId,
  filters: job.filters,
  watchFields: job.watchFields,
  includeInactiveRecords: job.includeInactive,
  state: job.state,
  nextRunAt: stamp(job.nextRunAt),
  createdAt: stamp(job.createdAt),
  updatedAt: stamp(job.updatedAt)
})
