import * as Effect from "effect/Effect"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { ClaimedEvent, OutboxStore } from "../store/OutboxStore.ts"
import type { Sealer } from "../vault/Vault.ts"

/** An event that this process has claimed and not settled yet. */
export interface HeldEvent {
  /** As it was claimed last. */
  readonly event: ClaimedEvent
  readonly lane: {
    /** Ends the attempt as a failed one, because the process stops. */
    readonly abandon: (held: HeldEvent) => void
    /** Ends the attempt without an outcome, because the lease is gone. */
    readonly cut: (held: HeldEvent) => void
  }
  /** Opens the body; null when the key was destroyed. */
  readonly opener: Sealer | null
  /** Until when the lease holds, by this process's monotonic clock. */
  until: number
  /** `sending` while the request is under way; `settling` until the store has the outcome; `gone` when it is ours no more. */
  state: "queued" | "sending" | "settling" | "gone"
  /** Somebody else may have it by now. */
  lost: boolean
  /** When the current attempt began. */
  startedAt: number
  /** Breaks the request off. */
  interrupt: () => void
}

/** Everything that this process holds. */
export interface HeldEvents {
  readonly byId: Map<string, HeldEvent>
  /** Bytes of the bodies. */
  readonly bytes: () => number
  readonly add: (held: HeldEvent) => void
  readonly remove: (held: HeldEvent) => void
}

/** Nothing held; `some` is called when that changes. */
export const make = (some: () => void): HeldEvents => {
  const byId = new Map<string, HeldEvent>()
  let bytes = 0
  return {
    byId,
    bytes: () => bytes,
    add: (held) => {
      const before = byId.get(held.event.id)
      if (before !== undefined) bytes -= before.event.body.length
      byId.set(held.event.id, held)
      bytes += held.event.body.length
      if (byId.size === 1) some()
    },
    remove: (held) => {
      if (byId.get(held.event.id) !== held) return
      byId.delete(held.event.id)
      bytes -= held.event.body.length
    }
  }
}

const chunkSize = 500

/**
 * Prolongs the leases that end before `before`. An event that somebody else has taken meanwhile is `lost`: it is not sent
 * any more, and its outcome would change nothing.
 */
export const renew = Effect.fnUntraced(function* (
  held: HeldEvents,
  outbox: OutboxStore["Service"],
  leaseMillis: number,
  before: number,
  now: () => number
) {
  const due: Array<HeldEvent> = []
  for (const one of held.byId.values()) if (!one.lost && one.until < before) due.push(one)
  for (let i = 0; i < due.length; i += chunkSize) {
    const chunk = due.slice(i, i + chunkSize)
    // From before the call: the store's lease ends later than that.
    const until = now() + leaseMillis
    const kept = new Set(
      yield* outbox.renew(
        chunk.map((one) => one.event),
        leaseMillis
      )
    )
    CrashPoint.at("lease.renewed")
    for (const one of chunk) {
      if (kept.has(one.event.id)) one.until = until
      else if (held.byId.get(one.event.id) === one && one.state !== "settling") one.lost = true
    }
  }
})
