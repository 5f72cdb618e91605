import type { AuditEntry } from "../audit/AuditEntry.ts"
import type { ApiKey } from "../access/ApiKey.ts"
import type { DestinationHealth } from "../delivery/Circuit.ts"
import type { SigningKey } from "../delivery/SigningKey.ts"
import type { Destination } from "../destination/Destination.ts"
import type { EventRecord, NewEvent } from "../event/Event.ts"
import type { Replay } from "../replay/Replay.ts"
import type { Integration } from "../integration/Integration.ts"
import type { Authorization } from "../store/AuthorizationStore.ts"
import type { Revocation } from "../store/RevocationStore.ts"
import type { StoredDataKey } from "../store/KeyStore.ts"
import type { SnapshotRow } from "../store/SyncStore.ts"
import type { Job } from "../sync/Job.ts"
import type { Run } from "../sync/Run.ts"
import * as Table from "./Table.ts"

export const apiKeys = Table.make<ApiKey>("api_keys", {
  id: "text",
  workspaceId: "text",
  name: "text",
  prefix: "text",
  hash: "text",
  scopes: "json",
  createdAt: "integer",
  lastUsedAt: "integer",
  revokedAt: "integer",
  sealedKey: "blob"
})

export const dataKeys = Table.make<StoredDataKey & { readonly generation: number }>("data_keys", {
  id: "text",
  owner: "text",
  ownerId: "text",
  workspaceId: "text",
  masterKeyId: "text",
  wrapped: "blob",
  createdAt: "integer",
  generation: "integer",
  seals: "integer"
})

export const signingKeys = Table.make<SigningKey>("signing_keys", {
  id: "text",
  workspaceId: "text",
  publicKey: "blob",
  sealedSeed: "blob",
  createdAt: "integer",
  retiresAt: "integer"
})

export const integrations = Table.make<Integration>("integrations", {
  id: "text",
  workspaceId: "text",
  appId: "text",
  category: "text",
  originOrgId: "text",
  originOrgName: "text",
  accountType: "text",
  testSince: "integer",
  state: "text",
  settings: "json",
  accountName: "text",
  subject: "text",
  lastError: "json",
  createdAt: "integer",
  updatedAt: "integer",
  deactivatedAt: "integer"
})

export const authorizations = Table.make<Authorization>("authorizations", {
  id: "text",
  workspaceId: "text",
  appId: "text",
  integrationId: "text",
  apiKeyId: "text",
  stateHash: "text",
  redirectUri: "text",
  pending: "blob",
  createdAt: "integer",
  expiresAt: "integer",
  usedAt: "integer"
})

export const revocations = Table.make<Revocation>("revocations", {
  id: "text",
  workspaceId: "text",
  integrationId: "text",
  appId: "text",
  sealed: "blob",
  createdAt: "integer",
  nextAttemptAt: "integer",
  attempts: "integer"
})

export const destinations = Table.make<Destination>("destinations", {
  id: "text",
  workspaceId: "text",
  category: "text",
  url: "text",
  events: "json",
  mode: "text",
  aliases: "json",
  ack: "text",
  apiKeyId: "text",
  secret: "blob",
  headers: "blob",
  concurrency: "integer",
  ratePerSecond: "integer",
  ordering: "text",
  coalesce: "boolean",
  signatures: "json",
  previousSecrets: "json",
  state: "text",
  pausedReason: "text",
  pausedAt: "integer",
  createdAt: "integer",
  updatedAt: "integer"
})

export const jobs = Table.make<Job>("jobs", {
  id: "text",
  workspaceId: "text",
  integrationId: "text",
  appId: "text",
  originOrgId: "text",
  category: "text",
  dataType: "text",
  models: "json",
  frequency: "json",
  honorScheduler: "boolean",
  startAt: "json",
  destinationId: "text",
  filters: "json",
  watchFields: "json",
  includeInactive: "boolean",
  state: "text",
  nextRunAt: "integer",
  cursor: "blob",
  scope: "text",
  deltasSinceListing: "integer",
  sequenceFloor: "integer",
  createdAt: "integer",
  updatedAt: "integer"
})

export const runs = Table.make<Run>("runs", {
  id: "text",
  workspaceId: "text",
  jobId: "text",
  integrationId: "text",
  appId: "text",
  originOrgId: "text",
  dataType: "text",
  type: "text",
  mode: "text",
  trigger: "text",
  status: "text",
  destinationId: "text",
  createdAt: "integer",
  startedAt: "integer",
  processedAt: "integer",
  completedAt: "integer",
  resumeAt: "integer",
  interruptions: "integer",
  counts: "json",
  emitted: "integer",
  consumed: "integer",
  coalesced: "integer",
  outstanding: "integer",
  expired: "integer",
  heldDeletions: "integer",
  issues: "json"
})

export const snapshot = Table.make<SnapshotRow>("snapshot", {
  key: "text",
  ordinal: "integer",
  raw: "text",
  mapper: "integer",
  models: "text",
  identifiers: "blob",
  sequence: "integer",
  state: "text",
  reason: "text"
})

const ofNewEvent = {
  id: "text",
  workspaceId: "text",
  destinationId: "text",
  integrationId: "text or nothing",
  jobId: "text",
  runId: "text",
  type: "text",
  record: "integer",
  sequence: "integer",
  createdAt: "integer"
} as const

/** The part of an event's row that its delivery needs: thousands of them are claimed a second. */
export const undelivered = Table.make<Omit<NewEvent, "body" | "origin">>("events", ofNewEvent)

export const events = Table.make<EventRecord>("events", {
  ...ofNewEvent,
  state: "text",
  firstAttemptAt: "integer",
  nextAttemptAt: "integer",
  settledAt: "integer",
  attempts: "integer",
  lastStatus: "integer",
  lastError: "text",
  replacedBy: "text",
  replayId: "text",
  replayOf: "text",
  originRunId: "text"
})

export const replays = Table.make<Replay>("replays", {
  id: "text",
  workspaceId: "text",
  filter: "json",
  fingerprint: "text",
  ratePerSecond: "integer",
  state: "text",
  cursorPosition: "integer",
  untilPosition: "integer",
  examined: "integer",
  replayed: "integer",
  madeDue: "integer",
  skipped: "json",
  nextAt: "integer",
  interruptions: "integer",
  lastError: "text",
  createdAt: "integer",
  startedAt: "integer",
  finishedAt: "integer"
})

export const auditLog = Table.make<AuditEntry>("audit_log", {
  workspaceId: "text",
  position: "integer",
  at: "integer",
  actor: "text",
  action: "text",
  target: "text",
  detail: "json",
  previousHash: "text",
  hash: "text"
})

export const destinationHealth = Table.make<DestinationHealth>("destination_health", {
  destinationId: "text",
  failing: "json",
  unreachable: "integer",
  openedAt: "integer",
  probes: "integer",
  probedAt: "json",
  nextProbeAt: "integer",
  probing: "text",
  parkedUntil: "integer",
  closedAt: "integer",
  lastFailureAt: "integer",
  lastError: "text",
  bucket: "integer"
})
