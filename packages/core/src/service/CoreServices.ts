import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as AccessLive from "../access/AccessLive.ts"
import { DestinationKeys } from "../delivery/DestinationKeys.ts"
import { SigningKeys } from "../delivery/SigningKeys.ts"
import type { Transport } from "../delivery/Transport.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import type { DestinationPolicy } from "../destination/DestinationPolicy.ts"
import * as DestinationRegistry from "../destination/DestinationRegistry.ts"
import * as DestinationsLive from "../destination/DestinationsLive.ts"
import * as EventsLive from "../event/EventsLive.ts"
import { Accounts, type AppSettings } from "../integration/Accounts.ts"
import * as ReplaysLive from "../replay/ReplaysLive.ts"
import { ReplayWakeup } from "../replay/ReplayWakeup.ts"
import * as AuthorizationsLive from "../integration/AuthorizationsLive.ts"
import { IntegrationEvents } from "../integration/IntegrationEvents.ts"
import * as IntegrationsLive from "../integration/IntegrationsLive.ts"
import { RevocationWakeup } from "../integration/RevocationWakeup.ts"
import { TestAccounts, type TestAccountLimits } from "../integration/TestAccounts.ts"
import type { AuthorizationStore } from "../store/AuthorizationStore.ts"
import type { DestinationStore } from "../store/DestinationStore.ts"
import type { IntegrationStore } from "../store/IntegrationStore.ts"
import type { KeyStore } from "../store/KeyStore.ts"
import type { OutboxStore } from "../store/OutboxStore.ts"
import type { ReplayStore } from "../store/ReplayStore.ts"
import type { RevocationStore } from "../store/RevocationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { SyncStore } from "../store/SyncStore.ts"
import { RunEngine, type RunSettings } from "../sync/RunEngine.ts"
import { RunWakeup } from "../sync/Scheduler.ts"
import * as SyncsLive from "../sync/SyncsLive.ts"
import type { Crypto } from "../vault/Crypto.ts"
import type { MasterKey, MasterKeySource } from "../vault/MasterKeys.ts"
import { Vault, type VaultError } from "../vault/Vault.ts"
import type { Access } from "./Access.ts"
import type { Authorizations } from "./Authorizations.ts"
import type { Connectors } from "./Connectors.ts"
import type { Destinations } from "./Destinations.ts"
import type { Events } from "./Events.ts"
import type { Integrations } from "./Integrations.ts"
import type { Replays } from "./Replays.ts"
import type { Syncs } from "./Syncs.ts"

/** What a runtime must bring: connectors, stores, crypto, and the guarded ways out. */
export type Environment =
  | AuthorizationStore
  | Connectors
  | Crypto
  | DestinationPolicy
  | DestinationStore
  | HttpClient.HttpClient
  | IntegrationStore
  | KeyStore
  | OutboxStore
  | ReplayStore
  | RevocationStore
  | SyncStore
  | Transport

/** What core gives: everything that the API, the scheduler and the dispatcher need. */
export type Services =
  | Access
  | Accounts
  | Authorizations
  | DestinationKeys
  | Destinations
  | Events
  | IntegrationEvents
  | Integrations
  | Replays
  | ReplayWakeup
  | RevocationWakeup
  | RunEngine
  | RunWakeup
  | SigningKeys
  | Syncs
  | TestAccounts
  | Vault
  | Wakeup

/** What an operator may set. */
export interface CoreSettings {
  /** 32 bytes that wrap every data key, or where several such keys come from. */
  readonly masterKey: MasterKey | MasterKeySource
  readonly apps: AppSettings
  readonly runs: RunSettings
  readonly testAccounts: TestAccountLimits
  /** Where browsers may be sent after a sign-in at an app; nowhere by default. */
  readonly returnUrls?: ReadonlyArray<string>
}

/** Core's services, put together once for every runtime. The loops (scheduler, dispatcher, maintenance) are layers of their own. */
export const layer = (settings: CoreSettings): Layer.Layer<Services, VaultError | StoreError, Environment> =>
  Layer.mergeAll(
    IntegrationsLive.layer,
    AuthorizationsLive.layer({ returnUrls: settings.returnUrls ?? [] }),
    DestinationsLive.layer,
    EventsLive.layer
  ).pipe(
    Layer.provideMerge(ReplaysLive.layer),
    Layer.provideMerge(TestAccounts.layer(settings.testAccounts)),
    Layer.provideMerge(SyncsLive.layer),
    Layer.provideMerge(RunEngine.layer(settings.runs)),
    Layer.provideMerge(
      Layer.mergeAll(IntegrationEvents.layer, Accounts.layer(settings.apps), DestinationRegistry.layer)
    ),
    Layer.provideMerge(Layer.mergeAll(AccessLive.layer, DestinationKeys.layer, SigningKeys.layer)),
    Layer.provideMerge(
      Layer.mergeAll(
        Vault.layer(settings.masterKey),
        Wakeup.layer,
        RunWakeup.layer,
        ReplayWakeup.layer,
        RevocationWakeup.layer
      )
    )
  )
