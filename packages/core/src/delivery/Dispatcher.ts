import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { DestinationStore } from "../store/DestinationStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import { Vault } from "../vault/Vault.ts"
import * as Backoff from "./Backoff.ts"
import { DestinationKeys } from "./DestinationKeys.ts"
import { check, defaults, type DispatcherOptions, type InvalidDispatcherOptions } from "./DispatcherOptions.ts"
import * as FairGate from "./FairGate.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as HeldEvents from "./HeldEvents.ts"
import * as Lane from "./Lane.ts"
import type { LaneContext } from "./LaneContext.ts"
import * as Pauses from "./Pauses.ts"
import * as Settler from "./Settler.ts"
import * as Signal from "./Signal.ts"
import * as SignatureTime from "./SignatureTime.ts"
import { Transport } from "./Transport.ts"
import { Wakeup } from "./Wakeup.ts"
import * as Watchdog from "./Watchdog.ts"

export { type DispatcherOptions, defaults, InvalidDispatcherOptions } from "./DispatcherOptions.ts"

/**
 * Delivers what is in the outbox (`delivery.md`): for each destination with due events a lane of its own, with its own
 * limit of concurrent requests. At least once; events of one record in order; only an acknowledgement ends an event.
 *
 * The store is the truth: lanes start from what it says is due. `Wakeup` only makes that sooner. When the layer's scope
 * closes, nothing new is claimed, requests under way are finished, the rest is given back.
 */
export class Dispatcher extends Context.Service<
  Dispatcher,
  {
    /** What this process has taken on, right now. */
    readonly activity: Effect.Effect<{
      readonly lanes: number
      readonly sending: number
      readonly held: number
      readonly unsettled: number
    }>
    /** Ends when a loop is stuck, so that only a new process helps. */
    readonly stuck: Effect.Effect<Watchdog.DispatcherStuck>
  }
>()("@crochet/core/delivery/Dispatcher") {
  /** Fails with `InvalidDispatcherOptions` that names the field. */
  static readonly layer = (
    options: Partial<DispatcherOptions> = {}
  ): Layer.Layer<
    Dispatcher,
    InvalidDispatcherOptions,
    Crypto | DestinationKeys | DestinationStore | OutboxStore | Transport | Vault | Wakeup
  > => Layer.effect(Dispatcher, make({ ...defaults, ...options }))
}

/** How long a stop waits at least for outcomes to be written: they are worth a duplicate each. */
const leastSettleMillis = 5000

const make = Effect.fnUntraced(function* (options: DispatcherOptions) {
  yield* check(options)
  const outbox = yield* OutboxStore
  const destinations = yield* DestinationStore
  const keys = yield* DestinationKeys
  const vault = yield* Vault
  const transport = yield* Transport
  const wakeup = yield* Wakeup
  const crypto = yield* Crypto
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  // Not the layer's own scope: that would end the fibers before the graceful stop, which needs them.
  const scope = yield* Scope.make()
  const now = () => clock.currentTimeMillisUnsafe()
  const signatureTime = yield* SignatureTime.reader

  const ticks = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)

  const lanes = new Map<string, Lane.Lane>()
  const some = Signal.make()
  const held = HeldEvents.make(some.give)
  const pauses = Pauses.make({ destinations, vault, wakeup })
  const watchdog = Watchdog.make(options.stuckMillis + options.scanMillis, ticks)
  const stuck = yield* Deferred.make<Watchdog.DispatcherStuck>()
  const quiet = Signal.make()
  const sooner = Signal.make()
  let nextScan = 0
  let sending = 0
  let stopping = false

  const settling = watchdog.watch("writing outcomes", () => settler.size() > 0)
  const settler: Settler.Settler = Settler.make({
    outbox,
    clock,
    groupSize: options.groupSize,
    groupMillis: options.groupMillis,
    idle: () => sending === 0,
    onSettled: (nextRetry) => {
      quiet.give()
      if (nextRetry < nextScan) sooner.give()
    },
    onTurned: ({ health, kind }) => {
      const { destinationId, lastError } = health
      lanes.get(destinationId)?.turned(health)
      sooner.give()
      return kind === "opened"
        ? Effect.logWarning("A destination takes no events: one probe is sent at a time until it does", {
            destinationId,
            error: lastError
          })
        : kind === "closed"
          ? Effect.logInfo("A destination takes events again", { destinationId })
          : Effect.void
    },
    pause: pauses.pause,
    pulse: settling.beat
  })

  const context: LaneContext = {
    ...options,
    outbox,
    destinations,
    keys,
    vault,
    transport,
    clock,
    signatureTime,
    random,
    scope,
    settler,
    gate: FairGate.make(options.concurrencyOfAll),
    claims: Semaphore.makeUnsafe(options.claimsAtOnce),
    watchdog,
    held,
    ticks,
    owner: `dp_${Base64Url.encode(crypto.randomBytes(12))}`,
    stopping: () => stopping,
    sending: (difference) => {
      sending += difference
      if (sending === 0) quiet.give()
    }
  }

  const deliver = (destinationId: string): Effect.Effect<void> => {
    const running = lanes.get(destinationId)
    if (running !== undefined) {
      running.wake()
      return Effect.void
    }
    if (stopping) return Effect.void
    const lane = Lane.make(context, destinationId, () => {
      lanes.delete(destinationId)
      quiet.give()
    })
    lanes.set(destinationId, lane)
    return Effect.asVoid(Effect.forkIn(Effect.ignore(lane.run), scope))
  }

  const scanning = watchdog.watch("looking for due events", () => !stopping)
  const scan = Effect.gen(function* () {
    scanning.beat()
    sooner.reset()
    nextScan = Number.POSITIVE_INFINITY
    yield* Effect.forEach(yield* outbox.dueDestinations, deliver, { discard: true })
    const next = Option.getOrUndefined(yield* outbox.nextDueAt)
    const until = next === undefined ? options.scanMillis : next - now()
    // What is due already is held by a lane or waits for a record's earlier event: asking at once would not help.
    const wait = until > 0 ? Math.min(until, options.scanMillis) : options.scanMillis
    nextScan = now() + wait
    yield* Effect.timeoutOption(sooner.await, wait)
  })

  const loop = (doing: string, step: Effect.Effect<unknown, unknown>) =>
    Effect.forkIn(Effect.forever(Backoff.untilItSucceeds(doing, step)), scope)
  yield* loop("writing outcomes", settler.run)
  yield* loop("looking for due events", scan)
  yield* loop(
    "taking hints",
    Effect.flatMap(wakeup.take, (ids) => Effect.forEach(ids, deliver, { discard: true }))
  )
  const beating = watchdog.watch("renewing leases", () => held.byId.size > 0)
  yield* loop("renewing leases", Heartbeat.run({ ...options, held, outbox, some, now: ticks, pulse: beating.beat }))
  yield* Effect.forkIn(
    Effect.flatMap(watchdog.run, (fault) =>
      Effect.andThen(Effect.logError(fault.message), Deferred.succeed(stuck, fault))
    ),
    scope
  )

  /** Waits until the condition holds, at most so long; each step towards it gives `quiet`. */
  const waitFor = (condition: () => boolean, millis: number) =>
    Effect.gen(function* () {
      while (!condition()) {
        quiet.reset()
        yield* quiet.await
      }
    }).pipe(Effect.timeoutOption(millis))

  const stop = Effect.gen(function* () {
    stopping = true
    for (const lane of lanes.values()) lane.wake()
    yield* waitFor(() => lanes.size === 0 && sending === 0, options.stopMillis)
    for (const one of held.byId.values()) if (one.state === "sending") one.lane.abandon(one)
    settler.flush()
    yield* waitFor(() => settler.size() === 0, Math.max(options.stopMillis, leastSettleMillis))
  })
  yield* Effect.addFinalizer((exit) => Effect.andThen(stop, Scope.close(scope, exit)))

  return Dispatcher.of({
    activity: Effect.sync(() => ({ lanes: lanes.size, sending, held: held.byId.size, unsettled: settler.size() })),
    stuck: Deferred.await(stuck)
  })
})
