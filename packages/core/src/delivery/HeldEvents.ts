import * as Effect from "effect/Effect"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { ClaimedEvent, OutboxStore } from "../store/OutboxStore.ts"
import type { Sealer } from "../vault/Vault.ts"

/** An event that this process has claimed and not settled yet. */
export interface HeldEvent {
  /** As it was claimed last. */
  event: ClaimedEvent
  readonly lane: { readonly abandon: (held: HeldEvent) => void }
  /** Opens the body; null when the key was destroyed. */
  readonly opener: Sealer | null
  /** Until when the lease holds, by this process's clock. */
  until: number
  /** `sending` while the request is under way; `settling` until the store has the outcome. */
  state: "queued" | "sending" | "settling"
  /** Somebody else may have it by now. */
  lost: boolean
  /** When the current attempt began. */
  startedAt: number
}

const chunkSize = 500

/**
 * Prolongs the leases of what is held and has less than half of its lease left. An event that somebody else has taken
 * meanwhile is `lost`: it is not sent any more, and its outcome would change nothing.
 */
export const renew = Effect.fnUntraced(function* (
  held: ReadonlyMap<string, HeldEvent>,
  outbox: OutboxStore["Service"],
  leaseMillis: number,
  now: () => number
) {
  const due: Array<HeldEvent> = []
  const soon = now() + leaseMillis / 2
  for (const one of held.values()) if (!one.lost && one.until < soon) due.push(one)
  for (let i = 0; i < due.length; i += chunkSize) {
    const chunk = due.slice(i, i + chunkSize)
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
      else if (held.get(one.event.id) === one && one.state !== "settling") one.lost = true
    }
  }
})
