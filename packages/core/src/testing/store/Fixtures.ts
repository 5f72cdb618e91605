import type { Authorization } from "../../store/AuthorizationStore.ts"
import type { ApiKey } from "../../access/ApiKey.ts"
import type { Destination } from "../../destination/Destination.ts"
import type { NewEvent } from "../../event/Event.ts"
import type { Integration } from "../../integration/Integration.ts"
import type { ClaimedEvent, Outcome } from "../../store/OutboxStore.ts"
import type { ReplayBatch } from "../../store/ReplayStore.ts"
import type { Revocation } from "../../store/RevocationStore.ts"
import type { CloseRun, PageCommit, RunEnd, SnapshotRow } from "../../store/SyncStore.ts"
import type { Replay } from "../../replay/Replay.ts"
import type { Job } from "../../sync/Job.ts"
import { noCounts, type Run } from "../../sync/Run.ts"

/** The tenant that everything belongs to unless told otherwise. */
export const workspace = "ws_a"
/** Another tenant: what belongs to one is not there for the other. */
export const foreign = "ws_b"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** An API key of the workspace. */
export const apiKey = (id: string, overrides: Partial<ApiKey> = {}): ApiKey => ({
  id,
  workspaceId: workspace,
  name: `Key ${id}`,
  prefix: "ck_live_abcd",
  hash: `hash-of-${id}`,
  scopes: ["sync", "read"],
  createdAt: 1,
  lastUsedAt: null,
  revokedAt: null,
  sealedKey: null,
  ...overrides
})

/** A connected production account of the workspace. */
export const integration = (id: string, overrides: Partial<Integration> = {}): Integration => ({
  id,
  workspaceId: workspace,
  appId: "playground",
  category: "HRIS",
  originOrgId: "org-1",
  originOrgName: "Tom & Jerry's – Ünïcode",
  accountType: "production",
  testSince: null,
  state: "active",
  settings: { subdomain: "acme" },
  accountName: null,
  subject: "user-7",
  lastError: { code: "x", msg: "y", resolution: "z" },
  createdAt: 1,
  updatedAt: 2,
  deactivatedAt: null,
  ...overrides
})

/** A webhook in Knit mode of the workspace. */
export const destination = (id: string, overrides: Partial<Destination> = {}): Destination => ({
  id,
  workspaceId: workspace,
  category: "HRIS",
  url: "https://receiver.example/hook",
  events: ["record.new"],
  mode: "knit",
  aliases: { "record.modified": "record.changed" },
  ack: "200",
  apiKeyId: "key_1",
  secret: bytes("sealed secret"),
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
  updatedAt: 1,
  ...overrides
})

/** A job of `int_1` that sends to `dst_1`. */
export const job = (id: string, overrides: Partial<Job> = {}): Job => ({
  id,
  workspaceId: workspace,
  integrationId: "int_1",
  appId: "playground",
  originOrgId: "org-1",
  category: "HRIS",
  dataType: "employee",
  models: ["profile", "compensation"],
  frequency: { everySeconds: 60 },
  honorScheduler: true,
  startAt: { hour: 3, minute: 30 },
  destinationId: "dst_1",
  filters: { native: { department: "R&D" }, fields: { exclude: ["ssn"] } },
  watchFields: ["$.profile.workEmail"],
  includeInactive: false,
  state: "active",
  nextRunAt: null,
  cursor: null,
  scope: null,
  deltasSinceListing: 0,
  sequenceFloor: 0,
  createdAt: 1,
  updatedAt: 1,
  ...overrides
})

/** A queued initial run of `job_1`. */
export const run = (id: string, overrides: Partial<Run> = {}): Run => ({
  id,
  workspaceId: workspace,
  jobId: "job_1",
  integrationId: "int_1",
  appId: "playground",
  originOrgId: "org-1",
  dataType: "employee",
  type: "initial_sync",
  mode: "initial",
  trigger: "api",
  status: "queued",
  destinationId: "dst_1",
  createdAt: 1,
  startedAt: null,
  processedAt: null,
  completedAt: null,
  resumeAt: null,
  interruptions: 0,
  counts: noCounts,
  emitted: 0,
  consumed: 0,
  coalesced: 0,
  outstanding: 0,
  expired: 0,
  heldDeletions: 0,
  issues: [],
  ...overrides
})

/** A record's number from an event's name, so that events of different names are of different records. */
export const numberOf = (id: string): number =>
  [...id].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 1_000_003, 7)

/** A `record.new` of `run_1`, about a record that its id names. */
export const event = (id: string, overrides: Partial<NewEvent> = {}): NewEvent => ({
  id,
  workspaceId: workspace,
  destinationId: "dst_1",
  integrationId: "int_1",
  jobId: "job_1",
  runId: "run_1",
  type: "record.new",
  record: numberOf(id),
  sequence: 1,
  body: bytes(`sealed body of ${id}`),
  createdAt: 0,
  ...overrides
})

/** An event that belongs to no run. */
export const looseEvent = (id: string, overrides: Partial<NewEvent> = {}): NewEvent =>
  event(id, { jobId: null, runId: null, type: "webhook.test", record: null, sequence: null, ...overrides })

/** A row of a snapshot. */
export const row = (key: string, ordinal: number, overrides: Partial<SnapshotRow> = {}): SnapshotRow => ({
  key,
  ordinal,
  raw: `raw-of-${key}`,
  mapper: 1,
  models: "m".repeat(44),
  identifiers: bytes(`sealed identifiers of ${key}`),
  sequence: 1,
  state: "live",
  reason: null,
  ...overrides
})

/** A page without rows or events. */
export const page = (overrides: Partial<PageCommit> = {}): PageCommit => ({
  checkpoint: null,
  rows: [],
  seen: [],
  events: [],
  counts: noCounts,
  issues: [],
  ...overrides
})

/** The end of a run that read everything. */
export const ending = (overrides: Partial<RunEnd> = {}): RunEnd => ({
  status: "processed",
  at: 0,
  events: [],
  heldDeletions: 0,
  issues: [],
  job: {},
  ...overrides
})

/** A replay of `run_1` that waits. */
export const replay = (id: string, overrides: Partial<Replay> = {}): Replay => ({
  id,
  workspaceId: workspace,
  filter: { runId: "run_1" },
  fingerprint: `f-${id}`,
  ratePerSecond: null,
  state: "queued",
  cursorPosition: 0,
  untilPosition: 0,
  examined: 0,
  replayed: 0,
  madeDue: 0,
  skipped: {},
  nextAt: 0,
  interruptions: 0,
  lastError: null,
  createdAt: 0,
  startedAt: null,
  finishedAt: null,
  ...overrides
})

/** A batch that found nothing. */
export const replayBatch = (overrides: Partial<ReplayBatch> = {}): ReplayBatch => ({
  cursorPosition: 0,
  done: false,
  examined: 0,
  events: [],
  rows: [],
  due: [],
  skipped: {},
  nextAt: 0,
  ...overrides
})

/** What came of an attempt at an event; acknowledged unless told otherwise. */
export const outcome = (
  claimed: Pick<ClaimedEvent, "id" | "position" | "token" | "runId" | "type" | "attempts">,
  result: Outcome["result"] = { kind: "acknowledged" },
  at = 0
): Outcome => ({
  event: claimed,
  attempt: {
    eventId: claimed.id,
    number: claimed.attempts + 1,
    at,
    durationMillis: 12,
    status: result.kind === "acknowledged" ? 200 : 500,
    error: result.kind === "acknowledged" ? null : "http_5xx"
  },
  result
})

/** Closes a run as the dispatcher does: with `allConsumed`, or `incomplete` when events expired. */
export const close: CloseRun = (closed) =>
  event(`ev_close_${closed.id}`, {
    type: closed.expired > 0 ? "sync.events.incomplete" : "sync.events.allConsumed",
    workspaceId: closed.workspaceId,
    destinationId: closed.destinationId,
    integrationId: closed.integrationId,
    jobId: closed.jobId,
    runId: closed.id,
    record: null,
    sequence: null
  })

/** The destination does not want to hear of the end of runs. */
export const closeSilently: CloseRun = () => null

/** A sign-in that was begun. */
export const authorization = (id: string, overrides: Partial<Authorization> = {}): Authorization => ({
  id,
  workspaceId: workspace,
  appId: "playground",
  integrationId: null,
  apiKeyId: "key_1",
  stateHash: `hash of ${id}`,
  redirectUri: "https://sync.example/oauth/callback/playground",
  pending: new Uint8Array([1, 2, 3]),
  createdAt: 1000,
  expiresAt: 2000,
  usedAt: null,
  ...overrides
})

/** A token that is to be revoked. */
export const revocation = (id: string, overrides: Partial<Revocation> = {}): Revocation => ({
  id,
  workspaceId: workspace,
  integrationId: "int_1",
  appId: "playground",
  sealed: new Uint8Array([1, 2, 3]),
  createdAt: 0,
  nextAttemptAt: 0,
  attempts: 0,
  ...overrides
})
