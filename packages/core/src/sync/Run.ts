/** Why a run was started. */
export type Trigger = "validation" | "api" | "schedule" | "update" | "release" | "resync"

/**
 * Where a run stands: `queued` → `running` (reading) → `processed` (read, events on their way) → `completed`
 * (`allConsumed` acknowledged). `incomplete`: events expired. `failed` and `cancelled` end it early.
 */
export type RunStatus = "queued" | "running" | "processed" | "completed" | "incomplete" | "failed" | "cancelled"

/** Statuses in which a run still reads, so that no other run of its job may start. */
export const reading: ReadonlyArray<RunStatus> = ["queued", "running"]

/**
 * How a run reads: everything as new, what changed since the cursor, or everything to compare; `release` sends held
 * deletions, `record` one record.
 */
export type RunMode = "initial" | "changes" | "listing" | "release" | "record"

/** Something that a person should know about a run. */
export interface RunIssue {
  readonly at: number
  readonly code: string
  readonly message: string
  readonly resolution?: string
  readonly model?: string
}

/** What a run has read and found. */
export interface RunCounts {
  readonly pages: number
  /** Records read from the app. */
  readonly processed: number
  readonly new: number
  readonly modified: number
  readonly deleted: number
  readonly unchanged: number
  /** Left out: inactive or not matching the filter. */
  readonly skipped: number
  /** Rows that could not be mapped. */
  readonly quarantined: number
  readonly calls: number
  readonly retries: number
  readonly rateLimitWaits: number
  readonly rateLimitWaitMillis: number
  /** Changes per model key. */
  readonly models: { readonly [key: string]: number }
}

/** Counts before anything was read. */
export const noCounts: RunCounts = {
  pages: 0,
  processed: 0,
  new: 0,
  modified: 0,
  deleted: 0,
  unchanged: 0,
  skipped: 0,
  quarantined: 0,
  calls: 0,
  retries: 0,
  rateLimitWaits: 0,
  rateLimitWaitMillis: 0,
  models: {}
}

/** The sum of two counts. */
export const addCounts = (a: RunCounts, b: RunCounts): RunCounts => {
  const models: Record<string, number> = { ...a.models }
  for (const [key, n] of Object.entries(b.models)) models[key] = (models[key] ?? 0) + n
  return {
    pages: a.pages + b.pages,
    processed: a.processed + b.processed,
    new: a.new + b.new,
    modified: a.modified + b.modified,
    deleted: a.deleted + b.deleted,
    unchanged: a.unchanged + b.unchanged,
    skipped: a.skipped + b.skipped,
    quarantined: a.quarantined + b.quarantined,
    calls: a.calls + b.calls,
    retries: a.retries + b.retries,
    rateLimitWaits: a.rateLimitWaits + b.rateLimitWaits,
    rateLimitWaitMillis: a.rateLimitWaitMillis + b.rateLimitWaitMillis,
    models
  }
}

/** One execution of a sync job. Times are epoch milliseconds. */
export interface Run {
  readonly id: string
  readonly workspaceId: string
  readonly jobId: string
  readonly integrationId: string
  readonly appId: string
  readonly originOrgId: string
  readonly dataType: string
  readonly type: "initial_sync" | "delta_sync"
  readonly mode: RunMode
  readonly trigger: Trigger
  readonly status: RunStatus
  readonly destinationId: string
  readonly createdAt: number
  readonly startedAt: number | null
  /** When reading ended. */
  readonly processedAt: number | null
  readonly completedAt: number | null
  /** Not before this time: the run waits for the app to come back. */
  readonly resumeAt: number | null
  /** How often in a row, without a page between, reading was interrupted by an error that may pass. */
  readonly interruptions: number
  readonly counts: RunCounts
  /** `record.*` events written to the outbox. */
  readonly emitted: number
  /** `record.*` events acknowledged. */
  readonly consumed: number
  /** `record.*` events whose place a newer one of the record took before they were sent. */
  readonly coalesced: number
  /** Events of the run, `allConsumed` left out, that are neither settled yet. */
  readonly outstanding: number
  /** Events that will not be delivered unless they are replayed: no attempt was left, or their destination was removed. */
  readonly expired: number
  /** Deletions that look like a mistake and wait for an operator, a confirmation or a second listing. */
  readonly heldDeletions: number
  readonly issues: ReadonlyArray<RunIssue>
}
