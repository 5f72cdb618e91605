import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as RcMap from "effect/RcMap"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { OAuth2Scheme } from "../connector/AuthScheme.ts"
import type { Connector } from "../connector/Connector.ts"
import { InvalidRequest } from "../connector/ConnectorError.ts"
import { Credentials, type OAuth2Credentials } from "../connector/Credentials.ts"
import type { ProviderClient } from "../connector/ProviderClient.ts"
import * as AuthorizationUrl from "../provider/AuthorizationUrl.ts"
import * as BaseUrl from "../provider/BaseUrl.ts"
import type { CredentialsSource } from "../provider/CredentialsSource.ts"
import type { Failure } from "../provider/Failure.ts"
import { type CodeGrant, exchangeCode, type Granted } from "../provider/OAuthToken.ts"
import * as Place from "../provider/Place.ts"
import * as ProviderClients from "../provider/ProviderClients.ts"
import { type RevocationEndpoint, revocable, revoke } from "../provider/Revocation.ts"
import type { OAuthClient } from "../provider/TokenEndpoint.ts"
import * as Traffic from "../provider/Traffic.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { type Revocation, RevocationStore } from "../store/RevocationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as SealedJson from "../vault/SealedJson.ts"
import { Vault, type VaultError } from "../vault/Vault.ts"
import type { Integration } from "./Integration.ts"
import * as OwedRevocation from "./OwedRevocation.ts"

/** What the operator sets per app. */
export interface AppSettings {
  /** `CROCHET_BASE_URL_<APP>`. */
  readonly baseUrl: (appId: string) => string | undefined
  /** `CROCHET_OAUTH_<APP>_CLIENT_ID` and `…_SECRET`. */
  readonly oauthClient: (appId: string) => OAuthClient | undefined
}

const codec = Schema.fromJsonString(Credentials)
const place = (integrationId: string) => ({ table: "integrations", column: "credentials", row: integrationId })

/** Provider clients of connected accounts, with credentials from the vault and one traffic control per account. */
export class Accounts extends Context.Service<
  Accounts,
  {
    /** The client of a stored account. */
    readonly client: (
      connector: Connector,
      integration: Integration
    ) => Effect.Effect<ProviderClient, never, Scope.Scope>
    /** A client for credentials that are not stored yet; `source.current` then gives what a refresh made of them. */
    readonly candidate: (
      connector: Connector,
      settings: Integration["settings"],
      source: CredentialsSource
    ) => Effect.Effect<ProviderClient, never, Scope.Scope>
    /** Whether the operator has registered this installation with the app. */
    readonly hasClient: (appId: string) => boolean
    /** Where somebody signs in as this installation asks; undefined without a client, or when the settings cannot make it. */
    readonly authorizeUrl: (
      connector: Connector,
      scheme: OAuth2Scheme,
      settings: Integration["settings"],
      request: Omit<AuthorizationUrl.AuthorizationRequest, "clientId">
    ) => string | undefined
    /** Exchanges an authorisation code as this installation's client. */
    readonly exchange: (
      connector: Connector,
      scheme: OAuth2Scheme,
      settings: Integration["settings"],
      grant: CodeGrant
    ) => Effect.Effect<Granted, Failure>
    /** Opens an account's credentials as the store has them; what was destroyed is none. */
    readonly open: (integration: Integration, sealed: Uint8Array) => Effect.Effect<Credentials, StoreError | VaultError>
    /** What the app is to be told when the account ends; null where it need not know, or there is no way to say it. */
    readonly revocation: (
      connector: Connector,
      integration: OwedRevocation.Owner,
      credentials: Credentials
    ) => Effect.Effect<Revocation | null, StoreError | VaultError>
    /** Revokes tokens as this installation's client; succeeds when the app does not accept them any more. */
    readonly revoke: (
      connector: Connector,
      settings: Integration["settings"],
      credentials: OAuth2Credentials
    ) => Effect.Effect<void, Failure>
    readonly seal: (
      integration: Integration,
      credentials: Credentials
    ) => Effect.Effect<Uint8Array, StoreError | VaultError>
  }
>()("@crochet/core/integration/Accounts") {
  static readonly layer = (
    settings: AppSettings
  ): Layer.Layer<Accounts, never, Crypto | IntegrationStore | RevocationStore | Vault | HttpClient.HttpClient> =>
    Layer.effect(Accounts, make(settings))
}

const make = Effect.fnUntraced(function* (appSettings: AppSettings) {
  const store = yield* IntegrationStore
  const revocations = yield* RevocationStore
  const crypto = yield* Crypto
  const vault = yield* Vault
  const transport = yield* HttpClient.HttpClient
  const connectors = new Map<string, Connector>()
  // Runs, validations and resyncs of one account share its quota; an idle account is forgotten.
  const traffic = yield* RcMap.make({
    lookup: (key: string) => {
      const connector = connectors.get(key.slice(0, key.indexOf("|")))!
      return Traffic.make(connector.http, key)
    },
    idleTimeToLive: "10 minutes"
  })

  const scope = (integration: Pick<Integration, "id" | "workspaceId">) =>
    ({ owner: "integration", ownerId: integration.id, workspaceId: integration.workspaceId }) as const

  /** Empty where there are none: a deactivated account's credentials are replaced with nothing. */
  const stored = ({ id, workspaceId }: Integration) =>
    Effect.map(
      store.credentials(workspaceId, id),
      Option.getOrElse(() => new Uint8Array())
    )

  const open = Effect.fnUntraced(function* (
    integration: Integration,
    sealed: Uint8Array
  ): Effect.fn.Return<Credentials, StoreError | VaultError> {
    const sealer = yield* vault.opener(scope(integration))
    return sealed.length === 0
      ? { kind: "none", scheme: "none" }
      : yield* SealedJson.open(sealer, codec, place(integration.id), sealed)
  })

  const seal = (integration: Integration, credentials: Credentials) =>
    Effect.map(vault.sealer(scope(integration)), (sealer) =>
      sealer.seal(place(integration.id), Schema.encodeSync(codec)(credentials))
    )

  const sourceOf = (connector: Connector, integration: Integration): CredentialsSource => {
    const refreshed = Effect.fnUntraced(function* (
      next: Credentials,
      previous: Credentials
    ): Effect.fn.Return<void, StoreError | VaultError> {
      for (;;) {
        const sealed = yield* stored(integration)
        if (sealed.length === 0) {
          // The account ended while the app was asked: it knows of tokens that nobody is going to use.
          const owed = yield* revocation(connector, integration, next)
          return owed === null ? undefined : yield* revocations.add(owed)
        }
        // Somebody reconnected meanwhile: what they stored is newer than what was refreshed.
        if (!sameTokens(yield* open(integration, sealed), previous)) return
        if (yield* store.replaceCredentials(integration.id, sealed, yield* seal(integration, next))) return
      }
    })
    // Asked for with every request: they are opened again when they are others.
    let opened: { readonly sealed: Uint8Array; readonly credentials: Credentials } | undefined
    const current = Effect.flatMap(stored(integration), (sealed) =>
      opened !== undefined && crypto.equal(opened.sealed, sealed)
        ? Effect.succeed(opened.credentials)
        : Effect.tap(open(integration, sealed), (credentials) => Effect.sync(() => (opened = { sealed, credentials })))
    )
    return {
      current: Effect.orDie(current),
      refreshed: (next, previous) => Effect.orDie(refreshed(next, previous))
    }
  }

  const clientOf = Effect.fnUntraced(function* (
    connector: Connector,
    settings: Integration["settings"],
    credentials: CredentialsSource,
    shared?: Traffic.Traffic
  ) {
    const baseUrlOverride = appSettings.baseUrl(connector.app.id)
    const oauthClient = appSettings.oauthClient(connector.app.id)
    return yield* ProviderClients.make({
      connector,
      settings,
      credentials,
      ...(baseUrlOverride === undefined ? {} : { baseUrlOverride }),
      ...(oauthClient === undefined ? {} : { oauthClient }),
      ...(shared === undefined ? {} : { traffic: shared })
    }).pipe(Effect.provideService(HttpClient.HttpClient, transport))
  })

  const placeOf = (connector: Connector, settings: Integration["settings"]) => {
    const override = appSettings.baseUrl(connector.app.id)
    return Place.of(connector, settings, override === undefined ? undefined : BaseUrl.parse(override))
  }

  const endpointOf = (
    connector: Connector,
    scheme: OAuth2Scheme,
    settings: Integration["settings"]
  ): RevocationEndpoint | undefined => {
    const client = appSettings.oauthClient(connector.app.id)
    const { clientAuthentication, revocation } = scheme
    const url = Place.revokeUrl(scheme, settings, client, placeOf(connector, settings))
    const anybody = (revocation?.clientAuthentication ?? clientAuthentication) === "none"
    return revocation === undefined || url === undefined || (client === undefined && !anybody)
      ? undefined
      : { scheme, revocation, url, client }
  }

  const revocation = (connector: Connector, integration: OwedRevocation.Owner, credentials: Credentials) => {
    const scheme = schemeOf(connector, credentials)
    return credentials.kind !== "oauth2" ||
      scheme === undefined ||
      revocable(credentials) === undefined ||
      endpointOf(connector, scheme, { ...integration.settings, ...credentials.settings }) === undefined
      ? Effect.succeed(null)
      : OwedRevocation.make({ crypto, vault }, integration, credentials)
  }

  return Accounts.of({
    client: Effect.fnUntraced(function* (connector, integration) {
      connectors.set(connector.app.id, connector)
      const shared = yield* RcMap.get(traffic, `${connector.app.id}|${integration.id}`)
      return yield* clientOf(connector, integration.settings, sourceOf(connector, integration), shared)
    }),
    candidate: (connector, settings, source) => clientOf(connector, settings, source),
    open,
    revocation,
    revoke: Effect.fnUntraced(function* (connector, settings, credentials) {
      const scheme = schemeOf(connector, credentials)
      const endpoint = scheme === undefined ? undefined : endpointOf(connector, scheme, settings)
      const token = revocable(credentials)
      if (token === undefined) return
      if (endpoint === undefined) {
        return yield* Effect.fail({
          reason: new InvalidRequest({ message: "Where tokens are revoked, or the OAuth client, is not known." })
        })
      }
      yield* Effect.provideService(revoke(endpoint, token), HttpClient.HttpClient, transport)
    }),
    hasClient: (appId) => appSettings.oauthClient(appId) !== undefined,
    authorizeUrl: (connector, scheme, settings, request) => {
      const client = appSettings.oauthClient(connector.app.id)
      if (client === undefined) return undefined
      const url = Place.authorizeUrl(scheme, settings, client, placeOf(connector, settings))
      return url === undefined
        ? undefined
        : AuthorizationUrl.make(url, scheme, { ...request, clientId: client.clientId })
    },
    exchange: Effect.fnUntraced(function* (connector, scheme, settings, grant) {
      const client = appSettings.oauthClient(connector.app.id)
      const url =
        client === undefined ? undefined : Place.tokenUrl(scheme, settings, client, placeOf(connector, settings))
      if (client === undefined || url === undefined) {
        return yield* Effect.fail({
          reason: new InvalidRequest({ message: "The address of the app's tokens, or the OAuth client, is not known." })
        })
      }
      return yield* Effect.provideService(
        exchangeCode({ scheme, url, client }, grant),
        HttpClient.HttpClient,
        transport
      )
    }),
    seal
  })
})

const sameTokens = (a: Credentials, b: Credentials): boolean =>
  a.kind === "oauth2" && b.kind === "oauth2" && Redacted.value(a.accessToken) === Redacted.value(b.accessToken)

/** The scheme to which credentials belong, where it has tokens. */
export const schemeOf = ({ auth }: Connector, { scheme }: Credentials): OAuth2Scheme | undefined =>
  auth.find((one): one is OAuth2Scheme => one.kind === "oauth2" && one.id === scheme)
