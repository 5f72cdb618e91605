import type {
  ApiKey,
  AuditEntry,
  Authorizations,
  Destinations,
  Event,
  EventType,
  Integrations,
  Run,
  Syncs
} from "@crochet/core"
import type { ApiKeyView } from "../api/ApiKeyView.ts"
import type { AuditEntryView } from "../api/AuditApi.ts"
import type { AppView, CapabilityView } from "../api/AppView.ts"
import type { AuthorizationView } from "../api/AuthorizationView.ts"
import type { DestinationView } from "../api/DestinationView.ts"
import type { AttemptView, EventView } from "../api/EventView.ts"
import type { IntegrationView, ValidationView } from "../api/IntegrationView.ts"
import type { JobView } from "../api/JobView.ts"
import type { ReplayView, StateCounts } from "../api/ReplayView.ts"
import type { RunView } from "../api/RunView.ts"
import type { WebhookKeysView } from "../api/WebhookKeyView.ts"
import type { Caller } from "./Caller.ts"

/** An app that accounts can be connected to. */
export type App = typeof AppView.Type
/** What a connector does, as data. */
export type Capabilities = typeof CapabilityView.Type
/** A connected account. */
export type Integration = typeof IntegrationView.Type
/** What connecting or validating an account came to. */
export type Validation = typeof ValidationView.Type
/** A sign-in at an app that was begun. */
export type Authorization = typeof AuthorizationView.Type
/** Where events go. */
export type Webhook = typeof DestinationView.Type
/** The Ed25519 keys that verify `v1a` signatures. */
export type WebhookKeys = typeof WebhookKeysView.Type
/** A sync job. */
export type SyncJob = JobView
/** A sync run. */
export type SyncRun = typeof RunView.Type
/** An event of the log. */
export type LoggedEvent = typeof EventView.Type
/** A delivery attempt. */
export type DeliveryAttempt = typeof AttemptView.Type
/** A replay with what became of its events. */
export type EventReplay = typeof ReplayView.Type
/** Which events to send again; what is given must all be true. Times are RFC 3339. */
export interface ReplayOptions {
  readonly eventIds?: ReadonlyArray<string>
  readonly syncRunId?: string
  readonly integrationId?: string
  readonly destinationId?: string
  readonly eventType?: EventType.EventType
  /** Default: pending, expired and discarded. */
  readonly states?: ReadonlyArray<Event.EventState>
  readonly from?: string
  readonly to?: string
  readonly ratePerSecond?: number
  /** Only count. */
  readonly dryRun?: boolean
}
/** The answer of `events.replay`: the replay, or for a dry run how much it would be about. */
export interface ReplayAnswer {
  readonly replay: EventReplay | null
  readonly matching: { readonly total: number; readonly states: typeof StateCounts.Type } | null
}
/** An API key without its text. */
export type Key = typeof ApiKeyView.Type

/** An entry of the audit log. */
export type AuditLine = typeof AuditEntryView.Type

/** Which part of a list to return. */
export interface PageOptions {
  readonly pageToken?: string | undefined
  /** 1 to 200; default 50. */
  readonly pageSize?: number | undefined
}
/** A part of a list under its plural; `nextPageToken` is null at the end. */
export type PageOf<Plural extends string, A> = { readonly [K in Plural]: ReadonlyArray<A> } & {
  readonly nextPageToken: string | null
}

interface OfIntegration {
  readonly integrationId: string
}
interface MaybeOfIntegration {
  readonly integrationId?: string | undefined
}
interface OfDataType extends OfIntegration {
  readonly dataType: string
}
interface Started {
  readonly syncJobId: string
  readonly syncRunId: string
}

/**
 * The calls of the HTTP interface as functions. A refused call rejects with `CrochetError`.
 */
export const make = (call: Caller) => {
  const get = <A>(name: string, query?: object, integrationId?: string): Promise<A> =>
    call<A>({ method: "GET", name, query: { ...query }, integrationId })
  const post = <A>(name: string, body?: unknown, integrationId?: string): Promise<A> =>
    call<A>({ method: "POST", name, body, integrationId })

  return {
    apps: {
      list: (options: { readonly category?: string } = {}) => get<PageOf<"apps", App>>("apps.list", options),
      capabilities: (options: { readonly appId?: string } = {}) =>
        get<PageOf<"capabilities", Capabilities>>("capabilities.list", options)
    },
    integrations: {
      /** Connects an account with credentials that you have; rejects when the app refuses them. */
      import: (request: Integrations.ImportRequest) => post<Validation>("integration.import", request),
      /** Begins a sign-in at the app: send the end user's browser to `authorizeUrl`. */
      authorize: (request: Authorizations.AuthorizeRequest) => post<Authorization>("integration.authorize", request),
      list: (options: PageOptions & { readonly originOrgId?: string; readonly appId?: string } = {}) =>
        get<PageOf<"apps", Integration>>("integration.details", options),
      get: (integrationId: string) =>
        get<PageOf<"apps", Integration>>("integration.details", {}, integrationId).then((page) => page.apps[0]!),
      validate: (integrationId: string) => post<Validation>("integration.validate", {}, integrationId),
      deactivate: (integrationId: string) => post<Integration>("integration.deactivate", {}, integrationId),
      update: (integrationId: string, change: { readonly accountType: "test" | "production" }) =>
        post<Integration>("integration.update", change, integrationId),
      purge: (integrationId: string) =>
        post<{ readonly integrationId: string; readonly removed: { readonly [table: string]: number } }>(
          "integration.purge",
          {},
          integrationId
        )
    },
    webhooks: {
      register: (request: Destinations.RegisterRequest) =>
        post<Webhook & { readonly secret: string }>("webhook.register", request),
      list: (options: PageOptions = {}) => get<PageOf<"webhooks", Webhook>>("webhook.list", options),
      update: (request: Destinations.UpdateRequest) => post<Webhook>("webhook.update", request),
      test: (destinationId: string) => post<Destinations.TestReport>("webhook.test", { destinationId }),
      /** The new secret is answered this once. */
      rotateSecret: (request: Destinations.RotateSecretRequest) =>
        post<Webhook & { readonly secret: string }>("webhook.rotateSecret", request),
      keys: () => get<WebhookKeys>("webhook.keys.list"),
      rotateKey: (request: Destinations.RotateKeyRequest = {}) => post<WebhookKeys>("webhook.rotateKey", request),
      delete: (destinationId: string) =>
        post<{ readonly destinationId: string; readonly discarded: number }>("webhook.delete", { destinationId })
    },
    syncs: {
      start: ({ integrationId, ...request }: OfIntegration & Syncs.StartRequest) =>
        post<Started>("sync.start", request, integrationId),
      update: ({ integrationId, ...request }: OfIntegration & Syncs.UpdateRequest) =>
        post<{ readonly syncJobId: string; readonly syncRunId: string | null; readonly job: SyncJob }>(
          "sync.update",
          request,
          integrationId
        ),
      pause: ({ dataType, integrationId }: OfDataType) => post<SyncJob>("sync.pause", { dataType }, integrationId),
      resume: ({ dataType, integrationId }: OfDataType) => post<SyncJob>("sync.resume", { dataType }, integrationId),
      cancel: ({ dataType, integrationId }: OfDataType) => post<SyncRun>("sync.cancel", { dataType }, integrationId),
      jobs: ({ integrationId, ...page }: PageOptions & MaybeOfIntegration = {}) =>
        get<PageOf<"jobs", SyncJob>>("sync.jobs.list", page, integrationId),
      job: (syncJobId: string) => get<SyncJob>("sync.job.get", { syncJobId }),
      runs: ({
        integrationId,
        ...query
      }: PageOptions &
        MaybeOfIntegration & { readonly dataType?: string } & {
          readonly status?: Run.RunStatus
          readonly from?: string
          readonly to?: string
        } = {}) => get<PageOf<"runs", SyncRun>>("sync.runs.list", query, integrationId),
      run: (syncRunId: string) => get<SyncRun>("sync.run.get", { syncRunId }),
      releaseDeletions: (syncRunId: string) => post<SyncRun>("sync.run.releaseDeletions", { syncRunId }),
      discardDeletions: (syncRunId: string) =>
        post<{ readonly syncRunId: string; readonly discarded: number }>("sync.run.discardDeletions", { syncRunId }),
      watchFields: ({
        dataType,
        integrationId,
        jsonPaths
      }: OfDataType & { readonly jsonPaths: ReadonlyArray<string> }) =>
        post<SyncJob>("sync.watchFields.update", { dataType, jsonPaths }, integrationId)
    },
    records: {
      resync: ({ dataType, integrationId, recordId }: OfDataType & { readonly recordId: string }) =>
        post<Started>("record.resync", { dataType, recordId }, integrationId)
    },
    events: {
      list: ({
        integrationId,
        ...query
      }: PageOptions &
        MaybeOfIntegration & {
          readonly syncRunId?: string
          readonly recordId?: string
          readonly eventType?: EventType.EventType
          readonly state?: Event.EventState
        } = {}) => get<PageOf<"events", LoggedEvent>>("events.list", query, integrationId),
      get: (eventId: string) =>
        get<{
          readonly event: LoggedEvent
          readonly attempts: ReadonlyArray<DeliveryAttempt>
          readonly body: string | null
        }>("event.get", { eventId }),
      retry: (eventId: string) => post<LoggedEvent>("event.retry", { eventId }),
      /** Sends events again, as a durable job; records are read again from the app. */
      replay: ({ integrationId, ...request }: ReplayOptions) =>
        post<ReplayAnswer>("events.replay", request, integrationId),
      replays: (options: PageOptions = {}) => get<PageOf<"replays", EventReplay>>("events.replays.list", options),
      getReplay: (replayId: string) => get<EventReplay>("events.replay.get", { replayId }),
      cancelReplay: (replayId: string) => post<EventReplay>("events.replay.cancel", { replayId })
    },
    audit: {
      list: (
        query: PageOptions & {
          readonly actor?: string
          readonly action?: AuditEntry.Action
          readonly from?: string
          readonly to?: string
        } = {}
      ) => get<PageOf<"entries", AuditLine>>("audit.list", query)
    },
    keys: {
      create: (request: { readonly name: string; readonly scopes: ReadonlyArray<ApiKey.Scope> }) =>
        post<Key & { readonly key: string }>("keys.create", request),
      list: () => get<PageOf<"keys", Key>>("keys.list"),
      revoke: (keyId: string) => post<Key>("keys.revoke", { keyId })
    }
  }
}

/** The calls of the HTTP interface as functions. */
export type CrochetClient = ReturnType<typeof make>
