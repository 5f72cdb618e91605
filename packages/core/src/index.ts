// What is synced: data types, their fields, and how a value is written down the same way each time.
export * as Canonical from "./model/Canonical.ts"
export * as DataType from "./model/DataType.ts"
export * as Field from "./model/Field.ts"
export * as ModelJsonSchema from "./model/ModelJsonSchema.ts"
export * as OpenMap from "./model/OpenMap.ts"
export * as Sensitivity from "./model/Sensitivity.ts"
export * as Support from "./model/Support.ts"

// What a connector declares: identity, auth, settings, resources, pages and errors.
export * as AuthScheme from "./connector/AuthScheme.ts"
export * as Connector from "./connector/Connector.ts"
export * as ConnectorError from "./connector/ConnectorError.ts"
export * as Credentials from "./connector/Credentials.ts"
export * as FormField from "./connector/FormField.ts"
export * as Page from "./connector/Page.ts"
export * as ProviderClient from "./connector/ProviderClient.ts"
export * as Resource from "./connector/Resource.ts"

// The short form of the same: a connector as data.
export * as Declare from "./declare/Declare.ts"

// The kit that talks to the apps: clients, tokens, paginators, traffic control.
export * as CredentialsSource from "./provider/CredentialsSource.ts"
export * as OAuthToken from "./provider/OAuthToken.ts"
export * as Paginator from "./provider/Paginator.ts"
export * as Pkce from "./provider/Pkce.ts"
export * as ProviderClients from "./provider/ProviderClients.ts"
export * as Traffic from "./provider/Traffic.ts"

// Which records a sync takes.
export * as SyncFilters from "./filter/SyncFilters.ts"

// Connected accounts.
export * as Accounts from "./integration/Accounts.ts"
export * as Integration from "./integration/Integration.ts"
export * as IntegrationsLive from "./integration/IntegrationsLive.ts"
export * as RevocationWakeup from "./integration/RevocationWakeup.ts"
export * as TestAccounts from "./integration/TestAccounts.ts"

// Jobs, runs, the engine that reads and the timetable that starts it.
export * as Frequency from "./sync/Frequency.ts"
export * as Job from "./sync/Job.ts"
export * as Run from "./sync/Run.ts"
export * as RunEngine from "./sync/RunEngine.ts"
export * as Scheduler from "./sync/Scheduler.ts"
export * as Timetable from "./sync/Timetable.ts"

// What is delivered, and its envelope.
export * as Envelope from "./event/Envelope.ts"
export * as Event from "./event/Event.ts"
export * as EventType from "./event/EventType.ts"
export * as RunEvents from "./event/RunEvents.ts"

// Where events go.
export * as Destination from "./destination/Destination.ts"
export * as DestinationPolicy from "./destination/DestinationPolicy.ts"

// Dispatcher, retries, signatures and the way out.
export * as Circuit from "./delivery/Circuit.ts"
export * as Control from "./delivery/Control.ts"
export * as DeliveryHeaders from "./delivery/DeliveryHeaders.ts"
export * as DestinationKeys from "./delivery/DestinationKeys.ts"
export * as Dispatcher from "./delivery/Dispatcher.ts"
export * as Hint from "./delivery/Hint.ts"
export * as RetrySchedule from "./delivery/RetrySchedule.ts"
export * as Signature from "./delivery/Signature.ts"
export * as SignatureTime from "./delivery/SignatureTime.ts"
export * as SigningKey from "./delivery/SigningKey.ts"
export * as SigningKeys from "./delivery/SigningKeys.ts"
export * as Transport from "./delivery/Transport.ts"
export * as Watchdog from "./delivery/Watchdog.ts"
export * as Wakeup from "./delivery/Wakeup.ts"

// Where tests kill the program.
export * as CrashPoint from "./crash/CrashPoint.ts"
// Sending events again.
export * as Replay from "./replay/Replay.ts"
export * as ReplayEngine from "./replay/ReplayEngine.ts"
export * as Replayer from "./replay/Replayer.ts"
export * as SkipReason from "./replay/SkipReason.ts"

// API keys.
export * as AccessLive from "./access/AccessLive.ts"
export * as ApiKey from "./access/ApiKey.ts"

// Who did what.
export * as AuditEntry from "./audit/AuditEntry.ts"
export * as AuditLive from "./audit/AuditLive.ts"

// What is done from time to time.
export * as Auditor from "./maintenance/Auditor.ts"
export * as Maintenance from "./maintenance/Maintenance.ts"
export * as Revoker from "./maintenance/Revoker.ts"

// The services that interfaces call, and how they refuse.
export * as Access from "./service/Access.ts"
export * as Audit from "./service/Audit.ts"
export * as Authorizations from "./service/Authorizations.ts"
export * as Connectors from "./service/Connectors.ts"
export * as CoreServices from "./service/CoreServices.ts"
export * as Destinations from "./service/Destinations.ts"
export * as Events from "./service/Events.ts"
export * as Integrations from "./service/Integrations.ts"
export * as Refusal from "./service/Refusal.ts"
export * as Replays from "./service/Replays.ts"
export * as Syncs from "./service/Syncs.ts"

// Storage ports, and storage in memory.
export * as AuditStore from "./store/AuditStore.ts"
export * as AuthorizationStore from "./store/AuthorizationStore.ts"
export * as CurrentWorkspace from "./store/CurrentWorkspace.ts"
export * as DestinationStore from "./store/DestinationStore.ts"
export * as IntegrationStore from "./store/IntegrationStore.ts"
export * as KeyStore from "./store/KeyStore.ts"
export * as Listing from "./store/Listing.ts"
export * as MemoryStore from "./store/memory/MemoryStore.ts"
export * as OutboxStore from "./store/OutboxStore.ts"
export * as ReplayStore from "./store/ReplayStore.ts"
export * as RevocationStore from "./store/RevocationStore.ts"
export * as StoreError from "./store/StoreError.ts"
export * as SyncStore from "./store/SyncStore.ts"

// Sealing at rest, and the crypto below it.
export * as Crypto from "./vault/Crypto.ts"
export * as KeyRotation from "./vault/KeyRotation.ts"
export * as MasterKeys from "./vault/MasterKeys.ts"
export * as PortableCrypto from "./vault/PortableCrypto.ts"
export * as Vault from "./vault/Vault.ts"
