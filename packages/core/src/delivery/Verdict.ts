import type { Destination } from "../destination/Destination.ts"
import type { ClaimedEvent, Outcome } from "../store/OutboxStore.ts"
import type * as Circuit from "./Circuit.ts"
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
  /** None was made: the time of the event is over. */
  | { readonly kind: "overdue" }
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

/** Whether the failure says that nobody is there, or that nobody can be served, whatever the event. */
const isUnreachable = (error: AttemptError, status: number | null): boolean =>
  error === "timeout" ||
  error === "connection" ||
  error === "tls" ||
  error === "blocked" ||
  error === "invalid_response" ||
  status === 429 ||
  status === 502 ||
  status === 503 ||
  status === 504

/** What this side could not do says nothing about the receiver. */
const isOurs = (error: AttemptError): boolean =>
  error === "unsigned" || error === "unreadable" || error === "stopped" || error === "internal"

/** For how long the answer asks for silence. */
const parkOf = (answer: TransportResponse): number | undefined =>
  answer.control?.kind === "park"
    ? answer.control.millis
    : answer.status === 429 || answer.status === 503
      ? answer.retryAfterMillis
      : undefined

/** Why the answer pauses the destination; null when it does not. */
export const pauseOf = (result: AttemptResult): "gone" | "asked" | null =>
  result.kind !== "answer"
    ? null
    : result.answer.control?.kind === "pause"
      ? "asked"
      : result.answer.status === 410
        ? "gone"
        : null

const signOf = (result: AttemptResult, error: AttemptError | null): Circuit.Sign | undefined => {
  const answer = result.kind === "answer" ? result.answer : undefined
  const parkMillis = answer === undefined ? undefined : parkOf(answer)
  if (error === null) return { kind: "success", parkMillis }
  if (isOurs(error)) return undefined
  return { kind: "failure", error, unreachable: isUnreachable(error, answer?.status ?? null), parkMillis }
}

/**
 * Judges an attempt: acknowledged, to be tried again, expired, or a probe that failed, which is no attempt. Pure: time and
 * chance are given.
 */
export const judge = (options: {
  readonly event: ClaimedEvent
  readonly ack: Destination["ack"]
  readonly result: AttemptResult
  readonly startedAt: number
  readonly endedAt: number
  readonly random: number
}): Outcome => {
  const { event, result, startedAt, endedAt } = options
  if (result.kind === "overdue") return { event, attempt: null, result: { kind: "expired" } }
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
  const sign = signOf(result, error)
  const said = sign === undefined ? {} : { sign }
  if (event.purpose === "probe" && error !== null && result.kind !== "shredded") {
    return { event, attempt: null, result: { kind: "parked" }, ...said }
  }
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
        : { kind: "retry", at: again },
    ...said
  }
}
