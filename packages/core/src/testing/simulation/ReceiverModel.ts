import type { Control } from "../../delivery/Control.ts"
import type { Behaviour } from "./Incident.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** What a receiver does with one request. */
export interface Reaction {
  /** How long until the sender knows; beyond its time limit it gives up. */
  readonly millis: number
  /** Whether the receiver has the whole request and acts on it. */
  readonly received: boolean
  /** What the sender gets to see: a status, or why there is none. */
  readonly answer:
    | { readonly status: number; readonly retryAfterMillis?: number; readonly control?: Control }
    | { readonly failure: "Connection" | "Tls" | "InvalidResponse" | "Timeout" }
}

/** The other side of every destination: healthy, unless a behaviour holds for a while. */
export class ReceiverModel {
  readonly #behaviours = new Map<string, Array<{ readonly behaviour: Behaviour; readonly until: number }>>()
  readonly #random: SeededRandom

  constructor(random: SeededRandom) {
    this.#random = random
  }

  /** The destination behaves so until the time; what came last holds. */
  misbehave(destinationId: string, behaviour: Behaviour, until: number): void {
    const all = this.#behaviours.get(destinationId) ?? []
    all.push({ behaviour, until })
    this.#behaviours.set(destinationId, all)
  }

  /** From now on everything is acknowledged. */
  heal(): void {
    this.#behaviours.clear()
  }

  react(destinationId: string, event: { readonly record: number | null }, now: number): Reaction {
    const active = this.#behaviours.get(destinationId)?.findLast(({ until }) => until > now)?.behaviour
    const millis = this.#random.between(3, 120)
    const ok: Reaction = { millis, received: true, answer: { status: 200 } }
    if (active === undefined) return ok
    switch (active.kind) {
      case "control":
      case "status": {
        const { kind: _, ...answer } = active
        return { millis, received: true, answer }
      }
      case "refused":
      case "half":
        return { millis, received: false, answer: { failure: "Connection" } }
      case "tls":
        return { millis, received: false, answer: { failure: "Tls" } }
      case "garbage":
        return { millis, received: false, answer: { failure: "InvalidResponse" } }
      case "timeout":
        return {
          millis: Number.POSITIVE_INFINITY,
          received: this.#random.chance(0.5),
          answer: { failure: "Timeout" }
        }
      case "lost":
        return { millis, received: true, answer: { failure: "Connection" } }
      case "slow":
        return { ...ok, millis: active.millis }
      case "flaky":
        return this.#random.chance(active.share) ? { ...ok, answer: { status: 500 } } : ok
      case "poison":
        return event.record !== null && event.record % 4 === active.record ? { ...ok, answer: { status: 500 } } : ok
    }
  }
}
