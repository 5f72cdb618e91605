import type { AnyResource } from "../connector/Resource.ts"
import type { Job } from "./Job.ts"
import { noCounts, type Run, type RunMode, type Trigger } from "./Run.ts"

/** How a delta of the job reads: what changed since the cursor where the connector can tell, everything every Nth time. */
export const deltaMode = (job: Job, resource: AnyResource | undefined, reconcileEvery: number): RunMode =>
  job.cursor !== null && resource?.changes !== undefined && job.deltasSinceListing < reconcileEvery
    ? "changes"
    : "listing"

/** A run of the job that waits to be executed. */
export const of = (
  job: Job,
  options: { readonly id: string; readonly mode: RunMode; readonly trigger: Trigger; readonly createdAt: number }
): Run => ({
  ...options,
  workspaceId: job.workspaceId,
  jobId: job.id,
  integrationId: job.integrationId,
  appId: job.appId,
  originOrgId: job.originOrgId,
  dataType: job.dataType,
  type: options.mode === "initial" ? "initial_sync" : "delta_sync",
  status: "queued",
  destinationId: job.destinationId,
  startedAt: null,
  processedAt: null,
  completedAt: null,
  resumeAt: null,
  interruptions: 0,
  counts: noCounts,
  emitted: 0,
  consumed: 0,
  coalesced: 0,
  outstanding: 0,
  expired: 0,
  heldDeletions: 0,
  issues: []
})
