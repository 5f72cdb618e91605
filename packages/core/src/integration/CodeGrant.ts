import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { OAuth2Scheme, Values } from "../connector/AuthScheme.ts"
import type { Connector } from "../connector/Connector.ts"
import type { OAuth2Credentials } from "../connector/Credentials.ts"
import * as FormField from "../connector/FormField.ts"
import { ConnectorError } from "../connector/ConnectorError.ts"
import * as CrashPoint from "../crash/CrashPoint.ts"
import type { Failure } from "../provider/Failure.ts"
import { Refusal, unprocessable } from "../service/Refusal.ts"
import type { Callback } from "../service/Authorizations.ts"
import { type Prepared, wrongAccount } from "./AccountConnection.ts"
import type { Accounts } from "./Accounts.ts"

/** RFC 6749 4.1.2.1 but `access_denied`, and OpenID Connect's: others are nobody's words to repeat. */
const errors = [
  "invalid_request",
  "unauthorized_client",
  "unsupported_response_type",
  "invalid_scope",
  "server_error",
  "temporarily_unavailable",
  "interaction_required",
  "login_required",
  "consent_required"
]

/** The scheme at which people sign in: the one that is named, or else the first. */
export const schemeOf = ({ auth }: Connector, id: string | undefined): OAuth2Scheme | undefined =>
  auth.find(
    (scheme): scheme is OAuth2Scheme =>
      scheme.kind === "oauth2" &&
      scheme.grant === "authorization_code" &&
      scheme.authorizeUrl !== undefined &&
      (id === undefined || scheme.id === id)
  )

/** Settings that nobody has to give, because the app tells them at the sign-in. */
export const toldBy = ({ settingsFrom }: OAuth2Scheme): ReadonlyArray<string> =>
  Object.keys({ ...settingsFrom?.answer, ...settingsFrom?.callback })

/** Exchanges the code that the app sent along with the browser. Nothing that it sent is believed before it is checked. */
export const exchange = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  { connector, settings }: Prepared,
  scheme: OAuth2Scheme,
  verifier: Redacted.Redacted | undefined,
  { parameters, redirectUri }: Callback
): Effect.fn.Return<OAuth2Credentials, Refusal> {
  const { name } = connector.app
  // RFC 9207: simple string comparison, before anything else is looked at.
  if (scheme.issuer !== undefined && parameters["iss"] !== scheme.issuer(settings)) {
    return yield* unprocessable(
      "oauth.issuer_mismatch",
      "iss",
      "The answer did not come from the server at which the sign-in began.",
      "Begin a new sign-in. If it happens again, tell the operator: somebody may be mixing up servers."
    )
  }
  const { code, error } = parameters
  if (error === "access_denied") {
    return yield* unprocessable(
      "oauth.denied",
      "error",
      `${name} was not allowed to share its data.`,
      "Sign in again and approve, or ask an administrator who may."
    )
  }
  if (error !== undefined || code === undefined || code === "") {
    const known = error !== undefined && errors.includes(error) ? `${name} answered ${error}.` : undefined
    return yield* new Refusal({
      ...unprocessable(
        "oauth.refused",
        "error",
        `${name} did not let anybody sign in.`,
        "Try again; if it stays, the operator must check the OAuth app: its redirect URI, scopes and state of approval."
      ),
      ...(known === undefined ? {} : { reason: known })
    })
  }
  const { credentials } = yield* accounts
    .exchange(connector, scheme, settings, {
      code: Redacted.make(code),
      redirectUri,
      ...(verifier === undefined ? {} : { verifier }),
      callback: parameters
    })
    .pipe(Effect.catch((failure) => failed(connector, failure)))
  CrashPoint.at("oauth.exchanged")
  return credentials
})

/** The settings by which the app named the account at the sign-in, unless they cannot be, or name another one. */
export const told = Effect.fnUntraced(function* (
  { connector, settings }: Prepared,
  scheme: OAuth2Scheme,
  credentials: OAuth2Credentials
): Effect.fn.Return<Values, Refusal> {
  const { name } = connector.app
  const told = callbackSettings(scheme, credentials)
  for (const [key, value] of Object.entries(told)) {
    const field = connector.settings.find((one) => one.key === key)
    // It came by the browser, so anybody may have written it: a form would be refused as well.
    if (field !== undefined && "issues" in FormField.check([field], { [key]: value })) {
      return yield* unprocessable(
        "oauth.exchange_failed",
        `settings.${key}`,
        `${name} told a ${field.label} that cannot be.`,
        "Begin a new sign-in; if it stays, report it with the execution id."
      )
    }
  }
  const another = Object.entries(told).some(
    ([key, value]) => settings[key] !== undefined && !same(settings[key], value)
  )
  return another ? yield* wrongAccount(name) : told
})

const callbackSettings = ({ settingsFrom }: OAuth2Scheme, { settings = {} }: OAuth2Credentials): Values =>
  Object.fromEntries(
    Object.keys(settingsFrom?.callback ?? {}).flatMap((key) => {
      const value = settings[key]
      return value === undefined ? [] : [[key, value]]
    })
  )

/** People copy ids with the spaces with which they are shown. */
const same = (given: string, told: string): boolean => given.replace(/\s/g, "") === told.replace(/\s/g, "")

const failed = ({ app }: Connector, { hint, reason }: Failure): Effect.Effect<never, Refusal> =>
  Effect.andThen(
    // The operator's to read: a wrong client secret is nothing that an end user can mend.
    Effect.logWarning("A code could not be exchanged for tokens").pipe(
      Effect.annotateLogs({
        appId: app.id,
        reason: reason._tag,
        said: new ConnectorError({ appId: app.id, operation: "exchange", reason }).message
      })
    ),
    new Refusal({
      kind: reason._tag === "Unavailable" || reason._tag === "RateLimited" ? "upstream" : "unprocessable",
      code: "oauth.exchange_failed",
      msg: `${app.name} did not accept the sign-in.`,
      reason: reason._tag,
      resolution:
        hint ??
        "Begin a new sign-in; if it stays, the operator must check the OAuth app's client id, secret and redirect URI.",
      upstream: reason.status === undefined ? {} : { status: reason.status }
    })
  )
