import type { ClaimedEvent } from "../store/OutboxStore.ts"
import { type KnitSigner, secondsOf, type StandardSigner } from "./Signature.ts"

/** What signs a destination's requests, and what its owner wants sent along. */
export interface DeliveryKeys {
  /** Null for a destination in `standard` mode. */
  readonly knit: KnitSigner | null
  readonly standard: StandardSigner
  /** The destination's extra headers, checked. */
  readonly headers: { readonly [name: string]: string }
}

const reserved = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent"
])
const reservedPrefixes = ["webhook-", "x-knit-", "proxy-"]
const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/
// Visible ASCII, spaces and tabs: what RFC 9110 (5.5) allows, without the obsolete bytes above it.
const fieldValue = /^[\t\x20-\x7e]{0,4096}$/

/**
 * Why a destination must not have this extra header; null when it may. To be asked when a destination is saved: a header
 * that fails here is never sent.
 */
export const refusal = (name: string, value: string): string | null => {
  const lower = name.toLowerCase()
  if (!token.test(name)) return "the name is not a header name (RFC 9110, 5.1)"
  if (reserved.has(lower) || reservedPrefixes.some((prefix) => lower.startsWith(prefix))) {
    return `"${lower}" is set by Crochet and cannot be replaced`
  }
  if (!fieldValue.test(value)) return "the value may have up to 4096 visible ASCII characters, spaces and tabs"
  return null
}

/**
 * The id of one request, sent as `X-Knit-Execution-Id`: names the event and the number of the attempt, so that it leads
 * back to the entry in the log.
 */
export const executionId = (eventId: string, attempt: number): string =>
  `ex_${eventId.startsWith("ev_") ? eventId.slice(3) : eventId}_${attempt}`

/** The headers of one attempt (`wire.md` 3). Both signatures cover the very bytes of `body`. */
export const ofAttempt = (
  event: Pick<ClaimedEvent, "id" | "integrationId">,
  keys: DeliveryKeys,
  attempt: number,
  atMillis: number,
  body: Uint8Array
): { readonly [name: string]: string } => {
  const headers: Record<string, string> = {
    ...keys.headers,
    "Content-Type": "application/json",
    "User-Agent": "Crochet",
    "webhook-id": event.id,
    "webhook-timestamp": String(secondsOf(atMillis)),
    "webhook-signature": keys.standard(event.id, atMillis, body)
  }
  if (keys.knit !== null) {
    // What is said of a destination is about no account.
    if (event.integrationId !== null) headers["X-Knit-Integration-Id"] = event.integrationId
    headers["X-Knit-Execution-Id"] = executionId(event.id, attempt)
    headers["X-Knit-Signature"] = keys.knit(body)
  }
  return headers
}
