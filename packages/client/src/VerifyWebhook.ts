import * as Base64 from "./Base64.ts"
import { bytesOf, type RawBody } from "./RawBody.ts"
import * as VerificationKeys from "./VerificationKeys.ts"
import type { WebhookEvent } from "./WebhookEvent.ts"
import * as WebhookHeaders from "./WebhookHeaders.ts"
import { WebhookVerificationError } from "./WebhookVerificationError.ts"

/** What to verify with, and how strictly. */
export interface VerifyOptions extends VerificationKeys.KeyOptions {
  /** How far the time of signing may be from now, both ways, in seconds; default 300. */
  readonly toleranceSeconds?: number | undefined
  /** Now, in epoch milliseconds; default the system's clock. */
  readonly now?: (() => number) | undefined
}

const defaultTolerance = 300
const hmacLength = 32
const ed25519Length = 64

/** The signed bytes of Standard Webhooks: `id.timestamp.body`. */
export const contentOf = (id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`)
  const content = new Uint8Array(head.length + body.length)
  content.set(head)
  content.set(body, head.length)
  return content
}

const matches = async (
  verifiers: ReadonlyArray<VerificationKeys.Verifier>,
  signature: Uint8Array<ArrayBuffer> | null,
  length: number,
  content: Uint8Array<ArrayBuffer>
): Promise<boolean> => {
  if (signature?.length !== length) return false
  for (const verifier of verifiers) if (await verifier(signature, content)) return true
  return false
}

const checkTime = (timestamp: string, options: VerifyOptions): void => {
  const tolerance = options.toleranceSeconds ?? defaultTolerance
  const now = (options.now ?? Date.now)() / 1000
  if (!(tolerance >= 0) || !Number.isFinite(now)) {
    throw new WebhookVerificationError(
      "invalid_options",
      "toleranceSeconds must be a number of seconds from 0, and now must return epoch milliseconds"
    )
  }
  const age = now - Number(timestamp)
  if (Math.abs(age) <= tolerance) return
  throw age > 0
    ? new WebhookVerificationError(
        "timestamp_too_old",
        `The request was signed more than ${tolerance} s ago: verify it before it is queued; a repeated old request is refused`
      )
    : new WebhookVerificationError(
        "timestamp_too_new",
        `The request was signed more than ${tolerance} s in the future: set this machine's clock (NTP)`
      )
}

const mismatch = (more: string): WebhookVerificationError =>
  new WebhookVerificationError("no_matching_signature", `No signature fits: ${more}`)

const verifyStandard = async (
  headers: unknown,
  body: Uint8Array<ArrayBuffer>,
  keys: VerificationKeys.VerificationKeys,
  options: VerifyOptions
): Promise<void> => {
  const { id, signatures, timestamp } = WebhookHeaders.standard(headers)
  checkTime(timestamp, options)
  const content = contentOf(id, timestamp, body)
  let known = false
  for (const { signature, version } of signatures) {
    const verifiers = version === "v1" ? keys.v1 : version === "v1a" ? keys.v1a : []
    if (verifiers.length === 0) continue
    known = true
    const length = version === "v1" ? hmacLength : ed25519Length
    if (await matches(verifiers, Base64.decode(signature), length, content)) return
  }
  throw known
    ? mismatch(
        "the secret or key is another destination's or has ended, or the body is not the one that was sent; it must be the raw bytes, not JSON that was parsed and written again"
      )
    : mismatch(
        "none is of a version that there is a key for; v1 needs secrets, v1a needs publicKeys (webhook.update with signatures sets what is sent)"
      )
}

const verifyKnit = async (
  headers: unknown,
  body: Uint8Array<ArrayBuffer>,
  keys: VerificationKeys.VerificationKeys
): Promise<void> => {
  const signature = Base64.decodeUrl(WebhookHeaders.valueOf(headers, "x-knit-signature"))
  if (await matches(keys.knit, signature, hmacLength, body)) return
  throw mismatch(
    "knitApiKey is not the key that registered this destination, or the body is not the raw bytes that were sent"
  )
}

const eventOf = (body: Uint8Array): WebhookEvent => {
  let event: unknown
  try {
    event = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    event = undefined
  }
  if (
    typeof event === "object" &&
    event !== null &&
    "eventId" in event &&
    typeof event.eventId === "string" &&
    "eventType" in event &&
    typeof event.eventType === "string"
  ) {
    // Its signature says that Crochet wrote it; what each type holds is Crochet's promise.
    return event as WebhookEvent
  }
  throw new WebhookVerificationError(
    "not_an_event",
    "The signature fits, but the body is no event: is the key used by another sender, too?"
  )
}

/**
 * Verifies a request of Crochet and returns its event, which is parsed only after that. Rejects with
 * `WebhookVerificationError` for everything else; answer 401 then.
 *
 * With `secrets` or `publicKeys` the Standard Webhooks headers must verify: one signature of a known version is enough.
 * With `knitApiKey` `X-Knit-Signature` must verify. With both, both must. Knit's signature alone has no time in it: a
 * request that was overheard can be sent again, so then it is `eventId` alone that keeps you from taking it twice.
 *
 * Delivery is at least once: store `eventId` (also the header `webhook-id`) under a unique index together with what you
 * do about the event, then answer 200.
 */
export const verifyWebhook = async (
  rawBody: RawBody,
  headers: WebhookHeaders.WebhookHeaders,
  options: VerifyOptions
): Promise<WebhookEvent> => {
  const keys = await VerificationKeys.of(options)
  const body = bytesOf(rawBody)
  if (keys.v1.length + keys.v1a.length > 0) await verifyStandard(headers, body, keys, options)
  if (keys.knit.length > 0) await verifyKnit(headers, body, keys)
  return eventOf(body)
}
