import type { Run } from "@crochet/core"
import * as Schema from "effect/Schema"
import { stamp, Stamp } from "./Stamp.ts"

/** The statuses of a run. */
export const RunStatus = Schema.Literals([
  "queued",
  "running",
  "processed",
  "completed",
  "incomplete",
  "failed",
  "cancelled"
])

const Counts = Schema.Struct({
  pages: Schema.Int,
  processed: Schema.Int,
  new: Schema.Int,
  modified: Schema.Int,
  deleted: Schema.Int,
  unchanged: Schema.Int,
  skipped: Schema.Int,
  quarantined: Schema.Int,
  calls: Schema.Int,
  retries: Schema.Int,
  rateLimitWaits: Schema.Int,
  rateLimitWaitMillis: Schema.Finite,
  models: Schema.Record(Schema.String, Schema.Int)
})

/** A sync run with everything that it has read, found and sent. */
export const RunView = Schema.Struct({
  syncRunId: Schema.String,
  syncJobId: Schema.String,
  integrationId: Schema.String,
  appId: Schema.String,
  originOrgId: Schema.String,
  dataType: Schema.String,
  syncType: Schema.Literals(["initial_sync", "delta_sync"]),
  mode: Schema.Literals(["initial", "changes", "listing", "release", "record"]),
  trigger: Schema.Literals(["validation", "api", "schedule", "update", "release", "resync"]),
  status: RunStatus,
  destinationId: Schema.String,
  counts: Counts,
  emitted: Schema.Int,
  consumed: Schema.Int,
  coalesced: Schema.Int,
  outstanding: Schema.Int,
  expired: Schema.Int,
  heldDeletions: Schema.Int,
  interruptions: Schema.Int,
  issues: Schema.Array(
    Schema.Struct({
      at: Stamp,
      code: Schema.String,
      message: Schema.String,
      resolution: Schema.optionalKey(Schema.String),
      model: Schema.optionalKey(Schema.String)
    })
  ),
  createdAt: Stamp,
  startedAt: Schema.NullOr(Stamp),
  processedAt: Schema.NullOr(Stamp),
  completedAt: Schema.NullOr(Stamp),
  resumeAt: Schema.NullOr(Stamp)
}).annotate({ identifier: "SyncRun" })

/** A run for the wire. */
export const ofRun = (run: Run.Run): typeof RunView.Type => ({
  syncRunId: run.id,
  syncJobId: run.jobId,
  integrationId: run.integrationId,
  appId: run.appId,
  originOrgId: run.originOrgId,
  dataType: run.dataType,
  syncType: run.type,
  mode: run.mode,
  trigger: run.trigger,
  status: run.status,
  destinationId: run.destinationId,
  counts: run.counts,
  emitted: run.emitted,
  consumed: run.consumed,
  coalesced: run.coalesced,
  outstanding: run.outstanding,
  expired: run.expired,
  heldDeletions: run.heldDeletions,
  interruptions: run.interruptions,
  issues: run.issues.map((issue) => ({ ...issue, at: stamp(issue.at) })),
  createdAt: stamp(run.createdAt),
  startedAt: stamp(run.startedAt),
  processedAt: stamp(run.processedAt),
  completedAt: stamp(run.completedAt),
  resumeAt: stamp(run.resumeAt)
})

/** What a call that starts a run answers. */
export const Started = Schema.Struct({ syncJobId: Schema.String, syncRunId: Schema.String })
