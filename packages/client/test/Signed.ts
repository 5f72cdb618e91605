import { assert } from "vitest"
import {
  signWebhook,
  verifyWebhook,
  type VerifyOptions,
  type WebhookEvent,
  type WebhookHeaders,
  WebhookVerificationError,
  type WebhookVerificationReason
} from "../src/index.ts"

export const at = 1614265330
export const now = () => at * 1000
export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
export const body = `{"eventId":"ev_1","eventType":"webhook.test","eventData":{"message":"é"}}`
export const bytes = new TextEncoder().encode(body)
export const options = { secrets: secret, now }

export const signed = (text: string = body) => signWebhook(text, { secret, id: "ev_1", now: now() })

export const refusal = async (attempt: Promise<unknown>): Promise<WebhookVerificationError> => {
  const error: unknown = await attempt.then(
    () => assert.fail("was accepted"),
    (reason: unknown) => reason
  )
  if (!(error instanceof WebhookVerificationError)) return assert.fail(`threw something else: ${String(error)}`)
  return error
}
export const refused = async (reason: WebhookVerificationReason, attempt: Promise<unknown>, message = /\w/) => {
  const error = await refusal(attempt)
  assert.strictEqual(error.reason, reason, error.message)
  assert.match(error.message, message)
  assert.notInclude(error.message, secret.slice(6))
}
export const verify = (headers: unknown, raw: unknown = body, given: VerifyOptions = options): Promise<WebhookEvent> =>
  verifyWebhook(raw as string, headers as WebhookHeaders, given)

/** Of the vector's key pair: the second half of what its publisher shows. */
export const vectorKey = `whpk_${Buffer.from("6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==", "base64").subarray(32).toString("base64")}`
