import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Values } from "../connector/AuthScheme.ts"
import * as CredentialsSource from "../provider/CredentialsSource.ts"
import * as Pkce from "../provider/Pkce.ts"
import type { Principal } from "../service/Access.ts"
import { Authorizations, type AuthorizeRequest, type Callback, type Completion } from "../service/Authorizations.ts"
import { Connectors } from "../service/Connectors.ts"
import { orRefuse, Refusal, unprocessable } from "../service/Refusal.ts"
import type { Syncs } from "../service/Syncs.ts"
import { type Authorization, AuthorizationStore, type Consumed } from "../store/AuthorizationStore.ts"
import * as CurrentWorkspace from "../store/CurrentWorkspace.ts"
import type { IntegrationStore } from "../store/IntegrationStore.ts"
import type { RevocationStore } from "../store/RevocationStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import { Vault } from "../vault/Vault.ts"
import * as AccountConnection from "./AccountConnection.ts"
import { Accounts } from "./Accounts.ts"
import * as CodeGrant from "./CodeGrant.ts"
import type { IntegrationEvents } from "./IntegrationEvents.ts"
import * as PendingAuthorization from "./PendingAuthorization.ts"
import type { RevocationWakeup } from "./RevocationWakeup.ts"
import type { TestAccounts } from "./TestAccounts.ts"
import * as UnusedGrant from "./UnusedGrant.ts"

/** How long somebody may take to sign in. */
const lifeMillis = 10 * 60_000
/** How long it is still known that a sign-in was used, or has expired. */
const rememberedMillis = 60 * 60_000

/** What an operator may set. */
export interface AuthorizationSettings {
  /** Where browsers may be sent after a sign-in; compared exactly. */
  readonly returnUrls: ReadonlyArray<string>
}

/** Sign-ins on the stores; accounts are connected as an import connects them. */
export const layer = (
  settings: AuthorizationSettings
): Layer.Layer<
  Authorizations,
  never,
  | Accounts
  | AuthorizationStore
  | Connectors
  | Crypto
  | IntegrationEvents
  | IntegrationStore
  | RevocationStore
  | RevocationWakeup
  | Syncs
  | TestAccounts
  | Vault
> => Layer.effect(Authorizations, make(settings))

const make = Effect.fnUntraced(function* ({ returnUrls }: AuthorizationSettings) {
  const accounts = yield* Accounts
  const connectors = yield* Connectors
  const crypto = yield* Crypto
  const store = yield* AuthorizationStore
  const vault = yield* Vault
  const { connect, find, identify, prepare } = yield* AccountConnection.make
  const giveUp = yield* UnusedGrant.make

  const begin = Effect.fn("Authorizations.begin")(function* (
    principal: Principal,
    request: AuthorizeRequest,
    redirectUri: ((appId: string) => string) | null
  ) {
    const { accountType, authScheme, integrationId, originOrgName, returnUrl } = request
    const known = integrationId === undefined ? null : yield* find(principal, integrationId)
    const appId = request.appId ?? known?.appId
    if (appId === undefined) return yield* missing("appId")
    const originOrgId = request.originOrgId ?? known?.originOrgId
    if (originOrgId === undefined) return yield* missing("originOrgId")
    const wanted = {
      appId,
      originOrgId,
      ...(originOrgName === undefined ? {} : { originOrgName }),
      settings: { ...known?.settings, ...request.settings },
      ...(accountType === undefined ? {} : { accountType }),
      ...(integrationId === undefined ? {} : { integrationId })
    }
    const connector = connectors.byId(appId)
    if (connector === undefined) return yield* AccountConnection.unknownApp(connectors.all, appId)
    const scheme = CodeGrant.schemeOf(connector, authScheme)
    if (scheme === undefined) return yield* notOffered(connector.app.name, authScheme)
    if (!accounts.hasClient(appId)) return yield* notConfigured(appId)
    const prepared = yield* prepare(principal, wanted, CodeGrant.toldBy(scheme))
    const { settings } = prepared
    if (returnUrl !== undefined && !returnUrls.includes(returnUrl)) return yield* wrongReturnUrl
    if (redirectUri === null) return yield* withoutAddress

    const state = Base64Url.encode(crypto.randomBytes(32))
    const pkce = scheme.pkce ? yield* Pkce.make : undefined
    const authorizeUrl = accounts.authorizeUrl(connector, scheme, settings, {
      redirectUri: redirectUri(appId),
      state,
      ...(pkce === undefined ? {} : { challenge: pkce.challenge })
    })
    if (authorizeUrl === undefined) {
      return yield* AccountConnection.formRefusal("settings", [
        { field: "", message: "The address at which to sign in cannot be made from these settings." }
      ])
    }
    const now = yield* Clock.currentTimeMillis
    const row = { id: yield* Id.make(crypto, "au"), workspaceId: principal.workspaceId }
    const authorization: Authorization = {
      ...row,
      appId,
      integrationId: integrationId ?? null,
      apiKeyId: principal.apiKeyId,
      stateHash: PendingAuthorization.hashOf(crypto, state),
      redirectUri: redirectUri(appId),
      pending: yield* PendingAuthorization.seal(vault, row, {
        scheme: scheme.id,
        ...(pkce === undefined ? {} : { verifier: pkce.verifier }),
        ...(returnUrl === undefined ? {} : { returnUrl }),
        wanted: { ...wanted, settings, accountType: prepared.accountType }
      }),
      createdAt: now,
      expiresAt: now + lifeMillis,
      usedAt: null
    }
    yield* store.add(authorization)
    return { authorization, authorizeUrl }
  }, orRefuse)

  const resume = Effect.fnUntraced(function* (
    { authorization, was }: Consumed,
    pending: PendingAuthorization.Pending,
    callback: Callback
  ) {
    if (was === "expired") return yield* expired
    // One redirect URI per app: what another app's server answers is not taken for this one's.
    if (authorization.appId !== callback.appId || authorization.redirectUri !== callback.redirectUri) {
      return yield* redirectMismatch
    }
    const { apiKeyId, workspaceId } = authorization
    const connector = connectors.byId(authorization.appId)
    if (connector === undefined) return yield* AccountConnection.unknownApp(connectors.all, authorization.appId)
    const scheme = CodeGrant.schemeOf(connector, pending.scheme)
    if (scheme === undefined) return yield* notOffered(connector.app.name, pending.scheme)
    const principal: Principal = { workspaceId, apiKeyId, scopes: [] }
    const prepared = yield* prepare(principal, pending.wanted, CodeGrant.toldBy(scheme))
    const credentials = yield* CodeGrant.exchange(accounts, prepared, scheme, pending.verifier, callback)
    const source = CredentialsSource.memory(credentials)
    let told: Values = {}
    let subject: string | null = null
    return yield* Effect.gen(function* () {
      told = yield* CodeGrant.told(prepared, scheme, credentials)
      const account = yield* identify(prepared, source)
      subject = account.subject
      return yield* connect(prepared, source, account, told)
    }).pipe(Effect.tapError(() => giveUp({ authorizationId: authorization.id, prepared, source, told, subject })))
  })

  const complete = Effect.fn("Authorizations.complete")(function* (callback: Callback) {
    const state = callback.parameters["state"] ?? ""
    const now = yield* Clock.currentTimeMillis
    // A browser comes in nobody's name: its state says whose account it is about.
    const found = yield* CurrentWorkspace.everyone(store.consume(PendingAuthorization.hashOf(crypto, state), now))
    if (Option.isNone(found)) return refused(null, null, unknownState)
    if (found.value.was === "used") return refused(found.value.authorization, null, usedState)
    return yield* CurrentWorkspace.within(found.value.authorization.workspaceId)(finish(found.value, callback))
  }, orRefuse)

  const finish = Effect.fnUntraced(function* (found: Consumed, callback: Callback) {
    const { authorization } = found
    const pending = yield* PendingAuthorization.open(vault, authorization)
    // The list may have changed meanwhile.
    const returnUrl =
      pending.returnUrl !== undefined && returnUrls.includes(pending.returnUrl) ? pending.returnUrl : null
    return yield* orRefuse(resume(found, pending, callback)).pipe(
      Effect.match({
        onFailure: (refusal) => refused(authorization, returnUrl, refusal),
        onSuccess: (integration): Completion => ({
          authorization,
          returnUrl,
          outcome: { connected: true, integration }
        })
      })
    )
  })

  return Authorizations.of({
    begin,
    complete,
    removeExpired: Effect.flatMap(Clock.currentTimeMillis, (now) =>
      orRefuse(store.removeExpired(now - rememberedMillis))
    )
  })
})

const refused = (authorization: Authorization | null, returnUrl: string | null, refusal: Refusal): Completion => ({
  authorization,
  returnUrl,
  outcome: { connected: false, refusal }
})

const missing = (field: "appId" | "originOrgId") =>
  new Refusal({
    kind: "malformed",
    code: "request.invalid",
    msg: `${field} is missing.`,
    field,
    resolution: "Send it, or send the integrationId of an account that is to be signed in again."
  })

const notOffered = (name: string, scheme: string | undefined) =>
  unprocessable(
    "oauth.not_offered",
    scheme === undefined ? "appId" : "authScheme",
    `${name} has no such way to sign in.`,
    "Bring the account with integration.import; apps.list says what the app needs."
  )

const notConfigured = (appId: string) => {
  const prefix = `CROCHET_OAUTH_${appId.toUpperCase().replaceAll("-", "_")}_CLIENT`
  return unprocessable(
    "oauth.not_configured",
    "appId",
    "This installation has no OAuth app for it.",
    `The operator registers one with the app and sets ${prefix}_ID and ${prefix}_SECRET.`
  )
}

const wrongReturnUrl = unprocessable(
  "oauth.return_url",
  "returnUrl",
  "The return URL is not one of the operator's.",
  "Send one of CROCHET_RETURN_URLS exactly as it stands there, or leave it out."
)

const withoutAddress = unprocessable(
  "oauth.public_url_missing",
  "$",
  "Nobody has said where this installation is reached, so no app can send anybody back.",
  "The operator sets publicUrl (CROCHET_PUBLIC_URL)."
)

const startOver = "Begin a new sign-in where you came from."

const lost = (code: string, msg: string) =>
  new Refusal({ kind: "malformed", code, msg, field: "state", resolution: startOver })

const unknownState = lost("oauth.state_unknown", "Nobody began this sign-in here, or it was long ago.")
const usedState = lost("oauth.state_used", "This sign-in was completed or refused already; each works once.")
const expired = lost("oauth.state_expired", "The sign-in took longer than ten minutes.")
const redirectMismatch = lost("oauth.redirect_mismatch", "The browser came back to another address than was agreed.")
