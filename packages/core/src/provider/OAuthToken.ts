import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { OAuth2Scheme, Values } from "../connector/AuthScheme.ts"
import { basicHeader } from "../connector/AuthScheme.ts"
import { BadPayload, InvalidRequest, RateLimited, Unauthorized, Unavailable } from "../connector/ConnectorError.ts"
import type { OAuth2Credentials } from "../connector/Credentials.ts"
import { transportReason } from "./Classification.ts"
import { asThirdParty, readText } from "./Exchange.ts"
import type { Failure } from "./Failure.ts"
import * as RetryAfter from "./RetryAfter.ts"
import { Secrets } from "./Secrets.ts"
import { upstreamMessage } from "./UpstreamMessage.ts"

/** The client that this installation has registered with an app. */
export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret?: Redacted.Redacted<string>
  /** The operator's `CROCHET_OAUTH_<APP>_TOKEN_URL`: replaces the connector's token URL, e.g. by a simulator's. */
  readonly tokenUrl?: string
  /** The operator's `CROCHET_OAUTH_<APP>_AUTHORIZE_URL`: replaces the address at which people sign in. */
  readonly authorizeUrl?: string
}

/** Where and as whom tokens are asked for. */
export interface TokenEndpoint {
  readonly scheme: OAuth2Scheme
  readonly url: string
  readonly client: OAuthClient
  /** Remembers everything secret that passes through, so that the owner can blank it elsewhere too. */
  readonly secrets?: Secrets
}

const Answer = Schema.StructWithRest(
  Schema.Struct({
    access_token: Schema.NonEmptyString,
    refresh_token: Schema.optional(Schema.NullOr(Schema.String)),
    // Some apps send a numeric string.
    expires_in: Schema.optional(Schema.NullOr(Schema.Union([Schema.Finite, Schema.FiniteFromString])))
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)
const decodeAnswer = Schema.decodeUnknownEffect(Answer)

const MAX_BYTES = 1_048_576
const TIMEOUT_MILLIS = 30_000

/** Tokens and whatever else the endpoint told, e.g. Salesforce's `instance_url`, without the tokens. */
export interface Granted {
  readonly credentials: OAuth2Credentials
  readonly extra: { readonly [name: string]: unknown }
}

/** An authorisation code and what it is exchanged with. */
export interface CodeGrant {
  readonly code: Redacted.Redacted<string>
  readonly redirectUri: string
  readonly verifier?: Redacted.Redacted<string>
  /** The parameters with which the app sent the browser back. */
  readonly callback?: { readonly [parameter: string]: string | undefined }
}

/** Exchanges an authorisation code (RFC 6749 4.1.3; `verifier` by RFC 7636). */
export const exchangeCode = (
  endpoint: TokenEndpoint,
  grant: CodeGrant
): Effect.Effect<Granted, Failure, HttpClient.HttpClient> =>
  Effect.map(
    ask(endpoint, {
      grant_type: "authorization_code",
      code: Redacted.value(grant.code),
      redirect_uri: grant.redirectUri,
      ...(grant.verifier === undefined ? {} : { code_verifier: Redacted.value(grant.verifier) })
    }),
    ({ credentials, extra }) => {
      const told = pick(endpoint.scheme.settingsFrom?.callback, grant.callback ?? {})
      return { credentials: withSettings(credentials, { ...told, ...credentials.settings }), extra }
    }
  )

/** New tokens for old ones (RFC 6749 6) or by client credentials (4.4). A refresh token that is not replaced is kept. */
export const renew = Effect.fnUntraced(function* (
  endpoint: TokenEndpoint,
  previous: OAuth2Credentials
): Effect.fn.Return<OAuth2Credentials, Failure, HttpClient.HttpClient> {
  if (endpoint.scheme.grant === "client_credentials") {
    const scope = endpoint.scheme.scopes.join(" ")
    return (yield* ask(endpoint, { grant_type: "client_credentials", ...(scope === "" ? {} : { scope }) })).credentials
  }
  if (previous.refreshToken === undefined) {
    return yield* Effect.fail({
      reason: new Unauthorized({ message: "The access token has expired and cannot be renewed." })
    })
  }
  const { credentials } = yield* ask(endpoint, {
    grant_type: "refresh_token",
    refresh_token: Redacted.value(previous.refreshToken)
  })
  return withSettings(
    { refreshToken: previous.refreshToken, ...credentials },
    // What only the redirect told, and what this answer leaves out, stays.
    { ...previous.settings, ...credentials.settings }
  )
})

const withSettings = (credentials: OAuth2Credentials, settings: Values): OAuth2Credentials =>
  Object.keys(settings).length === 0 ? credentials : { ...credentials, settings }

const pick = (names: Values | undefined, told: { readonly [name: string]: unknown }): Values => {
  const picked: Record<string, string> = {}
  for (const [setting, name] of Object.entries(names ?? {})) {
    const value = told[name]
    if (typeof value === "string" && value !== "") picked[setting] = value
  }
  return picked
}

const ask = Effect.fnUntraced(function* (
  endpoint: TokenEndpoint,
  grant: { readonly [name: string]: string }
): Effect.fn.Return<Granted, Failure, HttpClient.HttpClient> {
  const { client, scheme, url } = endpoint
  const secrets = endpoint.secrets ?? new Secrets()
  const clientSecret = client.clientSecret === undefined ? "" : Redacted.value(client.clientSecret)
  for (const secret of [clientSecret, grant.code, grant.code_verifier, grant.refresh_token]) secrets.add(secret ?? "")
  const basic = scheme.clientAuthentication === "basic" && client.clientSecret !== undefined
  const form = basic
    ? grant
    : { ...grant, client_id: client.clientId, ...(clientSecret === "" ? {} : { client_secret: clientSecret }) }
  const request = HttpClientRequest.post(url, {
    headers: {
      accept: "application/json",
      // RFC 6749 2.3.1: both parts are form-encoded before they are joined.
      ...(basic ? basicHeader(encodeURIComponent(client.clientId), encodeURIComponent(clientSecret)) : {})
    }
  }).pipe(HttpClientRequest.bodyUrlParams(form))

  const answer = yield* Effect.flatMap(HttpClient.execute(request), (response) =>
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
  const nowMillis = yield* Clock.currentTimeMillis
  const body = parsed(answer.text)
  const code = typeof body === "object" && body !== null && "error" in body ? body.error : undefined
  // Some apps refuse with HTTP 200 and an `error` field.
  if (answer.status < 200 || answer.status > 299 || typeof code === "string") {
    return yield* Effect.fail(refused(answer, code, secrets, nowMillis))
  }
  const token = yield* decodeAnswer(body).pipe(
    Effect.mapError((): Failure => ({
      reason: new BadPayload({
        status: answer.status,
        message: "The app's token endpoint answered without an access token."
      })
    }))
  )
  const { access_token, expires_in, refresh_token, id_token: _, ...extra } = token
  secrets.add(access_token)
  if (typeof refresh_token === "string") secrets.add(refresh_token)
  const credentials: OAuth2Credentials = {
    kind: "oauth2",
    scheme: scheme.id,
    accessToken: Redacted.make(access_token),
    ...(typeof refresh_token === "string" && refresh_token !== ""
      ? { refreshToken: Redacted.make(refresh_token) }
      : {}),
    ...(typeof expires_in === "number" ? { expiresAt: nowMillis + expires_in * 1000 } : {})
  }
  return { credentials: withSettings(credentials, pick(scheme.settingsFrom?.answer, extra)), extra }
})

const refused = (
  answer: {
    readonly status: number
    readonly headers: { readonly [name: string]: string | undefined }
    readonly text: string
  },
  code: unknown,
  secrets: Secrets,
  nowMillis: number
): Failure => {
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

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
