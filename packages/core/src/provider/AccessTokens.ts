import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Values } from "../connector/AuthScheme.ts"
import { Unauthorized } from "../connector/ConnectorError.ts"
import type { OAuth2Credentials } from "../connector/Credentials.ts"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { CredentialsSource } from "./CredentialsSource.ts"
import type { Failure } from "./Failure.ts"
import { renew } from "./OAuthToken.ts"
import type { TokenEndpoint } from "./TokenEndpoint.ts"

/** A token that expires sooner than this is replaced before it is used: it must last for one request. */
const MARGIN_MILLIS = 60_000

/** The access tokens of one account. */
export interface AccessTokens {
  /** The credentials to use now: the given ones, or fresh ones when these are about to expire. */
  readonly usable: (stored: OAuth2Credentials) => Effect.Effect<OAuth2Credentials, Failure>
  /** Other credentials than those that the app has just refused. */
  readonly insteadOf: (refused: OAuth2Credentials) => Effect.Effect<OAuth2Credentials, Failure>
}

/**
 * Keeps one account's access token fresh with a single refresh in flight.
 *
 * The refresh runs in the client's scope, not in the asking fiber: when that one is interrupted, a rotated refresh
 * token is still stored. New tokens are stored before anybody uses them. A refresh token that the app has refused for good is
 * not sent again.
 */
export const make = Effect.fnUntraced(function* (options: {
  readonly endpoint: TokenEndpoint
  readonly source: CredentialsSource
  readonly onRefresh: () => void
  /** Settings that the account has without its tokens. */
  readonly settings?: Values
}): Effect.fn.Return<AccessTokens, never, Scope.Scope | HttpClient.HttpClient> {
  const { endpoint, onRefresh, source } = options
  const scope = yield* Effect.scope
  const context = yield* Effect.context<HttpClient.HttpClient>()
  const exclusively = source.exclusively ?? ((refresh) => refresh)
  const needed = Object.keys(endpoint.scheme.settingsFrom?.answer ?? {})
  /** A setting without which requests cannot be sent, and which a refresh will tell. */
  let untold = false
  const lacks = (credentials: OAuth2Credentials) =>
    !untold && needed.some((key) => options.settings?.[key] === undefined && credentials.settings?.[key] === undefined)
  const canRenew = (credentials: OAuth2Credentials) =>
    endpoint.scheme.grant === "client_credentials" || credentials.refreshToken !== undefined

  let inFlight: Deferred.Deferred<OAuth2Credentials, Failure> | undefined
  let refused: { readonly token: string; readonly failure: Failure } | undefined
  let unsaved: { readonly next: OAuth2Credentials; readonly previous: OAuth2Credentials } | undefined

  const save = Effect.fnUntraced(function* (next: OAuth2Credentials, previous: OAuth2Credentials) {
    unsaved = { next, previous }
    CrashPoint.at("refresh.answered")
    yield* source.refreshed(next, previous)
    CrashPoint.at("refresh.stored")
    unsaved = undefined
    return next
  })

  const refresh = Effect.fnUntraced(function* (
    old: OAuth2Credentials
  ): Effect.fn.Return<OAuth2Credentials, Failure, HttpClient.HttpClient> {
    const stored = yield* source.current
    if (stored.kind !== "oauth2") {
      return yield* Effect.fail({
        reason: new Unauthorized({ message: "The account no longer has OAuth credentials." })
      })
    }
    // Somebody else, perhaps another process, was quicker.
    if (!sameToken(stored, old) && !lacks(stored) && !(yield* expires(stored))) return stored
    // The vault failed after the app had answered: asking again would spend a refresh token that was rotated away.
    if (unsaved !== undefined && sameToken(unsaved.previous, stored)) return yield* save(unsaved.next, unsaved.previous)
    const token = Redacted.value(stored.refreshToken ?? stored.accessToken)
    if (refused?.token === token) return yield* Effect.fail(refused.failure)
    onRefresh()
    // Waiting for the app may be interrupted, the way from its answer into the vault may not.
    return yield* Effect.uninterruptibleMask((restore) =>
      restore(renew(endpoint, stored)).pipe(
        Effect.tapError((failure) =>
          Effect.sync(() => {
            if (failure.reason._tag === "Unauthorized") refused = { token, failure }
          })
        ),
        Effect.flatMap((next) => {
          // An app that does not tell will not tell the next time either.
          untold = lacks(next)
          return save(next, stored)
        })
      )
    )
  })

  const single = (old: OAuth2Credentials): Effect.Effect<OAuth2Credentials, Failure> =>
    Effect.suspend(() => {
      if (inFlight !== undefined) return Deferred.await(inFlight)
      const outcome = Deferred.makeUnsafe<OAuth2Credentials, Failure>()
      inFlight = outcome
      return exclusively(Effect.provideContext(refresh(old), context)).pipe(
        Effect.forkIn(scope),
        Effect.map((fiber) =>
          // An observer, not a finalizer: it also hears of a fiber that a closing scope ended before it began.
          fiber.addObserver((exit) => {
            inFlight = undefined
            Deferred.doneUnsafe(outcome, exit)
          })
        ),
        Effect.uninterruptible,
        Effect.andThen(Deferred.await(outcome))
      )
    })

  return {
    usable: (stored) =>
      Effect.flatMap(expires(stored), (soon) =>
        !canRenew(stored)
          ? Effect.succeed(stored)
          : lacks(stored)
            ? single(stored)
            : soon
              ? single(stored).pipe(Effect.catch((failure) => asLongAsItLasts(stored, failure)))
              : Effect.succeed(stored)
      ),
    insteadOf: (old) =>
      canRenew(old)
        ? single(old)
        : Effect.fail({
            reason: new Unauthorized({
              status: 401,
              message: "The access token is no longer good and cannot be renewed."
            })
          })
  }
})

/** A token endpoint that is down is no reason to stop while the old token is still good. */
const asLongAsItLasts = (stored: OAuth2Credentials, failure: Failure): Effect.Effect<OAuth2Credentials, Failure> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const passing = failure.reason._tag === "Unavailable" || failure.reason._tag === "RateLimited"
    const good = stored.expiresAt !== undefined && stored.expiresAt > now && Redacted.value(stored.accessToken) !== ""
    return passing && good ? Effect.succeed(stored) : Effect.fail(failure)
  })

const sameToken = (left: OAuth2Credentials, right: OAuth2Credentials): boolean =>
  Redacted.value(left.accessToken) === Redacted.value(right.accessToken)

const expires = (credentials: OAuth2Credentials): Effect.Effect<boolean> =>
  Effect.map(
    Clock.currentTimeMillis,
    (now) =>
      // Client credentials begin without any access token.
      Redacted.value(credentials.accessToken) === "" ||
      (credentials.expiresAt !== undefined && credentials.expiresAt - now < MARGIN_MILLIS)
  )
