/**
 * Why a request was refused:
 *
 * - `body_not_raw`: the body is not bytes or text; something parsed it before.
 * - `header_missing`, `header_duplicated`, `header_malformed`, `header_too_large`: a header that is needed.
 * - `timestamp_too_old`, `timestamp_too_new`: the request was signed too long before, or after, now.
 * - `no_matching_signature`: another secret, another body, or a forgery.
 * - `not_an_event`: the signature fits, but the body is no event of Crochet.
 * - `invalid_options`, `unsupported_runtime`: the receiver itself cannot verify; no request would get through.
 */
export type WebhookVerificationReason =
  | "body_not_raw"
  | "header_missing"
  | "header_duplicated"
  | "header_malformed"
  | "header_too_large"
  | "timestamp_too_old"
  | "timestamp_too_new"
  | "no_matching_signature"
  | "not_an_event"
  | "invalid_options"
  | "unsupported_runtime"

/**
 * The one error of `verifyWebhook`. The message names the remedy, and never a secret or anything that the request
 * carried, so it may be logged; answer 401 without it.
 */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError"
  /** Branch on this. */
  readonly reason: WebhookVerificationReason

  constructor(reason: WebhookVerificationReason, message: string) {
    super(message)
    this.reason = reason
  }
}
