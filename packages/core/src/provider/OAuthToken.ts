import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Values } from "../connector/AuthScheme.ts"
import { BadPayload, Unauthorized } from "../connector/ConnectorError.ts"
import type { OAuth2Credentials } from "../connector/Credentials.ts"
import type { Failure } from "./Failure.ts"
import { Secrets } from "./Secrets.ts"
import { parsed, post, refused, type TokenEndpoint } from "./TokenEndpoint.ts"

export type { OAuthClient, TokenEndpoint } from "./TokenEndpoint.ts"

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
  for (const secret of [grant.code, grant.code_verifier, grant.refresh_token]) secrets.add(secret ?? "")
  const answer = yield* post({ url, authentication: scheme.clientAuthentication, client, parameters: grant, secrets })
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
