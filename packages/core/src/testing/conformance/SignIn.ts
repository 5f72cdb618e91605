import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { OAuth2Scheme } from "../../connector/AuthScheme.ts"
import type { Connector } from "../../connector/Connector.ts"
import * as BaseUrl from "../../provider/BaseUrl.ts"
import { exchangeCode } from "../../provider/OAuthToken.ts"
import type { Failure } from "../../provider/Failure.ts"
import * as Pkce from "../../provider/Pkce.ts"
import { revoke } from "../../provider/Revocation.ts"
import * as Loopback from "./Loopback.ts"
import type { Pace } from "./Pace.ts"
import { type Access, isAbsent, type OAuth, type RunningApp } from "./Sandbox.ts"

const redirectUri = "http://127.0.0.1:9/callback"

/** The connector's OAuth scheme that the app's server speaks. */
export const schemeOf = (connector: Connector, oauth: OAuth): OAuth2Scheme => {
  const scheme = connector.auth.find(({ id }) => id === oauth.scheme)
  if (scheme?.kind !== "oauth2") throw new Error(`The sandbox names "${oauth.scheme}", which is no OAuth 2 scheme.`)
  return scheme
}

/** Where the simulator answers for the scheme's token endpoint. */
export const tokenUrl = (connector: Connector, app: RunningApp, oauth: OAuth): string =>
  oauth.tokenUrl ?? onSandbox(connector, app, schemeOf(connector, oauth).tokenUrl(app.settings))

/** Signs in as an end user's browser would, and gives the tokens as `integration.import` takes them. */
export const signIn = async (connector: Connector, app: RunningApp, pace: Pace): Promise<Access> => {
  const { oauth } = app
  if (isAbsent(oauth)) throw new Error("The sandbox has neither access nor oauth: nobody can be connected.")
  const scheme = schemeOf(connector, oauth)
  const given = oauth.signIn
  if (given !== undefined) return { scheme: scheme.id, values: await pace.outside(() => given()) }
  if (scheme.grant === "client_credentials") {
    // There is no token before the first request; one that is about to expire is replaced before it is used.
    return { scheme: scheme.id, values: { accessToken: "none-yet", expiresAt: String(pace.time.now) } }
  }
  const granted = await pace.run(
    pace.during(browse(connector, app, oauth, scheme)).pipe(Effect.provide(Loopback.to(app)))
  )
  const { accessToken, expiresAt, refreshToken } = granted
  return {
    scheme: scheme.id,
    values: {
      accessToken: Redacted.value(accessToken),
      ...(refreshToken === undefined ? {} : { refreshToken: Redacted.value(refreshToken) }),
      ...(expiresAt === undefined ? {} : { expiresAt: String(expiresAt) })
    }
  }
}

/** Has tokens revoked as for an account that has ended; undefined when the connector knows no way. */
export const takeBack = (
  connector: Connector,
  app: RunningApp,
  oauth: OAuth,
  pace: Pace,
  { values }: Access
): Promise<Result.Result<unknown, Failure>> | undefined => {
  const scheme = schemeOf(connector, oauth)
  const { revocation } = scheme
  if (revocation === undefined) return undefined
  const { accessToken = "", refreshToken } = values
  const token = refreshToken ?? accessToken
  const told = revoke(
    {
      scheme,
      revocation,
      url: oauth.revokeUrl ?? onSandbox(connector, app, revocation.url(app.settings)),
      client: { clientId: oauth.client.clientId, clientSecret: Redacted.make(oauth.client.clientSecret) }
    },
    { token: Redacted.make(token), hint: refreshToken === undefined ? "access_token" : "refresh_token" }
  )
  return pace.run(pace.during(Effect.result(told)).pipe(Effect.provide(Loopback.to(app))))
}

const browse = Effect.fnUntraced(function* (connector: Connector, app: RunningApp, oauth: OAuth, scheme: OAuth2Scheme) {
  const pkce = yield* Pkce.make
  const asked = oauth.authorizeUrl ?? onSandbox(connector, app, scheme.authorizeUrl?.(app.settings) ?? "")
  const url = new URL(asked)
  const parameters = {
    ...scheme.authorizeParameters,
    response_type: "code",
    client_id: oauth.client.clientId,
    redirect_uri: redirectUri,
    scope: scheme.scopes.join(" "),
    state: "conformance",
    ...(scheme.pkce ? { code_challenge: pkce.challenge, code_challenge_method: pkce.method } : {})
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const sent = yield* HttpClient.execute(HttpClientRequest.get(url.href)).pipe(
    Effect.provideService(Loopback.RequestInit, { redirect: "manual" })
  )
  const location = sent.headers["location"]
  const code = location === undefined ? null : new URL(location).searchParams.get("code")
  if (code === null) {
    return yield* Effect.die(new Error(`Signing in at ${url.pathname} gave no code (HTTP ${sent.status}).`))
  }
  const { credentials } = yield* exchangeCode(
    {
      scheme,
      url: tokenUrl(connector, app, oauth),
      client: { clientId: oauth.client.clientId, clientSecret: Redacted.make(oauth.client.clientSecret) }
    },
    { code: Redacted.make(code), redirectUri, ...(scheme.pkce ? { verifier: pkce.verifier } : {}) }
  )
  return credentials
}, Effect.orDie)

const onSandbox = (connector: Connector, app: RunningApp, url: string): string => {
  const own = BaseUrl.parse(connector.http.baseUrl(app.settings))
  const base = app.baseUrl === null ? own : BaseUrl.parse(app.baseUrl)
  return Result.isFailure(own) || Result.isFailure(base) ? url : BaseUrl.mapOntoOverride(url, base.success, own.success)
}
