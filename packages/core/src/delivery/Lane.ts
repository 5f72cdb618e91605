import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { Destination } from "../destination/Destination.ts"
import { bodyPlace } from "../event/RunEvents.ts"
import type { DestinationStore } from "../store/DestinationStore.ts"
import type { ClaimedEvent, OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { KeyScope, Sealer, Vault, VaultError } from "../vault/Vault.ts"
import * as Alias from "./Alias.ts"
import * as Backoff from "./Backoff.ts"
import * as DeliveryHeaders from "./DeliveryHeaders.ts"
import type { DestinationKeys } from "./DestinationKeys.ts"
import type { HeldEvent } from "./HeldEvents.ts"
import type { Settler } from "./Settler.ts"
import * as Signal from "./Signal.ts"
import type { Transport, TransportRequest } from "./Transport.ts"
import * as Verdict from "./Verdict.ts"

/** What all lanes share. */
export interface LaneContext {
  readonly outbox: OutboxStore["Service"]
  readonly destinations: DestinationStore["Service"]
  readonly keys: DestinationKeys["Service"]
  readonly vault: Vault["Service"]
  readonly transport: Transport["Service"]
  readonly clock: Clock.Clock
  readonly random: Random.Random
  readonly scope: Scope.Scope
  readonly settler: Settler
  /** Everything that this process holds, by the event's id. */
  readonly held: Map<string, HeldEvent>
  readonly owner: string
  readonly concurrency: number
  readonly timeoutMillis: number
  readonly leaseMillis: number
  readonly claimSize: number
  readonly scanMillis: number
  readonly trace: boolean
  readonly stopping: () => boolean
  /** Called when a request begins (+1) and ends (−1). */
  readonly sending: (difference: 1 | -1) => void
}

/** The way to one destination: its own queue, its own requests under way. A slow one slows nothing but itself. */
export interface Lane {
  /** There may be something new to do. */
  readonly wake: () => void
  /** Ends an attempt from outside, because the process stops. */
  readonly abandon: (held: HeldEvent) => void
  /** Sends until there is nothing left; ends on its own. */
  readonly run: Effect.Effect<void, StoreError | VaultError>
}

type Current = { readonly destination: Destination; readonly keys: DeliveryHeaders.DeliveryKeys | null }

/** How old the knowledge of a destination's settings may get while it is busy. */
const freshMillis = 500

/** Makes the lane of a destination; `ended` is called in the very step in which it decides to end. */
export const make = (context: LaneContext, destinationId: string, ended: () => void): Lane => {
  const { clock, outbox, settler } = context
  const now = () => clock.currentTimeMillisUnsafe()
  const signal = Signal.make()
  const queue: Array<HeldEvent> = []
  /** Outcomes may wait for a slow store, but not without end. */
  const mostOpen = 8 * context.claimSize
  const lowWater = Math.max(1, Math.floor(context.claimSize / 2))
  let workers = 0
  /** Events of this lane that are claimed and not settled. */
  let open = 0
  /** Whether the last claim took everything there was, so that only new events or settled ones can bring more. */
  let drained = false
  let current: Current | null = null
  let readAt = Number.NEGATIVE_INFINITY

  const drop = (one: HeldEvent) => {
    open--
    if (context.held.get(one.event.id) === one) context.held.delete(one.event.id)
  }

  const conclude = (one: HeldEvent, result: Verdict.AttemptResult): undefined => {
    // An abandoned attempt may still end by itself.
    if (one.state === "settling" || current === null) return
    const wasSending = one.state === "sending"
    one.state = "settling"
    if (wasSending) context.sending(-1)
    const { destination } = current
    settler.add({
      outcome: Verdict.judge({
        event: one.event,
        ack: destination.ack,
        result,
        startedAt: one.startedAt,
        endedAt: now(),
        random: context.random.nextDoubleUnsafe()
      }),
      held: one,
      destination,
      settled: () => {
        drop(one)
        if (drained) signal.give()
      }
    })
  }

  /** The request to make; undefined when it cannot be made, which is an outcome, too. */
  const prepare = (one: HeldEvent, { destination, keys }: Current): TransportRequest | undefined => {
    const { event, opener } = one
    if (opener === null) return conclude(one, { kind: "shredded" })
    if (keys === null) return conclude(one, { kind: "failure", error: "unsigned" })
    let body: Uint8Array
    try {
      body = opener.open(bodyPlace(event.id), event.body)
    } catch {
      return conclude(one, { kind: "failure", error: "unreadable" })
    }
    const alias = destination.aliases[event.type]
    if (alias !== undefined) body = Alias.renamed(event, alias, body)
    const headers = DeliveryHeaders.ofAttempt(event, keys, event.attempts + 1, one.startedAt, body)
    const { integrationId } = event
    return { url: destination.url, headers, body, integrationId, timeoutMillis: context.timeoutMillis }
  }

  const attempt = (one: HeldEvent): Effect.Effect<void> => {
    one.startedAt = now()
    // What is lost, or about to be, is left to the process that takes it.
    if (one.lost || one.until <= one.startedAt || current === null) {
      drop(one)
      return Effect.void
    }
    const request = prepare(one, current)
    if (request === undefined) return Effect.void
    CrashPoint.at("request.sending")
    one.state = "sending"
    context.sending(1)
    const sent = Effect.match(context.transport.post(request), {
      onSuccess: (answer) => {
        CrashPoint.at("answer.read")
        conclude(one, { kind: "answer", answer })
      },
      onFailure: (failure) => conclude(one, { kind: "failure", error: Verdict.errorOf(failure) })
    })
    return context.trace
      ? Effect.withSpan(sent, "Delivery.attempt", {
          attributes: { eventId: one.event.id, destinationId, attempt: one.event.attempts + 1 }
        })
      : sent
  }

  const worker = Effect.gen(function* () {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      if (queue.length < lowWater && !drained) signal.give()
      const held = one
      yield* Effect.catchCause(
        Effect.suspend(() => attempt(held)),
        (cause) => {
          if (Cause.hasInterrupts(cause)) return Effect.interrupt
          conclude(held, { kind: "failure", error: "internal" })
          return Effect.logError("Delivery: an attempt failed unexpectedly", cause)
        }
      )
    }
  }).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        workers--
      })
    )
  )

  const spawn = Effect.gen(function* () {
    while (workers < context.concurrency && workers < open && queue.length > 0) {
      workers++
      yield* Effect.forkIn(worker, context.scope, { startImmediately: true })
    }
  })

  /** Gives back what is not on its way. */
  const release = Effect.suspend(() => {
    const queued = queue.splice(0)
    for (const one of queued) drop(one)
    const events = queued.filter((one) => !one.lost).map((one) => one.event)
    if (events.length === 0) return Effect.void
    return Effect.tap(outbox.release(events), () => Effect.sync(() => CrashPoint.at("events.released")))
  })

  const refresh = Effect.gen(function* () {
    if (now() - readAt < freshMillis) return true
    const destination = Option.getOrNull(yield* context.destinations.byId(destinationId))
    if (destination === null || destination.state !== "active") return false
    if (current === null || current.keys === null || current.destination.updatedAt !== destination.updatedAt) {
      const keys = yield* Effect.catchIf(
        context.keys.of(destination),
        (error) => error._tag !== "StoreError",
        (error) =>
          // Once for each lane: it is tried again with every look at the destination.
          current !== null && current.keys === null
            ? Effect.succeed(null)
            : Effect.as(Effect.logError(`Delivery: ${error.message}`), null)
      )
      current = { destination, keys }
    }
    readAt = now()
    return true
  })

  const openers = (events: ReadonlyArray<ClaimedEvent>) =>
    Effect.gen(function* () {
      const found = new Map<string, Sealer | null>()
      for (const event of events) {
        const key = event.runId ?? event.integrationId
        if (found.has(key)) continue
        const scope: KeyScope = {
          owner: event.runId === null ? "integration" : "run",
          ownerId: key,
          workspaceId: event.workspaceId
        }
        found.set(
          key,
          yield* Effect.catchIf(
            context.vault.opener(scope),
            (error) => error._tag === "VaultError" && error.reason._tag === "KeyDestroyed",
            () => Effect.succeed(null)
          )
        )
      }
      return found
    })

  const claim = Effect.gen(function* () {
    const until = now() + context.leaseMillis
    const events = yield* outbox.claim({
      destinationId,
      owner: context.owner,
      limit: context.claimSize,
      leaseMillis: context.leaseMillis
    })
    CrashPoint.at("claim.committed")
    drained = events.length < context.claimSize
    if (events.length === 0) return 0
    const found = yield* Effect.onError(openers(events), () => Effect.ignore(outbox.release(events)))
    for (const event of events) {
      const opener = found.get(event.runId ?? event.integrationId) ?? null
      const already = context.held.get(event.id)
      if (already?.state === "sending") {
        // The lease ended under a request of this very process: the request goes on under the new one.
        already.event = event
        already.until = until
        already.lost = false
        continue
      }
      const one: HeldEvent = { event, lane, opener, until, state: "queued", lost: false, startedAt: 0 }
      context.held.set(event.id, one)
      queue.push(one)
      open++
    }
    return events.length
  })

  const round = Effect.gen(function* () {
    signal.reset()
    if (context.stopping()) {
      yield* release
      return "ended" as const
    }
    if (!(yield* refresh)) {
      yield* release
      return open === 0 ? ("ended" as const) : ("waiting" as const)
    }
    const claimed = queue.length < lowWater && open < mostOpen ? yield* claim : 0
    if (context.stopping()) return "again" as const
    yield* spawn
    return claimed === context.claimSize
      ? ("again" as const)
      : claimed > 0 || open > 0
        ? ("waiting" as const)
        : ("idle" as const)
  })

  const run = Effect.gen(function* () {
    let idle = false
    for (;;) {
      const state = yield* Backoff.untilItSucceeds(`the lane of destination ${destinationId}`, round, () =>
        context.stopping()
      )
      if (state === "again") continue
      if (state === "ended" || (state === "idle" && idle && !signal.isGiven())) return ended()
      idle = state === "idle"
      yield* Effect.timeoutOption(signal.await, context.scanMillis)
    }
  }).pipe(Effect.onError(() => Effect.sync(ended)))

  const lane: Lane = {
    wake: () => {
      signal.give()
    },
    abandon: (one) => conclude(one, { kind: "failure", error: "stopped" }),
    run
  }
  return lane
}
