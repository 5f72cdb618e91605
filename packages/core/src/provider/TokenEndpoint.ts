import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import { basicHeader, type ClientAuthentication, type OAuth2Scheme } from "../connector/AuthScheme.ts"
import type { UpstreamAnswer } from "../connector/Connector.ts"
import { InvalidRequest, RateLimited, Unauthorized, Unavailable } from "../connector/ConnectorError.ts"
import { transportReason } from "./Classification.ts"
import { asThirdParty, readText } from "./Exchange.ts"
import type { Failure } from "./Failure.ts"
import * as RetryAfter from "./RetryAfter.ts"
import type { Secrets } from "./Secrets.ts"
import { upstreamMessage } from "./UpstreamMessage.ts"

/** The client that this installation has registered with an app. */
export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret?: Redacted.Redacted<string>
  /** The operator's `CROCHET_OAUTH_<APP>_TOKEN_URL`: replaces the connector's token URL, e.g. by a simulator's. */
  readonly tokenUrl?: string
  /** The operator's `CROCHET_OAUTH_<APP>_AUTHORIZE_URL`: replaces the address at which people sign in. */
  readonly authorizeUrl?: string
  /** The operator's `CROCHET_OAUTH_<APP>_REVOKE_URL`: replaces the address at which tokens are revoked. */
  readonly revokeUrl?: string
}

/** Where and as whom tokens are asked for. */
export interface TokenEndpoint {
  readonly scheme: OAuth2Scheme
  readonly url: string
  readonly client: OAuthClient
  /** Remembers everything secret that passes through, so that the owner can blank it elsewhere too. */
  readonly secrets?: Secrets
}

const MAX_BYTES = 1_048_576
const TIMEOUT_MILLIS = 30_000

/** Sends parameters to an endpoint of an app's authorisation server, as a client of it. */
export const post = Effect.fnUntraced(function* (options: {
  readonly url: string
  readonly authentication: ClientAuthentication
  readonly client: OAuthClient | undefined
  readonly parameters: { readonly [name: string]: string }
  readonly body?: "form" | "json"
  /** Knows the parameters that are secret; the client's secret is added. */
  readonly secrets: Secrets
}): Effect.fn.Return<UpstreamAnswer, Failure, HttpClient.HttpClient> {
  const { authentication, client, parameters, secrets, url } = options
  const clientSecret = client?.clientSecret === undefined ? "" : Redacted.value(client.clientSecret)
  secrets.add(clientSecret)
  const basic = authentication === "basic" && client?.clientSecret !== undefined
  const named =
    basic || client === undefined || authentication === "none"
      ? parameters
      : { ...parameters, client_id: client.clientId, ...(clientSecret === "" ? {} : { client_secret: clientSecret }) }
  const request = HttpClientRequest.post(url, {
    headers: {
      accept: "application/json",
      // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
      ...(basic ? basicHeader(encodeURIComponent(client.clientId), encodeURIComponent(clientSecret)) : {})
    }
  }).pipe(options.body === "json" ? HttpClientRequest.bodyJsonUnsafe(named) : HttpClientRequest.bodyUrlParams(named))
  return yield* Effect.flatMap(HttpClient.execute(request), (response) =>
    Effect.map(readText(response, MAX_BYTES), (text) => ({
      status: response.status,
      headers: { ...response.headers },
      text
    }))
  ).pipe(
    asThirdParty,
    Effect.timeoutOrElse({
      duration: TIMEOUT_MILLIS,
      orElse: () => Effect.fail(undefined)
    }),
    Effect.mapError((error): Failure => ({
      // Refused by the runtime's guard: asking again cannot help.
      reason:
        error?._tag === "HttpClientError" && error.reason._tag === "InvalidUrlError"
          ? transportReason(error, secrets)
          : new Unavailable({ message: "The app's token endpoint did not answer." })
    }))
  )
})

/** What a refusal of the endpoint means; `code` is the answer's `error`. */
export const refused = (answer: UpstreamAnswer, code: unknown, secrets: Secrets, nowMillis: number): Failure => {
  const { status } = answer
  const said = upstreamMessage(answer, secrets)
  const message = said === undefined ? {} : { message: said }
  const wait = RetryAfter.parse(answer.headers["retry-after"], nowMillis)
  const retryAfter = wait === undefined ? {} : { retryAfterMillis: wait }
  if (status === 429) return { reason: new RateLimited({ status, ...message, ...retryAfter }) }
  if (status >= 500 || status === 408) return { reason: new Unavailable({ status, ...message, ...retryAfter }) }
  // `invalid_client_id` is Salesforce's own word (seen 2023-05), for what RFC 6749 calls `invalid_client`.
  if (code === "invalid_client" || code === "invalid_client_id" || code === "unauthorized_client") {
    return {
      reason: new Unauthorized({ status, ...message }),
      hint: "The app does not accept this installation's OAuth client: its operator must check the client id and secret."
    }
  }
  if (code === "invalid_grant" || code === "access_denied" || status === 401) {
    return {
      reason: new Unauthorized({ status, ...message }),
      hint: "The app has ended the connection, or it was never completed. Connect the account again."
    }
  }
  return { reason: new InvalidRequest({ status, ...message }) }
}

/** The answer as JSON; undefined when it is none. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
