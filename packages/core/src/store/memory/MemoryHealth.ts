import * as Circuit from "../../delivery/Circuit.ts"
import * as RetrySchedule from "../../delivery/RetrySchedule.ts"
import * as TokenBucket from "../../delivery/TokenBucket.ts"
import type { Destination } from "../../destination/Destination.ts"
import type { Outcome } from "../OutboxStore.ts"
import { patchEvent, waits } from "./MemoryOutbox.ts"
import type { MemoryState, Pending } from "./MemoryState.ts"

/** Live events come before those of replays. */
const fromReplay = ({ event }: Pending): number => ((event.origin?.replayId ?? null) === null ? 0 : 1)

/** How destinations do, over the shared state: what a claim may take, and what outcomes change. */
export const make = (state: MemoryState) => {
  const healthOf = (destinationId: string): Circuit.DestinationHealth =>
    state.health.get(destinationId) ?? Circuit.unknown(destinationId)
  const isProbing = (health: Circuit.DestinationHealth, now: number): boolean =>
    health.probing !== null && (state.outbox.get(health.probing)?.leaseUntil ?? 0) > now
  const admits = (destinationId: string, now: number) => {
    const health = healthOf(destinationId)
    return Circuit.admits(health, now, isProbing(health, now))
  }

  /** Which events a claim takes, and why. */
  const choose = (
    destination: Destination,
    health: Circuit.DestinationHealth,
    limit: number,
    now: number
  ): { readonly purpose?: "probe" | "overdue"; readonly taken: ReadonlyArray<Pending> } => {
    const free = [...state.outbox.values()]
      .filter(({ event, leaseUntil }) => event.destinationId === destination.id && leaseUntil <= now)
      .filter(({ event }) => !waits(state, event))
      .sort((a, b) => a.dueAt - b.dueAt || a.position - b.position)
    if ((health.parkedUntil ?? 0) > now) return { taken: [] }
    if (health.openedAt !== null) {
      const { attempted, waiting } = Circuit.over(health, now)
      const overdue = free.filter(({ attempts, dueAt, firstAttemptAt }) =>
        firstAttemptAt === null
          ? waiting !== null && dueAt <= waiting
          : firstAttemptAt <= (attempts >= RetrySchedule.minimumAttempts ? attempted.any : attempted.probed)
      )
      if (overdue.length > 0) return { purpose: "overdue", taken: overdue.slice(0, limit) }
      if (Circuit.admits(health, now, isProbing(health, now)) !== "probe" || free[0] === undefined) return { taken: [] }
      state.health.set(destination.id, { ...health, probing: free[0].event.id })
      return { purpose: "probe", taken: [free[0]] }
    }
    const due = free.filter(({ dueAt }) => dueAt <= now)
    if (destination.ratePerSecond === null) return { taken: due.slice(0, limit) }
    const { bucket, tokens } = TokenBucket.take(
      health.bucket,
      destination.ratePerSecond,
      Math.min(limit, due.length),
      now
    )
    if (tokens > 0) state.health.set(destination.id, { ...health, bucket })
    return { taken: due.sort((a, b) => fromReplay(a) - fromReplay(b)).slice(0, tokens) }
  }

  /** Counts what the outcomes say of their destinations; returns what they turned to. */
  const observe = (settled: Iterable<{ readonly pending: Pending; readonly outcome: Outcome }>, now: number) => {
    const before = new Map<string, Circuit.DestinationHealth>()
    for (const { outcome, pending } of settled) {
      const { destinationId } = pending.event
      const probe = outcome.event.purpose === "probe"
      if ((outcome.sign === undefined && !probe) || !state.destinations.has(destinationId)) continue
      const health = healthOf(destinationId)
      if (!before.has(destinationId)) before.set(destinationId, health)
      state.health.set(
        destinationId,
        outcome.sign === undefined
          ? Circuit.postponed(health, now)
          : Circuit.observe(health, outcome.event.id, outcome.sign, probe, now)
      )
    }
    const turns = [...before]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([id, health]) => Circuit.turn(health, healthOf(id)) ?? [])
    for (const { health, kind } of turns) if (kind === "closed") hurry(health.destinationId, now)
    return turns
  }

  /** What waits for a retry is due at once, oldest window first. */
  const hurry = (destinationId: string, now: number): void => {
    for (const pending of state.outbox.values()) {
      const { dueAt, event, firstAttemptAt } = pending
      if (event.destinationId !== destinationId || dueAt <= now || firstAttemptAt === null) continue
      state.outbox.set(event.id, { ...pending, dueAt: firstAttemptAt })
      patchEvent(state, event.id, { nextAttemptAt: now })
    }
  }

  return { admits, choose, healthOf, observe }
}
