import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { DestinationStore } from "../store/DestinationStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import { Vault } from "../vault/Vault.ts"
import * as Backoff from "./Backoff.ts"
import { DestinationKeys } from "./DestinationKeys.ts"
import { renew, type HeldEvent } from "./HeldEvents.ts"
import * as Lane from "./Lane.ts"
import * as Settler from "./Settler.ts"
import * as Signal from "./Signal.ts"
import { Transport } from "./Transport.ts"
import { Wakeup } from "./Wakeup.ts"

/** A setting of the dispatcher that cannot work. */
export class InvalidDispatcherOptions extends Schema.TaggedError<InvalidDispatcherOptions>()(
  "InvalidDispatcherOptions",
  {
    field: Schema.String,
    problem: Schema.String
  }
) {
  override get message(): string {
    return `Dispatcher: ${this.field}: ${this.problem}`
  }
}

/** How the dispatcher works. Times in milliseconds. */
export interface DispatcherOptions {
  /** Requests under way to one destination. */
  readonly concurrency: number
  /** For one request, its whole answer included. */
  readonly timeoutMillis: number
  /** How long a claimed event stays ours without a sign of life: also how long it waits after a crash. */
  readonly leaseMillis: number
  /** Events that one claim takes. */
  readonly claimSize: number
  /** Outcomes that one transaction writes at most. */
  readonly groupSize: number
  /** How long an outcome waits at least for others to be written with, while requests are under way (`Settler`). */
  readonly groupMillis: number
  /** How often the store is asked for what is due. */
  readonly scanMillis: number
  /** How long a stop waits for requests under way. */
  readonly stopMillis: number
  /** A span for every attempt. */
  readonly trace: boolean
}

/** Recovery after a crash within 20 s; a stop waits for every request that is under way. */
export const defaults: DispatcherOptions = {
  concurrency: 16,
  timeoutMillis: 15_000,
  leaseMillis: 20_000,
  claimSize: 256,
  groupSize: 256,
  groupMillis: 3,
  scanMillis: 1000,
  stopMillis: 20_000,
  trace: false
}

/** A lease must outlive a request by this much, or a slow receiver would get the same event from two processes at once. */
const leaseMargin = 2000

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

const check = Effect.fnUntraced(function* (options: DispatcherOptions) {
  for (const field of [
    "concurrency",
    "timeoutMillis",
    "leaseMillis",
    "claimSize",
    "groupSize",
    "scanMillis"
  ] as const) {
    if (!Number.isInteger(options[field]) || options[field] < 1) {
      return yield* new InvalidDispatcherOptions({ field, problem: "give a whole number of at least 1" })
    }
  }
  for (const field of ["groupMillis", "stopMillis"] as const) {
    if (!Number.isInteger(options[field]) || options[field] < 0) {
      return yield* new InvalidDispatcherOptions({ field, problem: "give a whole number of at least 0" })
    }
  }
  const least = options.timeoutMillis + leaseMargin
  if (options.leaseMillis < least) {
    return yield* new InvalidDispatcherOptions({
      field: "leaseMillis",
      problem: `give at least ${least}: the lease must outlive a request (timeoutMillis) by ${leaseMargin} ms`
    })
  }
})

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

  const lanes = new Map<string, Lane.Lane>()
  const held = new Map<string, HeldEvent>()
  const quiet = Signal.make()
  const sooner = Signal.make()
  let nextScan = 0
  let sending = 0
  let stopping = false

  const settler = Settler.make({
    outbox,
    clock,
    groupSize: options.groupSize,
    groupMillis: options.groupMillis,
    idle: () => sending === 0,
    onSettled: (nextRetry) => {
      quiet.give()
      if (nextRetry < nextScan) sooner.give()
    }
  })

  const context: Lane.LaneContext = {
    ...options,
    outbox,
    destinations,
    keys,
    vault,
    transport,
    clock,
    random,
    scope,
    settler,
    held,
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

  const scan = Effect.gen(function* () {
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

  yield* Effect.forkIn(settler.run, scope)
  yield* Effect.forkIn(Effect.forever(Backoff.untilItSucceeds("looking for due events", scan)), scope)
  yield* Effect.forkIn(
    Effect.forever(Effect.flatMap(wakeup.take, (ids) => Effect.forEach(ids, deliver, { discard: true }))),
    scope
  )
  yield* Effect.forkIn(
    Effect.sleep(Math.floor(options.leaseMillis / 4)).pipe(
      Effect.andThen(Effect.suspend(() => renew(held, outbox, options.leaseMillis, now))),
      Effect.catchCause((cause) => Effect.logWarning("Delivery: leases could not be renewed", cause)),
      Effect.forever
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
    for (const one of held.values()) if (one.state === "sending") one.lane.abandon(one)
    settler.flush()
    yield* waitFor(() => settler.size() === 0, Math.max(options.stopMillis, leastSettleMillis))
  })
  yield* Effect.addFinalizer((exit) => Effect.andThen(stop, Scope.close(scope, exit)))

  return Dispatcher.of({
    activity: Effect.sync(() => ({ lanes: lanes.size, sending, held: held.size, unsettled: settler.size() }))
  })
})
