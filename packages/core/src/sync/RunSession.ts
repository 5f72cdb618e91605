import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AnyResource, ResourceContext } from "../connector/Resource.ts"
import { mintEnd } from "../connector/Page.ts"
import type { ProviderClient } from "../connector/ProviderClient.ts"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { Destination } from "../destination/Destination.ts"
import type { Normaliser } from "../diff/Normaliser.ts"
import type { PageDiff } from "../diff/PageDiff.ts"
import type { SeenBitmap } from "../diff/SeenBitmap.ts"
import type { Integration } from "../integration/Integration.ts"
import type { NewEvent } from "../event/Event.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { PageCommit, RunLease, SnapshotRow, SyncStore } from "../store/SyncStore.ts"
import type { Sealer } from "../vault/Vault.ts"
import * as Checkpoint from "./Checkpoint.ts"
import type { Job } from "./Job.ts"
import * as Recorder from "./Recorder.ts"
import { addCounts, noCounts, type Run, type RunCounts, type RunIssue } from "./Run.ts"
import * as Slices from "./Slices.ts"

/** One execution of a claimed run in this process; a single fiber uses it. */
export interface RunSession {
  readonly run: Run
  readonly job: Job
  readonly integration: Integration
  readonly destination: Destination
  readonly resource: AnyResource
  readonly client: ProviderClient
  readonly normaliser: Normaliser
  readonly recorder: Recorder.Recorder
  readonly seen: SeenBitmap
  readonly integrationSealer: Sealer
  readonly runSealer: Sealer
  /** Fingerprint of credentials, settings, filters and models: listings of another scope are not comparable. */
  readonly scope: string
  /** The lease, which the heartbeat renews. */
  lease: RunLease
  /** Whether it has read long enough and another run waits; the heartbeat says so. */
  turnOver: boolean
  checkpoint: Checkpoint.Checkpoint
  nextOrdinal: number
  /** What the run has counted in all, earlier executions included. */
  counts: RunCounts
  /** Issues that the next commit will store. */
  issues: Array<RunIssue>
  /** How many issues about single rows this session has added. */
  notes: number
  /** How many absences the app was asked about. */
  confirmations: number
  /** What the client's statistics said at the last commit. */
  reported: ReturnType<ProviderClient["statistics"]>
}

/** What a resource is given by this session. */
export const contextOf = (session: RunSession): ResourceContext =>
  contextFor(session.job, session.client, session.checkpoint.page, (issue) =>
    Effect.map(Clock.currentTimeMillis, (at) => void session.issues.push({ at, ...issue }))
  )

/** What a resource is given for a job. */
export const contextFor = (
  job: Job,
  client: ProviderClient,
  checkpoint: unknown,
  issue: ResourceContext["issue"]
): ResourceContext => ({
  client,
  models: new Set(job.models),
  filters: job.filters.native ?? {},
  passthrough: {
    query: job.filters.passthrough?.query ?? {},
    body: job.filters.passthrough?.body ?? {},
    headers: job.filters.passthrough?.headers ?? {}
  },
  includeInactive: job.includeInactive,
  checkpoint,
  issue,
  end: ({ because, cursor, paging }) => mintEnd({ evidence: "asserted", paging, because, cursor: cursor ?? null })
})

type SealableDiff = Pick<PageDiff, "rows" | "changes" | "counts">

/** Seals what a page changes. The session stands behind it at once; pages are stored in the order of preparation. */
export const prepare = Effect.fnUntraced(function* (
  session: RunSession,
  diff: SealableDiff,
  checkpoint: Checkpoint.Checkpoint
): Effect.fn.Return<PageCommit> {
  const at = yield* Clock.currentTimeMillis
  const statistics = session.client.statistics()
  const counts = addCounts(diff.counts, {
    ...noCounts,
    calls: statistics.calls - session.reported.calls,
    retries: statistics.retries - session.reported.retries,
    rateLimitWaits: statistics.rateLimitWaits - session.reported.rateLimitWaits,
    rateLimitWaitMillis: statistics.rateLimitWaitMillis - session.reported.rateLimitWaitMillis
  })
  session.reported = statistics
  session.checkpoint = checkpoint
  const rows: Array<SnapshotRow> = []
  const events: Array<NewEvent> = []
  yield* Slices.forEach(diff.rows, (drafts) => void rows.push(...session.recorder.rows(drafts)))
  yield* Slices.forEach(diff.changes, (changes) => void events.push(...session.recorder.events(changes, at)))
  return {
    checkpoint: session.runSealer.seal(Recorder.checkpointPlace(session.run.id), Checkpoint.encode(checkpoint)),
    rows,
    events,
    seen: session.seen.takeTouched(),
    counts,
    issues: session.issues.splice(0)
  }
})

/** Stores a page and where the run stands after it, in one transaction. */
export const store = (
  session: RunSession,
  sync: SyncStore["Service"],
  page: PageCommit
): Effect.Effect<void, StoreError> =>
  Effect.suspend(() => {
    CrashPoint.at("page.read")
    return sync.commitPage(session.lease, page)
  }).pipe(
    Effect.onExit((exit) =>
      Effect.sync(() => {
        // What a page had to say that was not stored is told with the run's failure.
        if (Exit.isFailure(exit)) return void session.issues.unshift(...page.issues)
        CrashPoint.at("page.committed")
        session.counts = addCounts(session.counts, page.counts)
      })
    )
  )

/** Prepares a page and stores it. */
export const commit = (
  session: RunSession,
  sync: SyncStore["Service"],
  diff: SealableDiff,
  checkpoint: Checkpoint.Checkpoint
): Effect.Effect<void, StoreError> =>
  Effect.flatMap(prepare(session, diff, checkpoint), (page) => store(session, sync, page))

/** The snapshot rows of the keys, by key. */
export const lookup = (
  session: RunSession,
  store: SyncStore["Service"],
  keys: ReadonlyArray<string>
): Effect.Effect<ReadonlyMap<string, SnapshotRow>, StoreError> =>
  keys.length === 0
    ? Effect.succeed(new Map())
    : Effect.map(store.lookup(session.job.id, keys), (rows) => new Map(rows.map((row) => [row.key, row])))
