import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { ConnectorError } from "../connector/ConnectorError.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import { Accounts } from "../integration/Accounts.ts"
import { IntegrationEvents } from "../integration/IntegrationEvents.ts"
import { Connectors } from "../service/Connectors.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import { type ClaimedReplay, ReplayStore } from "../store/ReplayStore.ts"
import { StoreError } from "../store/StoreError.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { Vault, type VaultError } from "../vault/Vault.ts"
import * as BatchPlan from "./BatchPlan.ts"
import type { Replay } from "./Replay.ts"

/** What an operator may set. */
export interface ReplaySettings {
  /** Name of this process in leases. */
  readonly owner: string
  /** A replay that shows no sign of life for so long is taken over. Default 10 s. */
  readonly leaseMillis: number
  /** Events that one transaction makes at most. Default 100. */
  readonly batchSize: number
  /** Events of one replay that wait for delivery at most: live events come after no more than these. Default 256. */
  readonly maxOutstanding: number
  /** So many waiting events of a destination make its replays wait. Default 50,000. */
  readonly maxBacklog: number
}

/** Leases of 10 s, batches of 100, at most 256 on their way. */
export const defaultSettings = (owner: string): ReplaySettings => ({
  owner,
  leaseMillis: 10_000,
  batchSize: 100,
  maxOutstanding: 256,
  maxBacklog: 50_000
})

/** So many batches are made before another replay has its turn. */
const batchesInARow = 10
/** How long a replay waits for its events to be delivered, and for a destination's backlog to shrink. */
const roomMillis = 250
const backlogMillis = 1000
/** So often an app that may come back is asked again; then its events are left out with the app's code. */
const maxInterruptions = 20

/** Executes replays: claims one, makes the next batches of its events, gives it back. */
export class ReplayEngine extends Context.Service<
  ReplayEngine,
  {
    /** Works on the replay whose time came first; false when none is due. What happens inside becomes its state. */
    readonly runNext: Effect.Effect<boolean, StoreError>
  }
>()("@crochet/core/replay/ReplayEngine") {
  static readonly layer = (
    settings: ReplaySettings
  ): Layer.Layer<
    ReplayEngine,
    never,
    | Accounts
    | Connectors
    | DestinationStore
    | IntegrationEvents
    | IntegrationStore
    | OutboxStore
    | ReplayStore
    | SyncStore
    | Vault
    | Wakeup
  > => Layer.effect(ReplayEngine, make(settings))
}

const make = Effect.fnUntraced(function* (settings: ReplaySettings) {
  const replays = yield* ReplayStore
  const outbox = yield* OutboxStore
  const wakeup = yield* Wakeup
  const integrationEvents = yield* IntegrationEvents
  const services = {
    sync: yield* SyncStore,
    integrations: yield* IntegrationStore,
    destinations: yield* DestinationStore,
    vault: yield* Vault,
    accounts: yield* Accounts,
    connectors: yield* Connectors
  }

  /** An app that may come back makes the replay wait; one that refuses is left out. */
  const refusedIn =
    (replay: Replay): BatchPlan.Services["refused"] =>
    ({ job }, error) =>
      Effect.gen(function* () {
        if (error.isRetryable && replay.interruptions < maxInterruptions) return yield* error
        if (error.reason._tag === "Unauthorized")
          yield* integrationEvents.needsReconnect(replay.workspaceId, job.integrationId, error)
        return error.code
      })

  /** When the next batch may be made, after `made` events at the time. */
  const paced = (replay: Replay, made: number, now: number): number =>
    replay.ratePerSecond === null || made === 0
      ? now
      : Math.max(now, replay.nextAt) + Math.ceil((made * 1000) / replay.ratePerSecond)

  /** Makes one batch; returns the replay as it is then. */
  const batch = Effect.fnUntraced(function* (
    { lease }: ClaimedReplay,
    replay: Replay,
    limit: number
  ): Effect.fn.Return<Replay, ConnectorError | StoreError | VaultError, Scope.Scope> {
    const now = yield* Clock.currentTimeMillis
    const scan = yield* replays.scan(replay, limit)
    for (const id of new Set(scan.events.map((event) => event.destinationId))) {
      if ((yield* outbox.backlog(id)) >= settings.maxBacklog) return { ...replay, nextAt: now + backlogMillis }
    }
    const plan = yield* BatchPlan.make({ ...services, refused: refusedIn(replay) }, replay, scan.events, now)
    const nextAt = paced(replay, plan.events.length + plan.due.length, now)
    const { cursorPosition, done } = scan
    CrashPoint.at("replay.read")
    yield* replays.commit(lease, { ...plan, cursorPosition, done, examined: scan.events.length, nextAt })
    CrashPoint.at("replay.committed")
    const destinations = new Set([...plan.events, ...scan.events].map((event) => event.destinationId))
    yield* Effect.forEach(destinations, wakeup.notify, { discard: true })
    return { ...replay, cursorPosition, nextAt, interruptions: 0, state: done ? "done" : "running" }
  })

  /** Makes batches while there is room for them; returns the replay as it is then. */
  const work = Effect.fnUntraced(function* (
    claimed: ClaimedReplay
  ): Effect.fn.Return<Replay, ConnectorError | StoreError | VaultError, Scope.Scope> {
    let { replay } = claimed
    let largest = Math.min(settings.batchSize, replay.ratePerSecond ?? settings.batchSize)
    for (let i = 0; i < batchesInARow; i++) {
      const waiting = (yield* replays.progress([replay.id])).get(replay.id)?.pending ?? 0
      const now = yield* Clock.currentTimeMillis
      const room = settings.maxOutstanding - waiting
      if (room <= 0) return { ...replay, nextAt: Math.max(replay.nextAt, now + roomMillis) }
      const made = yield* Effect.result(batch(claimed, replay, Math.min(largest, room)))
      if (Result.isSuccess(made)) replay = made.success
      // A run was faster with one of the records: they are read again, fewer at a time.
      else if (made.failure instanceof StoreError && made.failure.reason._tag === "Conflict")
        largest = Math.max(1, Math.floor(largest / 4))
      else return yield* Effect.fail(made.failure)
      if (replay.state === "done" || replay.nextAt > (yield* Clock.currentTimeMillis)) return replay
    }
    return replay
  })

  const heartbeat = ({ lease }: ClaimedReplay) =>
    replays.renew(lease, settings.leaseMillis).pipe(
      Effect.catchIf(
        (error) => error.reason._tag !== "LeaseLost",
        (error) => Effect.logWarning("The heartbeat of a replay failed", { reason: error.reason._tag })
      ),
      Effect.delay(settings.leaseMillis / 3),
      Effect.forever({ disableYield: true })
    )

  const release = ({ lease }: ClaimedReplay, nextAt: number, error: string | null) =>
    Effect.catch(replays.release(lease, { nextAt, error }), (failure) =>
      // Cancelled, taken over, or the store is away: then the lease passes by itself.
      Effect.logInfo("A replay was not given back", { replayId: lease.replayId, reason: failure.reason._tag })
    )

  /** Only the work can be interrupted: what comes of it is always written down, also at a shutdown. */
  const runClaimed = Effect.fn("ReplayEngine.run")(function* (
    claimed: ClaimedReplay,
    restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  ) {
    const replayId = claimed.replay.id
    yield* Effect.annotateCurrentSpan({ replayId })
    const exit = yield* Effect.exit(restore(Effect.raceFirst(Effect.scoped(work(claimed)), heartbeat(claimed))))
    const now = yield* Clock.currentTimeMillis
    if (Exit.isSuccess(exit)) {
      const { nextAt, state } = exit.value
      return state === "done" ? undefined : yield* release(claimed, nextAt, null)
    }
    if (Cause.hasInterruptsOnly(exit.cause)) {
      yield* release(claimed, now, null)
      return yield* Effect.interrupt
    }
    const error = Result.getOrUndefined(Cause.findError(exit.cause))
    if (error instanceof StoreError && error.reason._tag === "LeaseLost") {
      return yield* Effect.logInfo("A replay was taken away: cancelled or taken over", { replayId })
    }
    const { interruptions } = claimed.replay
    const asked =
      error instanceof ConnectorError && "retryAfterMillis" in error.reason ? error.reason.retryAfterMillis : 0
    const wait = Math.max(Math.min(5000 * 2 ** interruptions, 1_800_000), asked ?? 0)
    const code = error instanceof ConnectorError ? error.code : "internal"
    yield* error === undefined
      ? Effect.logError("A replay stumbled and goes on later", exit.cause)
      : Effect.logWarning("A replay is interrupted and goes on later", { replayId, code })
    return yield* release(claimed, now + wait, code)
  })

  return ReplayEngine.of({
    runNext: Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(replays.claim({ owner: settings.owner, leaseMillis: settings.leaseMillis }), (claimed) =>
        Option.isNone(claimed) ? Effect.succeed(false) : Effect.as(runClaimed(claimed.value, restore), true)
      )
    )
  })
})
