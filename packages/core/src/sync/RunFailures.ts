import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { ConnectorError } from "../connector/ConnectorError.ts"
import * as CrashPoint from "../crash/CrashPoint.ts"
import * as RunEvents from "../event/RunEvents.ts"
import type { IntegrationEvents } from "../integration/IntegrationEvents.ts"
import type { DestinationStore } from "../store/DestinationStore.ts"
import type { IntegrationStore } from "../store/IntegrationStore.ts"
import { isReplayedMeanwhile, StoreError } from "../store/StoreError.ts"
import type { ClaimedRun, SyncStore } from "../store/SyncStore.ts"
import type { Vault } from "../vault/Vault.ts"
import { VaultError } from "../vault/Vault.ts"
import type { RunIssue, RunMode } from "./Run.ts"
import type { RunFailure } from "./RunFailure.ts"
import { TurnOver } from "./TurnOver.ts"
import * as Timetable from "./Timetable.ts"

/** So often a run is taken up again after errors that may pass, about eight hours in all; then it fails. */
const maxInterruptions = 20

/** What settling a failure needs of the world. */
export interface Services {
  readonly sync: SyncStore["Service"]
  readonly integrations: IntegrationStore["Service"]
  readonly destinations: DestinationStore["Service"]
  readonly vault: Vault["Service"]
  readonly events: IntegrationEvents["Service"]
}

/**
 * Turns whatever stopped a run into the run's state: given back (shutdown, a fault that may pass), failed with
 * `sync.failed`, or left alone because somebody else has the lease.
 */
export const settle = Effect.fnUntraced(function* (
  services: Services,
  claimed: ClaimedRun,
  pending: ReadonlyArray<RunIssue>,
  cause: Cause.Cause<ConnectorError | StoreError | TurnOver | VaultError | RunFailure>
): Effect.fn.Return<void, StoreError> {
  const { lease, run } = claimed
  const at = yield* Clock.currentTimeMillis
  const giveBack = (resumeAt: number | null) =>
    services.sync.releaseRun(lease, { resumeAt, issues: pending, interrupted: false }).pipe(
      Effect.tap(() => Effect.sync(() => CrashPoint.at("run.released"))),
      // A store that is away, or a lost lease, must not keep the process from stopping.
      Effect.catch((error) =>
        Effect.logWarning("A run was not given back", { runId: run.id, reason: error.reason._tag })
      )
    )
  if (Cause.hasInterruptsOnly(cause)) return yield* giveBack(null)
  const error = errorOf(cause)
  // Behind all that wait already.
  if (error instanceof TurnOver) return yield* giveBack(at)
  if (error instanceof StoreError && isReplayedMeanwhile(error)) {
    // A replay has sent a record of the page meanwhile: the page is read again, and compared with what is stored now.
    yield* Effect.logInfo("A run reads a page again, as a replay has changed its records", { runId: run.id })
    return yield* services.sync.releaseRun(lease, { resumeAt: null, issues: [], interrupted: false })
  }
  if (error instanceof StoreError) {
    // Lost leases belong to somebody else; a store that is away cannot be told: the lease passes by itself.
    return error.reason._tag === "LeaseLost"
      ? yield* Effect.logInfo("A run was taken away: paused, cancelled or taken over", { runId: run.id })
      : yield* Effect.logWarning("A run stopped: the store refused", { runId: run.id, reason: error.message })
  }
  const issue = issueOf(error, at)
  if (error === null) {
    yield* Effect.logError("A run stopped unexpectedly", { runId: run.id, defect: traceOf(cause) })
  }
  const mayPass = error === null || (error instanceof ConnectorError && error.isRetryable)
  if (mayPass && run.interruptions < maxInterruptions) {
    yield* Effect.logWarning("A run is interrupted and goes on later", { runId: run.id, code: issue.code })
    return yield* services.sync.releaseRun(lease, {
      resumeAt: at + waitOf(error, run.interruptions),
      issues: [...pending, issue],
      interrupted: true
    })
  }
  yield* Effect.logError("A run failed", { runId: run.id, code: issue.code })
  yield* fail(services, claimed, [...pending, issue], issue, at)
  if (error instanceof ConnectorError && error.reason._tag === "Unauthorized") {
    yield* services.events.needsReconnect(run.workspaceId, run.integrationId, error)
  }
})

const fail = Effect.fnUntraced(function* (
  services: Services,
  { job, lease, run }: ClaimedRun,
  issues: ReadonlyArray<RunIssue>,
  issue: RunIssue,
  at: number
): Effect.fn.Return<void, StoreError> {
  const destination = yield* services.destinations.byId(run.destinationId)
  // Without its key nothing can be sealed, and what cannot be sealed is not sent. (A store that is away comes back.)
  const sealer = yield* services.vault.sealer({ owner: "run", ownerId: run.id, workspaceId: run.workspaceId }).pipe(
    Effect.asSome,
    Effect.catchTag("VaultError", () => Effect.succeedNone)
  )
  const events =
    Option.isSome(destination) && Option.isSome(sealer) && RunEvents.wants(destination.value, "sync.failed")
      ? [
          RunEvents.ofRun(run, sealer.value, "sync.failed", at, {
            status: "failed",
            code: issue.code,
            msg: issue.message,
            resolution: issue.resolution ?? null,
            startedAt: run.startedAt === null ? null : String(run.startedAt),
            failedAt: String(at),
            complete: false
          })
        ]
      : []
  yield* services.sync.endRun(
    lease,
    {
      status: "failed",
      at,
      events,
      heldDeletions: 0,
      issues,
      // A resync or release that failed is no reason to put the next delta off.
      job: job.honorScheduler || !reads.includes(run.mode) ? {} : { nextRunAt: Timetable.afterRun(job, at) }
    },
    () => null
  )
})

const reads: ReadonlyArray<RunMode> = ["initial", "changes", "listing"]

/** The typed error; also one that synchronous code threw, e.g. the vault when it opens a row inside of a page. */
const errorOf = <E>(cause: Cause.Cause<E>): E | StoreError | VaultError | null => {
  const found = Cause.findError(cause)
  if (Result.isSuccess(found)) return found.success
  const defect = Result.getOrUndefined(Cause.findDefect(cause))
  return defect instanceof VaultError || defect instanceof StoreError ? defect : null
}

/** Where a defect comes from, without its message, which may quote what was being read. */
const traceOf = (cause: Cause.Cause<unknown>): string => {
  const defect = Result.getOrUndefined(Cause.findDefect(cause))
  if (!(defect instanceof Error)) return typeof defect
  const frames = (defect.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line))
  return [defect.constructor.name, ...frames.map((frame) => frame.trim())].join("\n")
}

const issueOf = (error: ConnectorError | VaultError | RunFailure | null, at: number): RunIssue => {
  if (error === null) {
    return {
      at,
      code: "internal",
      message: "The run stopped unexpectedly.",
      resolution: "Look at the server's log with the run's id."
    }
  }
  if (error instanceof ConnectorError)
    return { at, code: error.code, message: error.message, resolution: error.resolution }
  if (error instanceof VaultError) return { at, code: "vault.unreadable", message: error.message }
  return {
    at,
    code: error.code,
    message: error.msg,
    ...(error.resolution === undefined ? {} : { resolution: error.resolution })
  }
}

/** 30 s, doubling up to half an hour; longer when the app asks for it. */
const waitOf = (error: ConnectorError | VaultError | RunFailure | null, interruptions: number): number => {
  const wait = Math.min(30_000 * 2 ** interruptions, 1_800_000)
  const reason = error instanceof ConnectorError ? error.reason : null
  return reason !== null && "retryAfterMillis" in reason ? Math.max(wait, reason.retryAfterMillis ?? 0) : wait
}
