import type { Category } from "../model/DataType.ts"
import type { SyncFilters } from "../filter/SyncFilters.ts"
import type { Frequency } from "./Frequency.ts"

/** What is synced for one integration and data type, where to and how often. Times are epoch milliseconds. */
export interface Job {
  readonly id: string
  readonly workspaceId: string
  readonly integrationId: string
  readonly appId: string
  readonly originOrgId: string
  readonly category: Category
  readonly dataType: string
  /** Model ids in the data type's order. */
  readonly models: ReadonlyArray<string>
  readonly frequency: Frequency
  /** False: the next delta is one interval after a run ends. True: an ad-hoc run leaves the timetable as it is. */
  readonly honorScheduler: boolean
  /** Where the timetable's days begin, in UTC. */
  readonly startAt: { readonly hour: number; readonly minute: number } | null
  readonly destinationId: string
  readonly filters: SyncFilters
  /** JSON paths of the record (`$.profile.workEmail`) whose changes give `record.modified`; empty for all. */
  readonly watchFields: ReadonlyArray<string>
  readonly includeInactive: boolean
  readonly state: "active" | "paused"
  readonly nextRunAt: number | null
  /** Where the next delta starts, sealed; null before the first complete initial run. */
  readonly cursor: Uint8Array | null
  /** Fingerprint of credentials, filters and models under which the snapshot was made: only then is absence evidence. */
  readonly scope: string | null
  /** Deltas since the last complete listing; every Nth run lists everything again. */
  readonly deltasSinceListing: number
  /** Sequences of records are above it: what was given out before a backup was restored is not given out again. */
  readonly sequenceFloor: number
  readonly createdAt: number
  readonly updatedAt: number
}
