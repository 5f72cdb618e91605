import {
  Access,
  Audit,
  Authorizations,
  type AuditEntry,
  Connectors,
  Destinations,
  DestinationStore,
  OutboxStore,
  Events,
  Integrations,
  KeyStore,
  Refusal,
  Replays,
  Syncs,
  Run,
  type ApiKey,
  type Destination,
  type Integration,
  type Job,
  type SigningKey
} from "@crochet/core"
import { Effect, Layer, Redacted } from "effect"

/** The key that the fake `Access` knows, with every scope; `key_read` may only look. */
export const apiKey = "crochet_test_admin"

export const integration: Integration.Integration = {
  id: "int_1",
  workspaceId: "ws_1",
  appId: "bamboohr",
  category: "HRIS",
  originOrgId: "org_1",
  originOrgName: "Acme",
  accountType: "test",
  testSince: 1_770_000_000_000,
  state: "active",
  settings: { subdomain: "acme" },
  accountName: "Acme Inc",
  subject: "user_1",
  lastError: null,
  createdAt: 1,
  updatedAt: 2,
  deactivatedAt: null
}
export const job: Job.Job = {
  id: "sj_1",
  workspaceId: "ws_1",
  integrationId: "int_1",
  appId: "bamboohr",
  originOrgId: "org_1",
  category: "HRIS",
  dataType: "employee",
  models: ["employee_profile"],
  frequency: "standard",
  honorScheduler: false,
  startAt: null,
  destinationId: "dst_1",
  filters: {},
  watchFields: [],
  includeInactive: false,
  state: "active",
  nextRunAt: 5,
  cursor: null,
  scope: null,
  deltasSinceListing: 0,
  sequenceFloor: 0,
  createdAt: 1,
  updatedAt: 2
}
export const run: Run.Run = {
  id: "sr_1",
  workspaceId: "ws_1",
  jobId: "sj_1",
  integrationId: "int_1",
  appId: "bamboohr",
  originOrgId: "org_1",
  dataType: "employee",
  type: "initial_sync",
  mode: "initial",
  trigger: "api",
  status: "running",
  destinationId: "dst_1",
  createdAt: 1,
  startedAt: 2,
  processedAt: null,
  completedAt: null,
  resumeAt: null,
  interruptions: 0,
  counts: Run.noCounts,
  emitted: 3,
  consumed: 1,
  coalesced: 0,
  outstanding: 2,
  expired: 0,
  heldDeletions: 0,
  issues: [{ at: 3, code: "model.missing", message: "no permission", model: "employee_profile" }]
}
export const destination: Destination.Destination = {
  id: "dst_1",
  workspaceId: "ws_1",
  category: "HRIS",
  url: "https://host.example/hook",
  events: null,
  mode: "knit",
  aliases: {},
  ack: "200",
  apiKeyId: "key_1",
  secret: new Uint8Array(3),
  headers: null,
  state: "active",
  pausedReason: null,
  pausedAt: null,
  concurrency: null,
  ratePerSecond: null,
  ordering: "record",
  coalesce: false,
  signatures: ["v1"],
  previousSecrets: [],
  createdAt: 1,
  updatedAt: 2
}
export const event: Events.EventView = {
  id: "ev_1",
  workspaceId: "ws_1",
  destinationId: "dst_1",
  integrationId: "int_1",
  jobId: "sj_1",
  runId: "sr_1",
  type: "record.new",
  record: 3,
  recordId: "42",
  sequence: 7,
  state: "pending",
  createdAt: 1,
  firstAttemptAt: 2,
  nextAttemptAt: 3,
  settledAt: null,
  attempts: 1,
  lastStatus: 500,
  lastError: "http_5xx",
  replacedBy: null,
  replayId: null,
  replayOf: null,
  originRunId: null
}
export const replay: Replays.ReplayView = {
  replay: {
    id: "rp_1",
    workspaceId: "ws_1",
    filter: { runId: "sr_1", states: ["expired"] },
    fingerprint: "f",
    ratePerSecond: 50,
    state: "done",
    cursorPosition: 9,
    untilPosition: 9,
    examined: 3,
    replayed: 2,
    madeDue: 0,
    skipped: { "capability.unsupported": 1 },
    nextAt: 1,
    interruptions: 0,
    lastError: null,
    createdAt: 1,
    startedAt: 2,
    finishedAt: 3
  },
  progress: { pending: 1, acknowledged: 1, expired: 0, discarded: 0, coalesced: 0 }
}
export const signingKey: SigningKey.SigningKey = {
  id: "whk_1",
  workspaceId: "ws_1",
  publicKey: new Uint8Array(32).fill(1),
  sealedSeed: new Uint8Array(3),
  createdAt: 1,
  retiresAt: null
}
export const key: ApiKey.ApiKey = {
  id: "key_1",
  workspaceId: "ws_1",
  name: "first",
  prefix: "crochet_te",
  hash: "00",
  scopes: ["admin"],
  createdAt: 1,
  lastUsedAt: null,
  revokedAt: null,
  sealedKey: null
}

const principals: { readonly [text: string]: ReadonlyArray<ApiKey.Scope> } = {
  [apiKey]: ["admin"],
  key_sync: ["sync"],
  key_read: ["read"]
}

export const auditEntry: AuditEntry.AuditEntry = {
  workspaceId: "ws_1",
  position: 1,
  at: 5,
  actor: "key_1",
  action: "api_key.create",
  target: "key_2",
  detail: { name: "ci" },
  previousHash: "",
  hash: "h1"
}

/** What was written to the audit log; `broken` lets writing fail. */
export const audit: {
  broken: boolean
  readonly entries: Array<readonly [actor: string, action: string, target: string | null, detail: object]>
} = { broken: false, entries: [] }

/** Every call that reached a service: name and arguments after the principal. */
export const calls: Array<readonly [name: string, ...args: ReadonlyArray<unknown>]> = []

const note = (name: string, ...args: ReadonlyArray<unknown>) =>
  Effect.sync(() => {
    calls.push([name, ...args])
  })
const gives = <A>(value: A, name: string, ...args: ReadonlyArray<unknown>) => Effect.as(note(name, ...args), value)

/** One refusal of every kind, and a defect, by the data type or id that is asked for. */
const refusals: { readonly [ask: string]: Effect.Effect<never, Refusal.Refusal> } = Object.fromEntries([
  ...(Object.keys(Refusal.kinds) as Array<Refusal.Kind>).map((kind) => [
    kind,
    Effect.fail(
      new Refusal.Refusal({
        kind,
        code: `test.${kind}`,
        msg: `refused: ${kind}`,
        field: "dataType",
        reason: "because",
        resolution: "do else",
        upstream: { status: 418, message: "teapot" },
        ...(kind === "limited" ? { retryAfterSeconds: 7 } : {})
      })
    )
  ]),
  ["defect", Effect.die(new Error("secret internals at /etc/passwd"))]
])
const orRefuse = <A>(ask: string, effect: Effect.Effect<A>): Effect.Effect<A, Refusal.Refusal> =>
  refusals[ask] ?? effect

/** All services of the core, in memory. */
export const layer = Layer.mergeAll(
  Connectors.Connectors.layer([]),
  Layer.mock(KeyStore.KeyStore, { workspaces: Effect.succeed(["ws_1"]) }),
  Layer.mock(DestinationStore.DestinationStore, {
    list: () => Effect.succeed({ items: [destination], nextPageToken: null })
  }),
  Layer.mock(OutboxStore.OutboxStore, { backlog: () => Effect.succeed(12) }),
  Layer.mock(Audit.Audit, {
    record: (who, action, target, detail) =>
      audit.broken
        ? Effect.fail(new Refusal.Refusal({ kind: "unavailable", code: "audit.unwritten", msg: "not written" }))
        : Effect.sync(() => {
            audit.entries.push([who.apiKeyId, action, target, detail ?? {}])
          }),
    list: (filter, request) => gives({ items: [auditEntry], nextPageToken: null }, "audit", filter, request)
  }),
  Layer.mock(Access.Access, {
    authenticate: (text) => {
      const scopes = principals[Redacted.value(text)]
      return scopes === undefined
        ? Effect.fail(
            new Refusal.Refusal({
              kind: "unauthenticated",
              code: "auth.invalid_key",
              msg: "This API key is not valid."
            })
          )
        : Effect.succeed({ workspaceId: "ws_1", apiKeyId: "key_1", scopes })
    },
    create: (options) =>
      gives({ key: { ...key, ...options }, text: Redacted.make("crochet_live_new") }, "keys.create", options),
    list: () => gives([key], "keys.list"),
    revoke: (_, id) => gives({ ...key, id, revokedAt: 9 }, "keys.revoke", id)
  }),
  Layer.mock(Integrations.Integrations, {
    import: (_, request) => orRefuse(request.appId, gives(integration, "import", request)),
    get: (_, id) =>
      id === "int_1"
        ? gives(integration, "get", id)
        : Effect.fail(Refusal.notFound("integration", "X-Knit-Integration-Id")),
    list: (_, filter, request) => gives({ items: [integration], nextPageToken: "next" }, "list", filter, request),
    validate: (_, id) => gives({ integration, success: true, errors: [] }, "validate", id),
    deactivate: (_, id) => gives({ ...integration, state: "deactivated" as const, deactivatedAt: 4 }, "deactivate", id),
    update: (_, id, change) => gives({ ...integration, ...change }, "update", id, change),
    purge: (_, id) => gives({ jobs: 1, events: 2 }, "purge", id)
  }),
  Layer.mock(Authorizations.Authorizations, {
    begin: (_, request, redirectUri) =>
      gives(
        {
          authorization: {
            id: "au_1",
            workspaceId: "ws_1",
            appId: "bamboohr",
            integrationId: null,
            apiKeyId: "key_1",
            stateHash: "",
            redirectUri: redirectUri?.("bamboohr") ?? "",
            pending: new Uint8Array(),
            createdAt: 1,
            expiresAt: 2,
            usedAt: null
          },
          authorizeUrl: "https://acme.example/authorize"
        },
        "authorize",
        request
      )
  }),
  Layer.mock(Destinations.Destinations, {
    register: (_, text, request) =>
      gives({ destination, secret: Redacted.make("whsec_abc") }, "register", Redacted.value(text), request),
    list: (_, request) => gives({ items: [destination], nextPageToken: null }, "destinations", request),
    health: () => Effect.succeed(new Map()),
    update: (_, request) => gives(destination, "destination.update", request),
    remove: (_, id) => gives({ discarded: 2 }, "remove", id),
    rotateSecret: (_, request) => gives({ destination, secret: Redacted.make("whsec_new") }, "rotateSecret", request),
    keys: () => gives([signingKey], "webhook.keys"),
    rotateKey: (_, request) => gives([signingKey], "rotateKey", request),
    publishedKeys: (workspaceId) =>
      workspaceId === "ws_1" ? Effect.succeed([signingKey]) : Effect.fail(Refusal.notFound("workspace", "workspaceId")),
    test: (_, id) =>
      gives({ delivered: false, status: 500, error: "http_5xx", durationMillis: 12.5, hint: "Look." }, "test", id)
  }),
  Layer.mock(Syncs.Syncs, {
    start: (_, text, id, request) =>
      orRefuse(request.dataType, gives({ job, run }, "start", Redacted.value(text), id, request)),
    update: (_, __, id, request) => gives({ job, run: null }, "sync.update", id, request),
    pause: (_, id, dataType) => gives({ ...job, state: "paused" as const }, "pause", id, dataType),
    resume: (_, id, dataType) => gives(job, "resume", id, dataType),
    cancel: (_, id, dataType) => gives({ ...run, status: "cancelled" as const }, "cancel", id, dataType),
    jobs: (_, id, request) => gives({ items: [job], nextPageToken: null }, "jobs", id, request),
    job: (_, id) => gives(job, "job", id),
    runs: (_, filter, request) => gives({ items: [run], nextPageToken: null }, "runs", filter, request),
    run: (_, id) => gives(run, "run", id),
    watchFields: (_, id, dataType, paths) => gives(job, "watchFields", id, dataType, paths),
    resync: (_, id, dataType, recordId) => gives({ job, run }, "resync", id, dataType, recordId),
    releaseDeletions: (_, id) => gives(run, "release", id),
    discardDeletions: (_, id) => gives({ discarded: 3 }, "discard", id)
  }),
  Layer.mock(Replays.Replays, {
    create: (_, request) => gives(replay, "replay", request),
    count: (_, request) => gives({ ...replay.progress, expired: 2 }, "replay.count", request),
    list: (_, request) => gives({ items: [replay], nextPageToken: null }, "replays", request),
    get: (_, id) => gives(replay, "replay.get", id),
    cancel: (_, id) => gives(replay, "replay.cancel", id)
  }),
  Layer.mock(Events.Events, {
    list: (_, filter, request) => gives({ items: [event], nextPageToken: null }, "events", filter, request),
    get: (_, id) =>
      gives(
        {
          event,
          attempts: [{ eventId: id, number: 1, at: 2, durationMillis: 3, status: 500, error: "http_5xx" }],
          body: id === "ev_with_body" ? "{}" : null
        },
        "event",
        id
      ),
    retry: (_, id) => gives(event, "retry", id)
  })
)
