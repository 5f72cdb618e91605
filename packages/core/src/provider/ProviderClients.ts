import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { AuthScheme, Values } from "../connector/AuthScheme.ts"
import type { Connector, UpstreamAnswer } from "../connector/Connector.ts"
import {
  BadPayload,
  ConnectorError,
  InvalidRequest,
  RateLimited,
  Unauthorized,
  Unavailable
} from "../connector/ConnectorError.ts"
import type { Credentials, OAuth2Credentials } from "../connector/Credentials.ts"
import type { ProviderClient, ProviderRequest, ProviderResponse } from "../connector/ProviderClient.ts"
import * as AccessTokens from "./AccessTokens.ts"
import * as BaseUrl from "./BaseUrl.ts"
import { classify, pauseAsked, tidied, transportReason } from "./Classification.ts"
import type { CredentialsSource } from "./CredentialsSource.ts"
import { asThirdParty, readText } from "./Exchange.ts"
import type { Failure } from "./Failure.ts"
import { jsonOf } from "./JsonAnswer.ts"
import type { OAuthClient } from "./TokenEndpoint.ts"
import { isSendable, outgoingRequest } from "./OutgoingRequest.ts"
import * as Place from "./Place.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { Secrets } from "./Secrets.ts"
import * as Traffic from "./Traffic.ts"

const TIMEOUT_MILLIS = 60_000
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** What a client is made of. */
export interface Options {
  readonly connector: Connector
  readonly settings: Values
  readonly credentials: CredentialsSource
  /** The operator's `CROCHET_BASE_URL_<APP>`: replaces the connector's whole base URL. */
  readonly baseUrlOverride?: string
  /** The installation's OAuth client, for OAuth schemes. */
  readonly oauthClient?: OAuthClient
  /** Replaces the connector's token URL. Without it, a token URL on the connector's own host follows the base URL. */
  readonly tokenUrlOverride?: string
  /** Names the account in a quota that processes share; without it, the quota is this client's alone. */
  readonly account?: string
  /** The account's traffic control, when several clients of one account share it; otherwise the client has its own. */
  readonly traffic?: Traffic.Traffic
}

/** How one attempt authenticates. */
interface Identity {
  readonly headers: { readonly [name: string]: string }
  readonly token?: OAuth2Credentials
}

/**
 * Makes the client of one connected account on the `HttpClient` of the context, which the runtime guards against
 * internal addresses.
 *
 * Sends nothing by itself. A wrong base URL or unknown scheme shows on the first request.
 */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<ProviderClient, never, HttpClient.HttpClient | Scope.Scope> {
  const { connector, credentials } = options
  const { app, http: profile } = connector
  const transport = yield* HttpClient.HttpClient
  const quotaKey = options.account === undefined ? undefined : `${app.id}/${options.account}`
  const traffic = options.traffic ?? (yield* Traffic.make(profile, quotaKey))
  const secrets = new Secrets()
  if (options.oauthClient?.clientSecret !== undefined) secrets.add(Redacted.value(options.oauthClient.clientSecret))
  const counts = { calls: 0, retries: 0, rateLimitWaits: 0, rateLimitWaitMillis: 0, tokenRefreshes: 0 }
  let skewMillis = 0

  const override = options.baseUrlOverride === undefined ? undefined : BaseUrl.parse(options.baseUrlOverride)
  let settings = options.settings
  let place = Place.of(connector, settings, override)
  /** Tokens may bring settings along, and with them another address: what is sent follows the tokens it is sent with. */
  const follow = (token: OAuth2Credentials | undefined): Place.Place => {
    const next = { ...options.settings, ...token?.settings }
    if (JSON.stringify(next) !== JSON.stringify(settings)) {
      settings = next
      place = Place.of(connector, next, override)
    }
    return place
  }
  // Paths may be made from what came with the tokens, e.g. a company's id, so it is known before the first request.
  const first = yield* credentials.current
  if (first.kind === "oauth2") follow(first)

  const waited = (millis: number) => {
    counts.rateLimitWaits += 1
    counts.rateLimitWaitMillis += millis
  }
  const errorOf = (operation: string, { hint, reason }: Failure) =>
    new ConnectorError({
      appId: app.id,
      operation,
      reason: tidied(reason, secrets),
      ...(hint === undefined ? {} : { hint })
    })

  const tokensByScheme = new Map<string, AccessTokens.AccessTokens>()
  for (const scheme of connector.auth) {
    if (scheme.kind !== "oauth2" || options.oauthClient === undefined) continue
    const url = options.tokenUrlOverride ?? Place.tokenUrl(scheme, options.settings, options.oauthClient, place)
    if (url === undefined) continue
    const tokens = yield* AccessTokens.make({
      endpoint: {
        scheme,
        url,
        client: options.oauthClient,
        secrets
      },
      source: credentials,
      settings: options.settings,
      onRefresh: () => {
        counts.tokenRefreshes += 1
      }
    })
    tokensByScheme.set(scheme.id, tokens)
  }

  const identify = Effect.fnUntraced(function* (stored: Credentials): Effect.fn.Return<Identity, Failure> {
    secrets.addCredentials(stored)
    const scheme = connector.auth.find((candidate) => candidate.id === stored.scheme)
    if (scheme === undefined || scheme.kind !== stored.kind) {
      return yield* Effect.fail({
        reason: new Unauthorized({ message: `The account was connected with a scheme that ${app.name} no longer has.` })
      })
    }
    const token =
      stored.kind === "oauth2"
        ? yield* tokensByScheme.get(scheme.id)?.usable(stored) ?? Effect.succeed(stored)
        : undefined
    const headers = authHeaders(scheme, token ?? stored)
    secrets.addCredentials(token ?? stored)
    secrets.addHeaders(headers)
    if (!Object.values(headers).every((value) => isSendable(value))) {
      return yield* Effect.fail({
        reason: new Unauthorized({
          message: "The credentials contain a character that cannot be sent, such as a line break."
        })
      })
    }
    return { headers, ...(token === undefined ? {} : { token }) }
  })

  const exchange = Effect.fnUntraced(function* (
    request: ProviderRequest,
    target: BaseUrl.Target,
    identity: Identity
  ): Effect.fn.Return<ProviderResponse, Failure> {
    const outgoing = yield* outgoingRequest(request, target.url, { ...profile.headers }, identity.headers)
    const sentAt = yield* Clock.currentTimeMillis
    counts.calls += 1
    const answer = yield* transport.execute(outgoing).pipe(
      Effect.flatMap((response) =>
        Effect.map(readText(response, profile.maxAnswerBytes ?? MAX_ANSWER_BYTES), (text): UpstreamAnswer => ({
          status: response.status,
          headers: { ...response.headers },
          text
        }))
      ),
      asThirdParty,
      Effect.mapError((error): Failure => ({
        reason: transportReason(error, secrets),
        // An answer that is too large will be so again.
        ...(error._tag === "TooLarge" ? { final: true } : {})
      })),
      Effect.timeoutOrElse({
        duration: profile.timeoutMillis ?? TIMEOUT_MILLIS,
        orElse: () =>
          Effect.fail<Failure>({
            reason: new Unavailable({
              message: `No complete answer within ${profile.timeoutMillis ?? TIMEOUT_MILLIS} ms.`
            })
          })
      })
    )
    const nowMillis = yield* Clock.currentTimeMillis
    const date = answer.headers["date"] === undefined ? undefined : Headers.parseHttpDate(answer.headers["date"])
    // The app wrote its clock somewhere between our sending and its last byte.
    if (date !== undefined && Result.isSuccess(date)) {
      skewMillis = DateTime.toEpochMillis(date.success) - Math.round((sentAt + nowMillis) / 2)
    }
    const reason = classify(answer, { profile, secrets, accept: request.accept ?? [], nowMillis })
    if (reason !== undefined) {
      const pause = RetryPolicy.askedWait(reason)
      if (pause > 0) yield* traffic.pause(pause)
      return yield* Effect.fail({ reason })
    }
    const asked = pauseAsked(answer, profile)
    if (asked > 0) yield* traffic.pause(asked)
    const json = jsonOf(answer)
    if (request.expect === "json" && answer.status >= 200 && answer.status < 300) {
      yield* Effect.mapError(json, (found): Failure => ({ reason: found }))
    }
    return {
      ...answer,
      url: target.known,
      json: Effect.mapError(json, (found) => errorOf(request.operation, { reason: found }))
    }
  })

  const attempt = Effect.fnUntraced(function* (request: ProviderRequest): Effect.fn.Return<ProviderResponse, Failure> {
    const paused = yield* traffic.pausedFor
    if (paused > RetryPolicy.BUDGET_MILLIS) {
      return yield* Effect.fail({
        reason: new RateLimited({ message: "The app asked for a long pause.", retryAfterMillis: paused })
      })
    }
    const identity = yield* Effect.flatMap(credentials.current, identify)
    const send = (as: Identity) =>
      Effect.flatMap(Effect.fromResult(targetOf(request, follow(as.token))), (target) =>
        traffic.admit(exchange(request, target, as), waited)
      )
    const renewed = (failure: Failure) => {
      const tokens = identity.token === undefined ? undefined : tokensByScheme.get(identity.token.scheme)
      if (failure.reason._tag !== "Unauthorized" || identity.token === undefined || tokens === undefined) {
        return Effect.fail(failure)
      }
      // Refused before it was carried out, so that even a write may be sent again with another token.
      return tokens.insteadOf(identity.token).pipe(Effect.flatMap(identify), Effect.flatMap(send))
    }
    return yield* send(identity).pipe(Effect.catch(renewed))
  })

  const retries = RetryPolicy.make(({ reason }, delayMillis) =>
    Effect.sync(() => {
      counts.retries += 1
      if (reason._tag === "RateLimited") waited(delayMillis)
    })
  )

  const request = Effect.fn("ProviderClient.request")(function* (
    wanted: ProviderRequest
  ): Effect.fn.Return<ProviderResponse, ConnectorError> {
    yield* Effect.annotateCurrentSpan({ "app.id": app.id, "app.operation": wanted.operation })
    const idempotent = wanted.idempotent ?? ["GET", "HEAD"].includes(wanted.method ?? "GET")
    return yield* attempt(wanted).pipe(
      Effect.mapError((failure): RetryPolicy.FailedAttempt => ({ ...failure, idempotent })),
      Effect.retry(retries),
      Effect.mapError((failure) => errorOf(wanted.operation, failure))
    )
  })

  const json = (wanted: ProviderRequest) =>
    Effect.flatMap(request({ ...wanted, expect: "json" }), (response) => response.json)

  return {
    get settings() {
      return settings
    },
    request,
    json,
    decode: (wanted, schema) => {
      const decode = Schema.decodeUnknownEffect(schema)
      return Effect.flatMap(json(wanted), (body) =>
        Effect.mapError(decode(body), (error) =>
          // The formatter names path and expectation, not the value that came: that may be personal.
          errorOf(wanted.operation, { reason: new BadPayload({ message: error.message }) })
        )
      )
    },
    providerTime: Effect.map(Clock.currentTimeMillis, (now) => now + skewMillis),
    statistics: () => ({ ...counts }),
    fail: (operation, reason, hint) => errorOf(operation, { reason, ...(hint === undefined ? {} : { hint }) })
  }
})

const targetOf = (
  request: ProviderRequest,
  { base, overridden }: Place.Place
): Result.Result<BaseUrl.Target, Failure> =>
  Result.mapError(
    Result.flatMap(base, (known) => BaseUrl.resolve(request, known, overridden)),
    (message): Failure => ({ reason: new InvalidRequest({ message }) })
  )

const authHeaders = (scheme: AuthScheme, credentials: Credentials): { readonly [name: string]: string } => {
  if (scheme.kind === "key" && credentials.kind === "key") {
    return scheme.headers(
      Object.fromEntries(Object.entries(credentials.values).map(([key, value]) => [key, Redacted.value(value)]))
    )
  }
  if (scheme.kind === "oauth2" && credentials.kind === "oauth2") {
    const token = Redacted.value(credentials.accessToken)
    return scheme.headers?.(token) ?? { authorization: `Bearer ${token}` }
  }
  return {}
}
