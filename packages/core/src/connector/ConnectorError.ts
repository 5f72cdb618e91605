import * as Schema from "effect/Schema"

const upstream = {
  /** HTTP status that the app answered, when it answered. */
  status: Schema.optionalKey(Schema.Int),
  /** The app's own words, at most 300 characters, never a credential. */
  message: Schema.optionalKey(Schema.String)
}

/** The credentials are wrong, expired or revoked. Not retryable: a person must reconnect. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", upstream) {}
/** The credentials are good, but may not do this. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", upstream) {}
/** The app asks to slow down. Retryable, after `retryAfterMillis` when the app says so. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  ...upstream,
  retryAfterMillis: Schema.optionalKey(Schema.Finite)
}) {}
/** There is no such thing in the app. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", upstream) {}
/** The app refused the request as malformed: wrong setting, unknown field, bad filter. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  ...upstream,
  field: Schema.optionalKey(Schema.String)
}) {}
/** The app answered something that is not what its documentation says: HTML, truncated JSON, a missing field. */
export class BadPayload extends Schema.TaggedError<BadPayload>()("BadPayload", upstream) {}
/** The app, or the way to it, is down or too slow. Retryable. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  ...upstream,
  retryAfterMillis: Schema.optionalKey(Schema.Finite)
}) {}
/** The app, or this account's plan, has no such capability. */
export class Unsupported extends Schema.TaggedError<Unsupported>()("Unsupported", upstream) {}
/** A cursor or page token is no longer good: the listing must start again. */
export class CursorExpired extends Schema.TaggedError<CursorExpired>()("CursorExpired", upstream) {}

/** The closed set of things that can go wrong between Crochet and an app. */
export const Reason = Schema.Union([
  Unauthorized,
  Forbidden,
  RateLimited,
  NotFound,
  InvalidRequest,
  BadPayload,
  Unavailable,
  Unsupported,
  CursorExpired
])
/** The closed set of things that can go wrong between Crochet and an app. */
export type Reason = typeof Reason.Type

const codes: { readonly [Tag in Reason["_tag"]]: string } = {
  Unauthorized: "auth.invalid_credentials",
  Forbidden: "auth.missing_permission",
  RateLimited: "upstream.rate_limited",
  NotFound: "upstream.not_found",
  InvalidRequest: "upstream.invalid_request",
  BadPayload: "upstream.bad_payload",
  Unavailable: "upstream.unavailable",
  Unsupported: "capability.unsupported",
  CursorExpired: "upstream.cursor_expired"
}

const resolutions: { readonly [Tag in Reason["_tag"]]: string } = {
  Unauthorized: "Connect the account again with valid credentials.",
  Forbidden:
    "Give the connected user the permissions that this data needs, or connect with an administrator's account.",
  RateLimited: "Nothing to do: the run goes on when the app allows it again.",
  NotFound: "Check the account's settings; the record or endpoint may have been removed in the app.",
  InvalidRequest: "Check the account's settings and the sync's filters.",
  BadPayload: "Try again later; if it stays, report it with the execution id: the app may have changed its API.",
  Unavailable: "Nothing to do: it is tried again. If it stays, look at the app's status page.",
  Unsupported: "Leave this data out of the sync; the app does not offer it.",
  CursorExpired: "Nothing to do: the listing starts again."
}

/**
 * The one error of connectors and of the provider client.
 *
 * `reason` says what happened; `code` is stable and documented; `resolution` says what a person can do. Whose fault it
 * is follows from the reason, never from parsing `message`.
 */
export class ConnectorError extends Schema.TaggedError<ConnectorError>()("ConnectorError", {
  appId: Schema.String,
  /** What was being done, e.g. `employee.list` or `validate`. */
  operation: Schema.String,
  reason: Reason,
  /** A better resolution than the reason's own, for the end user. */
  hint: Schema.optionalKey(Schema.String)
}) {
  /** Whether the same request may succeed later without anybody's doing. */
  get isRetryable(): boolean {
    return this.reason._tag === "RateLimited" || this.reason._tag === "Unavailable"
  }
  /** Stable dotted code, e.g. `auth.invalid_credentials`. */
  get code(): string {
    return codes[this.reason._tag]
  }
  /** What a person can do about it. */
  get resolution(): string {
    return this.hint ?? resolutions[this.reason._tag]
  }
  override get message(): string {
    const { message, status } = this.reason
    // A reason made without a message inherits the empty one of Error.
    const words = message === undefined || message === "" ? "" : `: ${message}`
    return `${this.appId} ${this.operation}: ${this.reason._tag}${status === undefined ? "" : ` (HTTP ${status})`}${words}`
  }
}
