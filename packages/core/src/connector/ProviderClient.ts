import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Values } from "./AuthScheme.ts"
import type { ConnectorError } from "./ConnectorError.ts"

/** A query value; arrays repeat the parameter, `undefined` leaves it out. */
export type QueryValue = string | number | boolean | undefined | ReadonlyArray<string | number>

/** One request to an app. */
export interface ProviderRequest {
  /** What is being done, for errors and statistics, e.g. `employee.list`. */
  readonly operation: string
  /** Default `GET`. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD"
  /** A path below the account's base URL (`/v1/employees`), or an absolute URL on one of the connector's hosts. */
  readonly path: string
  readonly query?: { readonly [name: string]: QueryValue }
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as `application/x-www-form-urlencoded`; excludes `body`. */
  readonly form?: { readonly [name: string]: string }
  readonly headers?: { readonly [name: string]: string }
  /** Whether it may be sent twice. Default: true for GET and HEAD, false otherwise; reads by POST say true. */
  readonly idempotent?: boolean
  /** Statuses that are not errors here and come back as a response, e.g. `[404]` for "gone". */
  readonly accept?: ReadonlyArray<number>
  /** `json`: an answer that is no JSON counts as a failed attempt, so that a truncated read is tried again. */
  readonly expect?: "json"
}

/** An app's answer. Header names are lower case; `json` parses on first use and fails with `BadPayload`. */
export interface ProviderResponse {
  readonly status: number
  /**
   * The address that answered, to resolve relative links against. It is below the connector's own base URL even when an
   * operator's override was asked instead, so it can be passed back as a `path`.
   */
  readonly url: string
  readonly headers: { readonly [name: string]: string | undefined }
  readonly text: string
  readonly json: Effect.Effect<unknown, ConnectorError>
}

/** What a client has done since it was made; read by the engine after each page. */
export interface ProviderStatistics {
  readonly calls: number
  readonly retries: number
  readonly rateLimitWaits: number
  readonly rateLimitWaitMillis: number
  readonly tokenRefreshes: number
}

/**
 * Talks to one connected account: base URL, authentication, rate limit, retries, token refresh and classification of
 * errors are its work, never the connector's.
 */
export interface ProviderClient {
  readonly settings: Values
  /** Sends a request and returns the raw answer. */
  readonly request: (request: ProviderRequest) => Effect.Effect<ProviderResponse, ConnectorError>
  /** Sends a request and parses the answer as JSON. */
  readonly json: (request: ProviderRequest) => Effect.Effect<unknown, ConnectorError>
  /** Sends a request and decodes the JSON answer; what does not fit is `BadPayload` and names the path. */
  readonly decode: <A, I>(request: ProviderRequest, schema: Schema.Codec<A, I>) => Effect.Effect<A, ConnectorError>
  /** The app's clock in epoch milliseconds, from the last `Date` header; our own before the first answer. */
  readonly providerTime: Effect.Effect<number>
  readonly statistics: () => ProviderStatistics
  /** Makes the error of a reason, with the app's id filled in. */
  readonly fail: (operation: string, reason: ConnectorError["reason"], hint?: string) => ConnectorError
}
