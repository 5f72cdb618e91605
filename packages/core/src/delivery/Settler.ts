import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { Destination } from "../destination/Destination.ts"
import * as RunEvents from "../event/RunEvents.ts"
import type { Outcome, OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Sealer } from "../vault/Vault.ts"
import * as Backoff from "./Backoff.ts"
import type * as Circuit from "./Circuit.ts"
import type { HeldEvent } from "./HeldEvents.ts"
import * as Signal from "./Signal.ts"

/** An outcome on its way into the store, with what the run's closing event may need. */
export interface Unsettled {
  readonly outcome: Outcome
  readonly held: HeldEvent
  readonly destination: Destination
  /** Why the answer pauses the destination, if it does. */
  readonly pause: string | null
  /** Called when the store has it, or never will. */
  readonly settled: () => void
}

/** Collects outcomes and writes them in groups. */
export interface Settler {
  readonly add: (unsettled: Unsettled) => void
  /** Writes what is there without waiting for more. */
  readonly flush: () => void
  /** Outcomes that are not in the store yet. */
  readonly size: () => number
  /** The loop; never ends. */
  readonly run: Effect.Effect<never>
}

/** A commit that took long is worth a longer wait: most of its time does not depend on how much it writes. */
const patience = 8
const longestWait = 50

/** In strict order the whole run waits for it. */
const isAwaited = ({ destination }: Unsettled): boolean => destination.ordering === "run"

/**
 * One transaction for each group: as many outcomes as come in within `groupMillis`, or eight times what the last commit
 * took, at most 50 ms and `groupSize`; after `groupMillis` when a run in strict order waits for one of them; and at once
 * when no request is under way that could add one.
 */
export const make = (options: {
  readonly outbox: OutboxStore["Service"]
  readonly clock: Clock.Clock
  readonly groupSize: number
  readonly groupMillis: number
  /** Whether no request is under way. */
  readonly idle: () => boolean
  /** Called after each group with the time of its earliest retry. */
  readonly onSettled: (nextRetry: number) => void
  /** Called for destinations whose circuit opened or closed, or that asked for silence. */
  readonly onTurned: (turn: Circuit.Turn) => Effect.Effect<void>
  /** Takes a destination out of service because its receiver asked for it. */
  readonly pause: (destination: Destination, reason: string) => Effect.Effect<void, unknown>
  /** Called with every step, failed ones too. */
  readonly pulse: () => void
}): Settler => {
  const waiting: Array<Unsettled> = []
  const some = Signal.make()
  const enough = Signal.make()
  let size = 0
  let flushing = false
  let lastMillis = 0
  /** Whether others are waited for only because a commit is dear. */
  let patient = false

  const settle = (group: ReadonlyArray<Unsettled>): Effect.Effect<void> => {
    const sealers = new Map<string, Sealer | null>()
    const destinations = new Map<string, Destination>()
    for (const { held, destination } of group) {
      if (held.event.runId !== null) sealers.set(held.event.runId, held.opener)
      destinations.set(destination.id, destination)
    }
    const close = RunEvents.close({
      sealer: (run) => sealers.get(run.id)!,
      destination: (run) => destinations.get(run.destinationId) ?? { events: null },
      now: options.clock.currentTimeMillisUnsafe()
    })
    const outcomes = group.map((one) => one.outcome)
    return Backoff.untilItSucceeds(
      "writing outcomes",
      Effect.suspend(() => {
        options.pulse()
        // A run whose key was destroyed has nothing more to say.
        return options.outbox.settle(outcomes, (run) => ((sealers.get(run.id) ?? null) === null ? null : close(run)))
      }),
      (cause) => !isOutage(cause)
    ).pipe(
      Effect.flatMap(({ turns }) => Effect.forEach(turns, options.onTurned, { discard: true })),
      Effect.catchCause((cause) => {
        if (Cause.hasInterrupts(cause)) return Effect.interrupt
        // One outcome must not keep the others out of the store.
        if (group.length > 1) return Effect.forEach(group, (one) => settle([one]), { discard: true })
        return Effect.logError(
          "Delivery: an outcome cannot be written; its event is tried again when the lease ends",
          cause
        )
      })
    )
  }

  /** After the outcomes: what is left undone by a crash in between, the next answer of the kind brings about. */
  const pauses = (taken: ReadonlyArray<Unsettled>): Effect.Effect<void> => {
    const asked = new Map<string, Unsettled>()
    for (const one of taken) if (one.pause !== null) asked.set(one.destination.id, one)
    return Effect.forEach(
      asked.values(),
      ({ destination, pause }) =>
        Effect.catchCause(options.pause(destination, pause!), (cause) =>
          Effect.logWarning("Delivery: a destination could not be paused; its next answer of the kind does it", cause)
        ),
      { discard: true }
    )
  }

  const group = Effect.gen(function* () {
    options.pulse()
    yield* some.await
    options.pulse()
    if (waiting.length < options.groupSize && !flushing && !options.idle() && options.groupMillis > 0) {
      enough.reset()
      yield* Effect.timeoutOption(enough.await, options.groupMillis)
      const more = Math.min(patience * lastMillis, longestWait) - options.groupMillis
      if (more > 0 && !waiting.some(isAwaited)) {
        patient = true
        yield* Effect.timeoutOption(enough.await, more)
        patient = false
      }
    }
    const taken = waiting.splice(0, options.groupSize)
    if (waiting.length === 0) some.reset()
    const began = options.clock.currentTimeMillisUnsafe()
    yield* settle(taken)
    CrashPoint.at("settle.committed")
    lastMillis = options.clock.currentTimeMillisUnsafe() - began
    size -= taken.length
    // Before lanes go on: a destination that is paused by then gets nothing more.
    yield* pauses(taken)
    for (const one of taken) one.settled()
    let nextRetry = Number.POSITIVE_INFINITY
    for (const { outcome } of taken)
      if (outcome.result.kind === "retry") nextRetry = Math.min(nextRetry, outcome.result.at)
    options.onSettled(nextRetry)
  })

  return {
    add: (unsettled) => {
      size++
      waiting.push(unsettled)
      some.give()
      if (waiting.length >= options.groupSize || options.idle() || (patient && isAwaited(unsettled))) enough.give()
    },
    flush: () => {
      flushing = true
      enough.give()
    },
    size: () => size,
    run: Effect.forever(group)
  }
}

const isOutage = (cause: Cause.Cause<StoreError>): boolean =>
  cause.reasons.every((reason) => reason._tag === "Fail" && reason.error.reason._tag === "StoreUnavailable")
