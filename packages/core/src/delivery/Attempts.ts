import * as Effect from "effect/Effect"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { Destination } from "../destination/Destination.ts"
import { bodyPlace } from "../event/RunEvents.ts"
import type { Outcome } from "../store/OutboxStore.ts"
import * as Alias from "./Alias.ts"
import * as DeliveryHeaders from "./DeliveryHeaders.ts"
import type { HeldEvent } from "./HeldEvents.ts"
import type { LaneContext } from "./LaneContext.ts"
import type { TransportRequest } from "./Transport.ts"
import * as Verdict from "./Verdict.ts"

/** A destination as it was read last; without keys nothing can be signed for it. */
export interface Current {
  readonly destination: Destination
  readonly keys: DeliveryHeaders.DeliveryKeys | null
}

/** Makes attempts at the events of one lane, and hands what came of them to the settler. */
export interface Attempts {
  /** One attempt; ends when its outcome is on its way. */
  readonly make: (one: HeldEvent) => Effect.Effect<void>
  /** Ends an attempt, or an event without one, with a result. Only the first one counts. */
  readonly conclude: (one: HeldEvent, result: Verdict.AttemptResult) => undefined
  /** Ends an attempt without an outcome. */
  readonly cut: (one: HeldEvent) => void
}

/** `drop` forgets an event that is ours no more; `concluded` and `settled` are called for each outcome. */
export const make = (
  context: LaneContext,
  options: {
    readonly current: () => Current | null
    readonly drop: (one: HeldEvent) => void
    readonly concluded: (outcome: Outcome, pauses: boolean) => void
    readonly settled: () => void
  }
): Attempts => {
  const now = () => context.clock.currentTimeMillisUnsafe()

  const conclude = (one: HeldEvent, result: Verdict.AttemptResult): undefined => {
    const current = options.current()
    // An abandoned attempt may still end by itself.
    if (one.state === "settling" || one.state === "gone" || current === null) return
    const wasSending = one.state === "sending"
    one.state = "settling"
    if (wasSending) context.sending(-1)
    const { destination } = current
    const outcome = Verdict.judge({
      event: one.event,
      ack: destination.ack,
      result,
      startedAt: one.startedAt,
      endedAt: now(),
      random: context.random.nextDoubleUnsafe()
    })
    const pause = Verdict.pauseOf(result)
    options.concluded(outcome, pause !== null)
    context.settler.add({
      outcome,
      held: one,
      destination,
      pause,
      settled: () => {
        options.drop(one)
        options.settled()
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
    const headers = DeliveryHeaders.ofAttempt(event, keys, event.attempts + 1, context.signatureTime(), body)
    const request = { url: destination.url, headers, body, timeoutMillis: context.timeoutMillis }
    return event.integrationId === null ? request : { ...request, integrationId: event.integrationId }
  }

  return {
    conclude,
    cut: (one) => {
      if (one.state !== "sending") return
      one.state = "gone"
      context.sending(-1)
      options.drop(one)
      one.interrupt()
    },
    make: (one) => {
      one.startedAt = now()
      const current = options.current()
      // What is lost, or about to be, is left to the process that takes it.
      if (one.lost || one.until <= context.ticks() || current === null) {
        one.state = "gone"
        options.drop(one)
        return Effect.void
      }
      if (one.event.purpose === "overdue") {
        conclude(one, { kind: "overdue" })
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
            attributes: {
              eventId: one.event.id,
              destinationId: current.destination.id,
              attempt: one.event.attempts + 1
            }
          })
        : sent
    }
  }
}
