import type { ArmedFault, Fault } from "../server/Fault.ts"
import type { JobState, Score, StageSlug } from "./Account.ts"

/** What can be set on a candidate. `job` is a key (shortcode) or null for the talent pool. */
export interface CandidateChanges {
  readonly firstname?: string
  readonly lastname?: string
  readonly email?: string | null
  readonly phone?: string | null
  readonly headline?: string | null
  readonly job?: string | null
  readonly stage?: StageSlug
  /** True disqualifies now, false takes it back. */
  readonly disqualified?: boolean
  readonly reason?: string | null
  readonly withdrew?: boolean
  readonly tags?: ReadonlyArray<string>
  readonly anonymized?: boolean
}

/** A candidate as the control interface shows one. */
export interface CandidateSummary {
  readonly id: string
  readonly firstname: string
  readonly lastname: string
  readonly email: string | null
  readonly job: string | null
  readonly stage: StageSlug
  readonly disqualified: boolean
  readonly hired: boolean
  readonly tags: ReadonlyArray<string>
  readonly updatedAt: string
}

/** What can be set on a job. */
export interface JobChanges {
  readonly title?: string
  readonly state?: JobState
  readonly code?: string | null
  readonly confidential?: boolean
}

/** A job as the control interface shows one. */
export interface JobSummary {
  readonly shortcode: string
  readonly title: string
  readonly state: JobState
  readonly updatedAt: string
}

/** What can be set on an employee. */
export interface EmployeeChanges {
  readonly firstname?: string
  readonly lastname?: string
  readonly workEmail?: string | null
  readonly jobTitle?: string | null
  readonly state?: "published" | "draft" | "inactive"
}

/** An employee as the control interface shows one. */
export interface StaffSummary {
  readonly id: string
  readonly firstname: string
  readonly lastname: string
  readonly workEmail: string | null
  readonly jobTitle: string | null
  readonly state: "published" | "draft" | "inactive"
}

/** An entry of a candidate's timeline as the control interface shows one. */
export interface ActivitySummary {
  readonly id: string
  readonly candidateId: string
  readonly action: string
  readonly body: string | null
}

/** A candidate's offer as the control interface shows one. */
export interface OfferSummary {
  readonly id: string
  readonly candidateId: string
  readonly state: string
}

/** The ways to change the account and the server while they run. Every bad input is an `InvalidInput` naming its field. */
export interface WorkableControl {
  /** Adds so many made-up candidates, or candidates with the fields given. Default one. */
  readonly add: (who?: number | CandidateChanges | ReadonlyArray<CandidateChanges>) => ReadonlyArray<CandidateSummary>
  readonly change: (id: string, fields: CandidateChanges) => CandidateSummary
  /** Deletes the candidate; no list says so, and `/candidates/{id}` is 404. */
  readonly remove: (id: string) => { readonly id: string; readonly deleted: true }
  readonly list: (options?: { readonly offset?: number; readonly limit?: number }) => ReadonlyArray<CandidateSummary>
  readonly get: (id: string) => CandidateSummary
  readonly addJob: (fields?: JobChanges) => JobSummary
  readonly changeJob: (shortcode: string, fields: JobChanges) => JobSummary
  /** Deletes the job and its candidates. */
  readonly removeJob: (shortcode: string) => { readonly shortcode: string; readonly deleted: true }
  readonly jobs: () => ReadonlyArray<JobSummary>
  /** A call or an interview with the candidate, ISO 8601 time. */
  readonly addEvent: (candidateId: string, startsAt: string) => { readonly id: string }
  /** Cancels an event; nothing about the candidate changes. */
  readonly cancelEvent: (id: string) => { readonly id: string; readonly cancelled: true }
  /** A comment of the first member; like all that is written into a timeline, it moves the candidate's `updated_at`. */
  readonly comment: (candidateId: string, body: string) => ActivitySummary
  /** A rating by the first member. */
  readonly rate: (candidateId: string, score: Score, body?: string) => ActivitySummary
  readonly changeActivity: (id: string, body: string) => ActivitySummary
  readonly removeActivity: (id: string) => { readonly id: string; readonly deleted: true }
  readonly activities: () => ReadonlyArray<ActivitySummary>
  /** Makes the candidate an offer, or gives theirs another state. */
  readonly offer: (candidateId: string, state: string) => OfferSummary
  readonly addEmployee: (fields?: EmployeeChanges) => StaffSummary
  readonly changeEmployee: (id: string, fields: EmployeeChanges) => StaffSummary
  readonly removeEmployee: (id: string) => { readonly id: string; readonly deleted: true }
  readonly employees: () => ReadonlyArray<StaffSummary>
  readonly count: () => { readonly candidates: number; readonly jobs: number; readonly employees: number }
  readonly fault: (fault: Fault) => ArmedFault
  readonly faults: () => ReadonlyArray<ArmedFault>
  readonly clearFaults: () => number
  /** Fresh OAuth tokens, as a consent would give. */
  readonly issueTokens: () => { readonly accessToken: string; readonly refreshToken: string }
  /** Ends all access tokens; with `refresh` the refresh tokens too. */
  readonly expireTokens: (options?: { readonly refresh?: boolean }) => number
  /** Makes the account token invalid. */
  readonly revokeKey: () => void
  /** Makes the account token valid again, or another one. */
  readonly restoreKey: (key?: string) => void
  /** Paths (their beginning, e.g. `/candidates`) that the token has no scope for: 403 from now on. */
  readonly forbid: (paths: ReadonlyArray<string>) => void
  /** Writes JSON with keys in random order and random white space from now on. */
  readonly shuffleKeys: (on: boolean) => void
  readonly clearRequests: () => number
}
