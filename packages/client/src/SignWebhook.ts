import * as Base64 from "./Base64.ts"
import { bytesOf, type RawBody } from "./RawBody.ts"
import * as VerificationKeys from "./VerificationKeys.ts"
import { contentOf } from "./VerifyWebhook.ts"

/** The Standard Webhooks headers of one request. */
export interface SignedHeaders {
  readonly "webhook-id": string
  readonly "webhook-timestamp": string
  readonly "webhook-signature": string
}

/**
 * Signs a body as Crochet does (`v1`), for tests of your receiver: no server needed. `id` is the event's `eventId`;
 * `now` is in epoch milliseconds, the system's clock unless given.
 */
export const signWebhook = async (
  rawBody: RawBody,
  options: { readonly secret: string; readonly id: string; readonly now?: number | undefined }
): Promise<SignedHeaders> => {
  const timestamp = String(Math.floor((options.now ?? Date.now()) / 1000))
  const sign = await VerificationKeys.signer(options.secret)
  const signature = await sign(contentOf(options.id, timestamp, bytesOf(rawBody)))
  return {
    "webhook-id": options.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${Base64.encode(signature)}`
  }
}
