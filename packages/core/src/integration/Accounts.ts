import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as RcMap from "effect/RcMap"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Connector } from "../connector/Connector.ts"
import { Credentials } from "../connector/Credentials.ts"
import type { ProviderClient } from "../connector/ProviderClient.ts"
import type { CredentialsSource } from "../provider/CredentialsSource.ts"
import type { OAuthClient } from "../provider/OAuthToken.ts"
import * as ProviderClients from "../provider/ProviderClients.ts"
import * as Traffic from "../provider/Traffic.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Vault, type VaultError } from "../vault/Vault.ts"
import type { Integration } from "./Integration.ts"

/** What the operator sets per app. */
export interface AppSettings {
  /** `CROCHET_BASE_URL_<APP>`. */
  readonly baseUrl: (appId: string) => string | undefined
  /** `CROCHET_OAUTH_<APP>_CLIENT_ID` and `…_SECRET`. */
  readonly oauthClient: (appId: string) => OAuthClient | undefined
}

const codec = Schema.fromJsonString(Credentials)
const decoder = new TextDecoder()
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
    readonly seal: (
      integration: Integration,
      credentials: Credentials
    ) => Effect.Effect<Uint8Array, StoreError | VaultError>
  }
>()("@crochet/core/integration/Accounts") {
  static readonly layer = (
    settings: AppSettings
  ): Layer.Layer<Accounts, never, IntegrationStore | Vault | HttpClient.HttpClient> =>
    Layer.effect(Accounts, make(settings))
}

const make = Effect.fnUntraced(function* (appSettings: AppSettings) {
  const store = yield* IntegrationStore
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

  const stored = Effect.fnUntraced(function* (integration: Integration) {
    const sealed = yield* store.credentials(integration.workspaceId, integration.id)
    const sealer = yield* vault.opener(scope(integration))
    // A deactivated account's credentials are replaced with nothing.
    if (Option.isNone(sealed) || sealed.value.length === 0)
      return { sealed: new Uint8Array(), credentials: { kind: "none", scheme: "none" } as Credentials, sealer }
    const text = decoder.decode(sealer.open(place(integration.id), sealed.value))
    return { sealed: sealed.value, credentials: Schema.decodeSync(codec)(text), sealer }
  })

  const sourceOf = (integration: Integration): CredentialsSource => ({
    current: Effect.orDie(Effect.map(stored(integration), ({ credentials }) => credentials)),
    refreshed: (next, previous) =>
      Effect.gen(function* () {
        const { credentials, sealed, sealer } = yield* stored(integration)
        // Somebody reconnected meanwhile: what they stored is newer than what was refreshed.
        if (!sameTokens(credentials, previous)) return
        const text = Schema.encodeSync(codec)(next)
        yield* store.replaceCredentials(integration.id, sealed, sealer.seal(place(integration.id), text))
      }).pipe(Effect.orDie)
  })

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

  return Accounts.of({
    client: Effect.fnUntraced(function* (connector, integration) {
      connectors.set(connector.app.id, connector)
      const shared = yield* RcMap.get(traffic, `${connector.app.id}|${integration.id}`)
      return yield* clientOf(connector, integration.settings, sourceOf(integration), shared)
    }),
    candidate: (connector, settings, source) => clientOf(connector, settings, source),
    seal: (integration, credentials) =>
      Effect.map(vault.sealer(scope(integration)), (sealer) =>
        sealer.seal(place(integration.id), Schema.encodeSync(codec)(credentials))
      )
  })
})

const sameTokens = (a: Credentials, b: Credentials): boolean =>
  a.kind === "oauth2" && b.kind === "oauth2" && Redacted.value(a.accessToken) === Redacted.value(b.accessToken)
