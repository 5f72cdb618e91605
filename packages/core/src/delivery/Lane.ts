import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { VaultError } from "../vault/Vault.ts"
import * as Attempts from "./Attempts.ts"
import * as Backoff from "./Backoff.ts"
import * as BodyOpeners from "./BodyOpeners.ts"
import * as Circuit from "./Circuit.ts"
import * as ClaimSize from "./ClaimSize.ts"
import type { HeldEvent } from "./HeldEvents.ts"
import type { LaneContext } from "./LaneContext.ts"
import * as Signal from "./Signal.ts"
import * as SlowStart from "./SlowStart.ts"
import * as TokenBucket from "./TokenBucket.ts"

/** The way to one destination: its own queue, its own requests under way. A slow one slows nothing but itself. */
export interface Lane {
  /** There may be something new to do, or the destination may have changed. */
  readonly wake: () => void
  /** The destination's circuit opened or closed, or it asked for silence. */
  readonly turned: (health: Circuit.DestinationHealth) => void
  /** Ends an attempt from outside, because the process stops. */
  readonly abandon: (held: HeldEvent) => void
  /** Ends an attempt from outside, because its lease is gone. */
  readonly cut: (held: HeldEvent) => void
  /** Sends until there is nothing left; ends on its own. */
  readonly run: Effect.Effect<void, StoreError | VaultError>
}

/** How old the knowledge of a destination's settings may get while it is busy. */
const freshMillis = 500
/** Makes the lane of a destination; `ended` is called in the very step in which it decides to end. */
export const make = (context: LaneContext, destinationId: string, ended: () => void): Lane => {
  const { gate, held, outbox, ticks } = context
  const signal = Signal.make()
  let queue: Array<HeldEvent> = []
  /** Outcomes may wait for a slow store, but not without end. */
  const mostOpen = 8 * context.claimSize
  let workers = 0
  /** Events of this lane that are claimed and not settled. */
  let open = 0
  /** Whether the last claim took everything there was, so that only new events or settled ones can bring more. */
  let drained = false
  let current: Attempts.Current | null = null
  let readAt = Number.NEGATIVE_INFINITY
  let slow = SlowStart.done
  /** Since when it starts slowly, or started so. */
  let closedAt = 0
  let isShut = false
  let parked = false // The circuit opened, or silence was asked for: what is in the queue goes back.
  /** What the outcomes will do that the store does not have yet: thousands could go wrong before it has them. */
  let guess = Circuit.unknown(destinationId)
  let hesitates = false // Nothing more is sent until it has.
  let idleSince: number | null = null
  let waits = false // For its turn to ask the store.
  let claimSize = 0
  let claimedAt = Number.NEGATIVE_INFINITY

  const concurrency = () => current?.destination.concurrency ?? context.concurrency
  const rate = () => current?.destination.ratePerSecond ?? null
  /** How long to wait between claims: half of the time in which the token bucket fills. */
  const pace = () => (rate() === null ? 0 : Math.max(20, Math.ceil(TokenBucket.patience(rate()!) / 2)))
  const allowed = () => Math.min(concurrency(), slow.limit)

  const drop = (one: HeldEvent) => {
    open--
    held.remove(one)
  }
  const attempts = Attempts.make(context, {
    current: () => current,
    drop,
    concluded: ({ event, result, sign }, pauses) => {
      if (result.kind === "acknowledged" && slow !== SlowStart.done) {
        slow = SlowStart.succeeded(slow, concurrency())
        signal.give()
      }
      const now = context.clock.currentTimeMillisUnsafe()
      if (sign !== undefined) guess = Circuit.observe(guess, event.id, sign, false, now)
      if (pauses || guess.openedAt !== null || (guess.parkedUntil ?? 0) > now) hesitates = true
    },
    settled: () => {
      if (hesitates) {
        hesitates = false
        guess = Circuit.unknown(destinationId)
        signal.give()
      } else if (drained || queue.length < lowWater()) signal.give()
    }
  })

  const notice = (health: Circuit.DestinationHealth) => {
    const now = context.clock.currentTimeMillisUnsafe()
    const shut = health.openedAt !== null || (health.parkedUntil ?? 0) > now
    if (shut && !isShut) parked = true
    isShut = shut
    const since = Math.max(health.closedAt ?? 0, (health.parkedUntil ?? now) >= now ? 0 : health.parkedUntil!)
    if (since > closedAt && now - since < SlowStart.freshMillis) slow = SlowStart.begin
    closedAt = Math.max(closedAt, since)
  }

  /** Waits for a turn among all requests of the process. Its place is given back by `gate.leave`. */
  const turn = (one: HeldEvent) =>
    Effect.callback<void>((resume) => {
      const pass = () => resume(Effect.void)
      if (gate.enter(one.event, pass)) resume(Effect.void)
      else return Effect.sync(() => (gate.withdraw(one.event, pass) ? undefined : gate.leave()))
    })

  const work = (fiber: Fiber.Fiber<unknown, unknown>) => {
    let inside = false
    return Effect.gen(function* () {
      while (!parked && !hesitates && workers <= allowed()) {
        if (queue.length === 0) break
        if (!gate.tryEnter()) yield* turn(queue[0]!)
        inside = true
        const one = parked || hesitates ? undefined : queue.shift()
        if (one !== undefined) {
          if (queue.length < lowWater() && !drained) signal.give()
          one.interrupt = () => fiber.interruptUnsafe()
          yield* Effect.catchCause(
            Effect.suspend(() => attempts.make(one)),
            (cause) => {
              if (Cause.hasInterrupts(cause)) return Effect.interrupt
              attempts.conclude(one, { kind: "failure", error: "internal" })
              return Effect.logError("Delivery: an attempt failed unexpectedly", cause)
            }
          )
        }
        inside = false
        gate.leave()
      }
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          if (inside) gate.leave()
          workers--
        })
      )
    )
  }

  const spawn = Effect.gen(function* () {
    while (!hesitates && workers < allowed() && workers < open && queue.length > 0) {
      workers++
      yield* Effect.forkIn(Effect.withFiber(work), context.scope, { startImmediately: true })
    }
  })

  /** Gives back what is not on its way. */
  const release = Effect.suspend(() => {
    const queued = queue
    queue = []
    for (const one of queued) {
      one.state = "gone"
      drop(one)
    }
    const events = queued.filter((one) => !one.lost).map((one) => one.event)
    if (events.length === 0) return Effect.void
    return Effect.tap(outbox.release(events), () => Effect.sync(() => CrashPoint.at("events.released")))
  })

  const refresh = Effect.gen(function* () {
    const destination = Option.getOrNull(yield* context.destinations.byId(destinationId))
    if (destination === null || destination.state !== "active") return false
    for (const health of yield* outbox.health([destinationId])) notice(health)
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
    readAt = ticks()
    return true
  })

  const lowWater = () => Math.max(1, Math.floor(claimSize / 2))

  const room = (): number => {
    claimSize = ClaimSize.wanted({
      last: claimSize,
      sinceMillis: ticks() - claimedAt,
      concurrency: concurrency(),
      most: context.claimSize
    })
    const { holdBytes, holdMost } = context
    // Tokens are taken with the claim: no more than can go out at once.
    const wanted = rate() === null ? claimSize : Math.min(claimSize, Math.max(0, allowed() - open))
    return ClaimSize.room({ wanted, open, held: held.byId.size, holdMost, full: held.bytes() >= holdBytes })
  }

  const claim = Effect.gen(function* () {
    const until = ticks() + context.leaseMillis
    const limit = room()
    drained = true
    if (limit === 0) return "some"
    const events = yield* outbox.claim({ destinationId, owner: context.owner, limit, leaseMillis: context.leaseMillis })
    CrashPoint.at("claim.committed")
    claimedAt = ticks()
    drained = rate() !== null || events.length < limit || limit < claimSize
    if (events.length === 0) return "none"
    const openers = yield* Effect.onError(BodyOpeners.of(context.vault, events), () =>
      Effect.ignore(outbox.release(events))
    )
    for (const event of events) {
      const before = held.byId.get(event.id)
      const one: HeldEvent = {
        event,
        lane,
        opener: openers(event),
        until,
        state: "queued",
        lost: false,
        startedAt: 0,
        interrupt: () => undefined
      }
      // The lease ended under a request of this very process.
      if (before !== undefined) lane.cut(before)
      held.add(one)
      open++
      if (event.purpose === "overdue") attempts.conclude(one, { kind: "overdue" })
      else queue.push(one)
    }
    return events.length === limit && rate() === null ? "full" : "some"
  })

  /** Waits for its turn to ask the store, which is no lack of progress. A dispatcher that stops asks nothing more. */
  const asking = <A, E>(question: Effect.Effect<A, E>, unasked: A): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      waits = true
      return context.claims.withPermit(
        Effect.suspend(() => {
          waits = false
          return context.stopping() ? Effect.succeed(unasked) : question
        })
      )
    })

  const round = Effect.gen(function* () {
    signal.reset()
    if (context.stopping()) {
      yield* release
      return "ended" as const
    }
    if (!(yield* ticks() - readAt < freshMillis ? Effect.succeed(true) : asking(refresh, true))) {
      yield* release
      return open === 0 ? ("ended" as const) : ("waiting" as const)
    }
    if (parked) {
      parked = false
      yield* release
    }
    const claimed =
      ticks() - claimedAt >= pace() && !hesitates && queue.length < lowWater() && open < mostOpen
        ? yield* asking(claim, "none")
        : "none"
    if (context.stopping() || parked) return "again" as const
    yield* spawn
    return claimed === "full"
      ? ("again" as const)
      : claimed === "some" || open > 0
        ? ("waiting" as const)
        : ("idle" as const)
  })

  const run = Effect.gen(function* () {
    const pulse = context.watchdog.watch(`the lane of destination ${destinationId}`, () => !waits)
    const step = Effect.suspend(() => {
      pulse.beat()
      return round
    })
    const loop = Effect.gen(function* () {
      for (;;) {
        const state = yield* Backoff.untilItSucceeds(`the lane of destination ${destinationId}`, step, () =>
          context.stopping()
        )
        if (state === "again") continue
        idleSince = state === "idle" ? (idleSince ?? ticks()) : null
        const isIdle = idleSince !== null && ticks() - idleSince >= context.scanMillis && !signal.isGiven()
        if (state === "ended" || isIdle) return ended()
        yield* Effect.timeoutOption(
          signal.await,
          rate() === null ? context.scanMillis : Math.min(context.scanMillis, pace())
        )
      }
    })
    yield* Effect.ensuring(loop, Effect.sync(pulse.end))
  }).pipe(Effect.onError(() => Effect.sync(ended)))

  const lane: Lane = {
    wake: () => {
      readAt = Number.NEGATIVE_INFINITY
      signal.give()
    },
    turned: (health) => {
      notice(health)
      signal.give()
    },
    abandon: (one) => attempts.conclude(one, { kind: "failure", error: "stopped" }),
    cut: (one) => {
      attempts.cut(one)
      signal.give()
    },
    run
  }
  return lane
}
