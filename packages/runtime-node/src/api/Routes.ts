import type {
  Access,
  Audit,
  Authorizations,
  Connectors,
  Destinations,
  DestinationStore,
  Events,
  Integrations,
  KeyStore,
  OutboxStore,
  Replays,
  Syncs
} from "@crochet/core"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { Api } from "./Api.ts"
import * as AppsHandlers from "./AppsHandlers.ts"
import * as AuditHandlers from "./AuditHandlers.ts"
import * as AuditSummary from "./AuditSummary.ts"
import * as Authorization from "./Authorization.ts"
import * as Edge from "./Edge.ts"
import * as EventHandlers from "./EventHandlers.ts"
import * as IntegrationHandlers from "./IntegrationHandlers.ts"
import * as KeyHandlers from "./KeyHandlers.ts"
import * as OAuthCallback from "./OAuthCallback.ts"
import * as Operations from "./Operations.ts"
import * as RecordHandlers from "./RecordHandlers.ts"
import * as Reference from "./Reference.ts"
import * as ReplayHandlers from "./ReplayHandlers.ts"
import * as RequestSchemaErrors from "./RequestSchemaErrors.ts"
import * as SyncHandlers from "./SyncHandlers.ts"
import * as WebhookHandlers from "./WebhookHandlers.ts"
import * as WebhookKeys from "./WebhookKeys.ts"

/** The services that the routes call. */
export type Services =
  | Access.Access
  | Audit.Audit
  | Authorizations.Authorizations
  | Connectors.Connectors
  | Destinations.Destinations
  | DestinationStore.DestinationStore
  | Events.Events
  | Integrations.Integrations
  | KeyStore.KeyStore
  | OutboxStore.OutboxStore
  | Replays.Replays
  | Syncs.Syncs

const handlers = Layer.mergeAll(
  AppsHandlers.layer,
  IntegrationHandlers.layer,
  WebhookHandlers.layer,
  SyncHandlers.layer,
  RecordHandlers.layer,
  EventHandlers.layer,
  ReplayHandlers.layer,
  KeyHandlers.layer,
  AuditHandlers.layer
).pipe(Layer.provide([Authorization.layer, RequestSchemaErrors.layer]))

/** Every route of the server: the calls, the reference, health and metrics. Needs the core services. */
export const layer = Layer.mergeAll(
  HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(Layer.provide(handlers)),
  Operations.layer,
  Reference.layer,
  WebhookKeys.layer,
  OAuthCallback.layer
).pipe(Layer.provideMerge(Edge.layer), Layer.provide(AuditSummary.layer))
