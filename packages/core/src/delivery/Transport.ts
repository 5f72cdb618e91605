import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Control } from "./Control.ts"
import * as Schema from "effect/Schema"

/** No complete answer came within the time limit. */
export class Timeout extends Schema.TaggedError<Timeout>()("Timeout", {}) {}
/** The connection could not be made, or broke before the answer was complete. */
export class Connection extends Schema.TaggedError<Connection>()("Connection", {}) {}
/** The TLS handshake or the certificate failed. */
export class Tls extends Schema.TaggedError<Tls>()("Tls", {}) {}
/** The address or the URL is one that requests must not go to. */
export class Blocked extends Schema.TaggedError<Blocked>()("Blocked", {}) {}
/** What came back is not HTTP. */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>()("InvalidResponse", {}) {}

/** Why a request got no status. It carries no byte of what the other side sent, nor its address. */
export class DeliveryFailure extends Schema.TaggedError<DeliveryFailure>()("DeliveryFailure", {
  reason: Schema.Union([Timeout, Connection, Tls, Blocked, InvalidResponse])
}) {
  override get message(): string {
    switch (this.reason._tag) {
      case "Timeout":
        return "The receiver did not answer in time"
      case "Connection":
        return "The connection to the receiver failed"
      case "Tls":
        return "The receiver's TLS handshake or certificate failed"
      case "Blocked":
        return "The receiver's URL leads to an address that requests must not go to"
      case "InvalidResponse":
        return "The receiver's answer is not HTTP"
    }
  }
}

/** One POST. */
export interface TransportRequest {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: Uint8Array
  /** The integration that the event is about, for destinations that are no URLs. */
  readonly integrationId?: string
  /** For everything: look-up, connection, request and the whole answer. */
  readonly timeoutMillis: number
}

/** All that is kept of an answer. */
export interface TransportResponse {
  readonly status: number
  readonly retryAfterMillis?: number
  /** What the receiver asks for with `X-Crochet-Control`. */
  readonly control?: Control
}

/**
 * Sends deliveries. An implementation follows no redirect, refuses addresses that it must not reach, and reads answers
 * to at most 16 KiB only to throw them away.
 */
export class Transport extends Context.Service<
  Transport,
  {
    readonly post: (request: TransportRequest) => Effect.Effect<TransportResponse, DeliveryFailure>
  }
>()("@crochet/core/delivery/Transport") {}
