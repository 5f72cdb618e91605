import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { ConnectorError, CursorExpired } from "../connector/ConnectorError.ts"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import * as RunEvents from "../event/RunEvents.ts"
import { Accounts } from "../integration/Accounts.ts"
import { IntegrationEvents } from "../integration/IntegrationEvents.ts"
import { Connectors } from "../service/Connectors.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { SyncStore, type ClaimedRun } from "../store/SyncStore.ts"
import { Vault } from "../vault/Vault.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as Recorder from "./Recorder.ts"
import * as RunDeletions from "./RunDeletions.ts"
import * as RunOpening from "./RunOpening.ts"
import { RunFailure } from "./RunFailure.ts"
import * as RunFailures from "./RunFailures.ts"
import * as RunReader from "./RunReader.ts"
import type { RunSession } from "./RunSession.ts"
import * as Timetable from "./Timetable.ts"

/** What an operator may set. */
export interface RunSettings {
  /** Name of this process in leases. */
  readonly owner: string
  /** A run that shows no sign of life for so long is taken over. Default 10 s. */
  readonly leaseMillis: number
  readonly guard: RunDeletions.DeletionGuard
  /** So many deltas that read only changes, then everything is listed and compared. Default 10. */
  readonly reconcileEvery: number
  /** A run that has read for so long lets another one that waits have its turn, after a page. Default 30 s. */
  readonly turnMillis: number
  /** So many waiting events of a destination make reading wait. Default 50,000. */
  readonly maxBacklog: number
}

/** Leases of 10 s, turns of 30 s, the guard of `sync-engine.md` 4.5, a full listing after every ten deltas. */
export const defaultSettings = (owner: string): RunSettings => ({
  owner,
  leaseMillis: 10_000,
  guard: RunDeletions.defaultGuard,
  reconcileEvery: 10,
  turnMillis: 30_000,
  maxBacklog: 50_000
})

/** Executes sync runs: claims one, reads it page by page, works deletions off, ends it. */
export class RunEngine extends Context.Service<
  RunEngine,
  {
    /**
     * Claims the oldest run that waits and executes it as far as it goes; false when none waits. Never fails for what
     * happens inside a run: that becomes the run's state.
     */
    readonly runNext: Effect.Effect<boolean, StoreError>
    readonly settings: RunSettings
  }
>()("@crochet/core/sync/RunEngine") {
  static readonly layer = (
    settings: RunSettings
  ): Layer.Layer<
    RunEngine,
    never,
    | SyncStore
    | OutboxStore
    | IntegrationStore
    | DestinationStore
    | Vault
    | Accounts
    | Connectors
    | IntegrationEvents
    | Wakeup
  > => Layer.effect(RunEngine, make(settings))
}

const make = Effect.fnUntraced(function* (settings: RunSettings) {
  const sync = yield* SyncStore
  const outbox = yield* OutboxStore
  const integrations = yield* IntegrationStore
  const destinations = yield* DestinationStore
  const vault = yield* Vault
  const wakeup = yield* Wakeup
  const services: RunFailures.Services = { sync, integrations, destinations, vault, events: yield* IntegrationEvents }
  const open = RunOpening.make({ ...services, accounts: yield* Accounts, connectors: yield* Connectors })
  // Deliveries begin while the run still reads: every commit wakes the dispatcher.
  const stores: RunReader.Stores = {
    outbox,
    maxBacklog: settings.maxBacklog,
    sync: {
      ...sync,
      commitPage: (lease, page) =>
        Effect.tap(sync.commitPage(lease, page), () =>
          page.events.length === 0 ? Effect.void : wakeup.notify(page.events[0]!.destinationId)
        )
    }
  }

  const execute = Effect.fnUntraced(function* (session: RunSession) {
    const { checkpoint } = session
    if (checkpoint.mode === "record") {
      // Sent and committed, but not ended before a crash: sending it again would be another event.
      if (checkpoint.phase === "reading") yield* RunReader.readOne(session, stores, checkpoint.recordId ?? "")
      return yield* finish(session)
    }
    if (checkpoint.phase === "reading") {
      const end = yield* RunReader.read(session, stores)
      if (end === null) {
        return yield* RunFailure.of(
          "listing.incomplete",
          "The connector stopped reading without saying that it was at the end.",
          "What was read is delivered; nothing was deleted. The next run reads again."
        )
      }
      const decision = yield* RunDeletions.plan(session, stores, end, settings.guard)
      const cursor = session.checkpoint.mode === "changes" ? end.cursor : session.checkpoint.cursor
      session.checkpoint = { ...session.checkpoint, ...decision, cursor }
      CrashPoint.at("deletions.planned")
    }
    yield* RunDeletions.work(session, stores)
    return yield* finish(session)
  })

  const finish = Effect.fnUntraced(function* (session: RunSession) {
    CrashPoint.at("reading.ended")
    const { checkpoint, job, run } = session
    // Everything of the run is in the outbox now: only the store knows how many events were really written.
    const [stored] = yield* sync.runsById([run.id])
    const at = yield* Clock.currentTimeMillis
    const counts = stored?.counts ?? session.counts
    const events = RunEvents.processed(
      { ...run, counts, startedAt: stored?.startedAt ?? run.startedAt },
      session.runSealer,
      at,
      stored?.emitted ?? 0
    )
    const listed = checkpoint.mode === "initial" || checkpoint.mode === "listing"
    const reads = listed || checkpoint.mode === "changes"
    if (checkpoint.held > 0) {
      session.issues.push({
        at,
        code: "deletions.held",
        message: `${checkpoint.held} records would have been deleted at once; their deletion is held.`,
        resolution:
          "Check the app. Send the deletions with sync.run.releaseDeletions, or forget them with sync.run.discardDeletions. A second complete listing that agrees sends them too."
      })
    }
    yield* sync.endRun(
      session.lease,
      {
        status: "processed",
        at,
        events: events.filter((event) => RunEvents.wants(session.destination, event.type)),
        heldDeletions: checkpoint.held,
        issues: session.issues,
        job: {
          ...(reads && checkpoint.cursor !== null
            ? { cursor: session.integrationSealer.seal(Recorder.cursorPlace(job.id), checkpoint.cursor) }
            : {}),
          ...(listed ? { scope: session.scope } : {}),
          ...(reads ? { deltasSinceListing: listed ? 0 : job.deltasSinceListing + 1 } : {}),
          ...(reads && !job.honorScheduler ? { nextRunAt: Timetable.afterRun(job, at) } : {})
        }
      },
      closing(session, at)
    )
    CrashPoint.at("run.sealed")
    yield* wakeup.notify(run.destinationId)
  })

  const closing = (session: RunSession, now: number) =>
    RunEvents.close({ sealer: () => session.runSealer, destination: () => session.destination, now })

  const heartbeat = Effect.fnUntraced(function* (session: RunSession) {
    const since = yield* Clock.currentTimeMillis
    const turn = Effect.flatMap(Clock.currentTimeMillis, (now) =>
      session.turnOver || now - since < settings.turnMillis
        ? Effect.void
        : Effect.map(sync.runsWait, (wait) => void (session.turnOver = wait))
    )
    return yield* sync.renewRun(session.lease, settings.leaseMillis).pipe(
      Effect.tap((lease) => Effect.sync(() => void (session.lease = lease))),
      Effect.andThen(turn),
      // A store that is away for a moment does not end a run; a lost lease does.
      Effect.catchIf(
        (error) => error.reason._tag !== "LeaseLost",
        (error) =>
          Effect.logWarning("The heartbeat of a run failed", { runId: session.run.id, reason: error.reason._tag })
      ),
      Effect.delay(settings.leaseMillis / 3),
      Effect.forever({ disableYield: true })
    )
  })

  /** Only opening and executing can be interrupted: what comes of them is always written down, also at a shutdown. */
  const runClaimed = Effect.fn("RunEngine.run")(function* (
    claimed: ClaimedRun,
    restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  ) {
    CrashPoint.at("run.claimed")
    yield* Effect.annotateCurrentSpan({
      runId: claimed.run.id,
      appId: claimed.run.appId,
      dataType: claimed.run.dataType
    })
    const opened = yield* Effect.exit(restore(open(claimed)))
    if (Exit.isFailure(opened)) {
      yield* RunFailures.settle(services, claimed, [], opened.cause)
      yield* wakeup.notify(claimed.run.destinationId)
      return Cause.hasInterruptsOnly(opened.cause) ? yield* Effect.interrupt : undefined
    }
    const session = opened.value
    const restartable = Effect.catchIf(
      execute(session),
      (error): error is ConnectorError => error instanceof ConnectorError && error.reason instanceof CursorExpired,
      () => {
        // The listing starts again in the same run: what was seen stays seen, and is found unchanged.
        const mode = session.checkpoint.mode === "changes" ? "listing" : session.checkpoint.mode
        session.checkpoint = { ...Checkpoint.initial(mode), tainted: session.checkpoint.tainted }
        return execute(session)
      }
    )
    const exit = yield* Effect.exit(restore(Effect.raceFirst(restartable, heartbeat(session))))
    if (Exit.isSuccess(exit)) return undefined
    const progressed = session.counts.pages > claimed.run.counts.pages
    const run = progressed ? { ...claimed.run, interruptions: 0 } : claimed.run
    yield* RunFailures.settle(services, { ...claimed, run, lease: session.lease }, session.issues, exit.cause)
    yield* wakeup.notify(session.run.destinationId)
    return Cause.hasInterruptsOnly(exit.cause) ? yield* Effect.interrupt : undefined
  }, Effect.scoped)

  return RunEngine.of({
    settings,
    runNext: Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(sync.claimRun({ owner: settings.owner, leaseMillis: settings.leaseMillis }), (claimed) =>
        Option.isNone(claimed) ? Effect.succeed(false) : Effect.as(runClaimed(claimed.value, restore), true)
      )
    )
  })
})
