import type { Destination } from "../destination/Destination.ts"
import type { ClaimedEvent, Outcome } from "../store/OutboxStore.ts"
import * as RetrySchedule from "./RetrySchedule.ts"
import type { DeliveryFailure, TransportResponse } from "./Transport.ts"

/**
 * Why an attempt failed, as the log shows it: what the transport saw, an answer's class, or something on this side that
 * kept the request from being made.
 */
export type AttemptError =
  | "timeout"
  | "connection"
  | "tls"
  | "blocked"
  | "invalid_response"
  | `http_${1 | 2 | 3 | 4 | 5}xx`
  | "http_other"
  /** The destination's key or secret cannot be read. */
  | "unsigned"
  /** The body cannot be opened. */
  | "unreadable"
  /** The process stopped before the answer came. */
  | "stopped"
  /** A defect on this side; the log of the process has it. */
  | "internal"

/** What one attempt came to. */
export type AttemptResult =
  | { readonly kind: "answer"; readonly answer: TransportResponse }
  | { readonly kind: "failure"; readonly error: AttemptError }
  /** The body's key was destroyed: no attempt can ever be made. */
  | { readonly kind: "shredded" }

/** The log's word for a transport failure. */
export const errorOf = (failure: DeliveryFailure): AttemptError => {
  switch (failure.reason._tag) {
    case "Timeout":
      return "timeout"
    case "Connection":
      return "connection"
    case "Tls":
      return "tls"
    case "Blocked":
      return "blocked"
    case "InvalidResponse":
      return "invalid_response"
  }
}

/** Whether the status acknowledges: 200 alone, or any 2xx if the destination says so. */
export const acknowledges = (ack: Destination["ack"], status: number): boolean =>
  status === 200 || (ack === "2xx" && status >= 200 && status < 300)

const classOf = (status: number): AttemptError => {
  const hundreds = Math.floor(status / 100)
  return hundreds === 1 || hundreds === 2 || hundreds === 3 || hundreds === 4 || hundreds === 5
    ? `http_${hundreds}xx`
    : "http_other"
}

/** Judges an attempt: acknowledged, to be tried again, or expired. Pure: time and chance are given. */
export const judge = (options: {
  readonly event: ClaimedEvent
  readonly ack: Destination["ack"]
  readonly result: AttemptResult
  readonly startedAt: number
  readonly endedAt: number
  readonly random: number
}): Outcome => {
  const { event, result, startedAt, endedAt } = options
  const number = event.attempts + 1
  const status = result.kind === "answer" ? result.answer.status : null
  const acknowledged = status !== null && acknowledges(options.ack, status)
  const error =
    result.kind === "failure"
      ? result.error
      : result.kind === "shredded"
        ? "unreadable"
        : acknowledged
          ? null
          : classOf(status!)
  const again =
    acknowledged || result.kind === "shredded"
      ? null
      : RetrySchedule.next(
          number,
          event.firstAttemptAt ?? startedAt,
          endedAt,
          options.random,
          result.kind === "answer" ? result.answer.retryAfterMillis : undefined
        )
  return {
    event,
    attempt: { eventId: event.id, number, at: startedAt, durationMillis: endedAt - startedAt, status, error },
    result: acknowledged
      ? { kind: "acknowledged" }
      : again === null
        ? { kind: "expired" }
        : { kind: "retry", at: again }
  }
}
