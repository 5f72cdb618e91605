import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Destination } from "../destination/Destination.ts"
import { DestinationKeys, places } from "../delivery/DestinationKeys.ts"
import * as Signature from "../delivery/Signature.ts"
import {
  type DeliveryFailure,
  Transport,
  type TransportRequest,
  type TransportResponse
} from "../delivery/Transport.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import * as Envelope from "../event/Envelope.ts"
import type { NewEvent } from "../event/Event.ts"
import * as RunEvents from "../event/RunEvents.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { KeyStore } from "../store/KeyStore.ts"
import * as MemoryStore from "../store/memory/MemoryStore.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { noCounts } from "../sync/Run.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as PortableCrypto from "../vault/PortableCrypto.ts"
import { Vault } from "../vault/Vault.ts"
import * as Fixture from "./store/Fixtures.ts"

/** A request as the scripted transport saw it. */
export interface Seen {
  readonly at: number
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly text: string
  readonly event: { readonly eventId: string; readonly eventType: string; readonly [key: string]: unknown }
}

/** How the other side answers. */
export type Script = (seen: Seen) => Effect.Effect<TransportResponse, DeliveryFailure>

/** Acknowledges everything. */
export const ok: Script = () => Effect.succeed({ status: 200 })
/** Answers everything with this status. */
export const status =
  (code: number): Script =>
  () =>
    Effect.succeed({ status: code })

/** A transport that follows a script and remembers. */
export const scripted = () => {
  const seen: Array<Seen> = []
  const control: { script: Script } = { script: ok }
  const layer = Layer.succeed(Transport, {
    post: (request: TransportRequest) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const text = new TextDecoder().decode(request.body)
        const one: Seen = {
          at,
          url: request.url,
          headers: request.headers,
          text,
          event: JSON.parse(text) as Seen["event"]
        }
        seen.push(one)
        return control.script(one)
      })
  })
  return { seen, control, layer }
}

/** Memory stores, vault and keys, without a dispatcher. */
export const layer = DestinationKeys.layer.pipe(
  Layer.provideMerge(Vault.layer(Redacted.make(new Uint8Array(32).fill(7)))),
  Layer.provideMerge(Layer.mergeAll(MemoryStore.layer, PortableCrypto.layer, Wakeup.layer))
)

/** The one workspace. */
export const workspaceId = "ws_1"
/** The text of its one API key, which signs `X-Knit-Signature`. */
export const apiKeyText = "ck_test_0123456789"
const encoder = new TextEncoder()

const workspaceScope = { owner: "workspace", ownerId: workspaceId, workspaceId } as const

/** Registers the workspace, its API key and an integration. */
export const setUp = Effect.gen(function* () {
  const keys = yield* KeyStore
  const integrations = yield* IntegrationStore
  const at = yield* Clock.currentTimeMillis
  yield* keys.addWorkspace(workspaceId, at)
  const sealer = yield* Effect.flatMap(Vault, (vault) => vault.sealer(workspaceScope))
  yield* keys.addApiKey({
    id: "key_1",
    workspaceId,
    name: "test",
    prefix: "ck_test",
    hash: "00",
    scopes: ["admin"],
    createdAt: at,
    lastUsedAt: null,
    revokedAt: null,
    sealedKey: sealer.seal(places.apiKey("key_1"), encoder.encode(apiKeyText))
  })
  yield* integrations.save(Fixture.integration("int_1", { workspaceId, createdAt: at, updatedAt: at }))
})

/** Saves a destination. */
export const destination = Effect.fnUntraced(function* (
  id: string,
  patch: Partial<Destination> = {},
  headers?: object
) {
  const crypto = yield* Crypto
  const at = yield* Clock.currentTimeMillis
  const sealer = yield* Effect.flatMap(Vault, (vault) => vault.sealer(workspaceScope))
  const secret = Signature.newSecret(crypto)
  const saved = Fixture.destination(id, {
    workspaceId,
    category: null,
    url: `https://${id}.example/hook`,
    events: null,
    aliases: {},
    secret: sealer.seal(places.secret(id), encoder.encode(Redacted.value(secret))),
    headers: headers === undefined ? null : sealer.seal(places.headers(id), encoder.encode(JSON.stringify(headers))),
    createdAt: at,
    updatedAt: at,
    ...patch
  })
  yield* Effect.flatMap(DestinationStore, (store) => store.save(saved))
  return { saved, secret }
})

/** A record's change, to become an event. */
export interface Change {
  readonly record: string
  readonly sequence?: number
  readonly type?: "record.new" | "record.modified"
}

/** Starts a run that has one page with these changes, and ends its reading unless told otherwise. */
export const run = Effect.fnUntraced(function* (
  runId: string,
  destinationId: string,
  changes: ReadonlyArray<Change>,
  options: { readonly end?: boolean } = {}
) {
  const syncs = yield* SyncStore
  const vault = yield* Vault
  const wakeup = yield* Wakeup
  const at = yield* Clock.currentTimeMillis
  const jobId = `job_${destinationId}`
  const dataType = `employee_${destinationId}`
  yield* syncs.saveJob(
    Fixture.job(jobId, {
      workspaceId,
      dataType,
      destinationId,
      watchFields: [],
      filters: {},
      createdAt: at,
      updatedAt: at
    })
  )
  yield* syncs.startRun(
    Fixture.run(runId, {
      workspaceId,
      jobId,
      dataType,
      destinationId,
      type: "delta_sync",
      mode: "changes",
      createdAt: at
    })
  )
  const claimed = Option.getOrThrow(yield* syncs.claimRun({ owner: "test", leaseMillis: 60_000 }))
  const sealer = yield* vault.sealer({ owner: "run", ownerId: runId, workspaceId })
  const events = changes.map(({ record, sequence = 1, type = "record.new" }): NewEvent => {
    const id = RunEvents.eventId(sealer, runId, `${record}/${sequence}`, type)
    const body = Envelope.ofRecord(
      {
        eventId: id,
        eventType: type,
        syncType: "delta_sync",
        syncDataType: "employee",
        syncJobId: jobId,
        syncRunId: runId,
        appId: "playground",
        originOrgId: "org",
        occurredAt: at,
        recordId: record,
        sequence
      },
      `{"profile":{"employeeId":${JSON.stringify(record)}}}`
    )
    return {
      id,
      workspaceId,
      destinationId,
      integrationId: "int_1",
      jobId,
      runId,
      type,
      // Names stand for records here; the store knows them by number.
      record: Fixture.numberOf(record),
      sequence,
      body: sealer.seal(RunEvents.bodyPlace(id), encoder.encode(body)),
      createdAt: at
    }
  })
  yield* syncs.commitPage(claimed.lease, { checkpoint: null, rows: [], seen: [], events, counts: noCounts, issues: [] })
  yield* wakeup.notify(destinationId)
  const end = Effect.gen(function* () {
    const current = (yield* syncs.runsById([runId]))[0]!
    const endedAt = yield* Clock.currentTimeMillis
    yield* syncs.endRun(
      claimed.lease,
      {
        status: "processed",
        at: endedAt,
        events: RunEvents.processed(current, sealer, endedAt, current.emitted),
        heldDeletions: 0,
        issues: [],
        job: {}
      },
      RunEvents.close({ sealer: () => sealer, destination: () => ({ events: null }), now: endedAt })
    )
    yield* wakeup.notify(destinationId)
  })
  if (options.end !== false) yield* end
  return { events, end }
})

/** The run as it is stored now. */
export const runStatus = (runId: string) =>
  Effect.flatMap(SyncStore, (syncs) => Effect.map(syncs.runsById([runId]), (runs) => runs[0]!))

/** The event as the log has it; a defect when there is none. */
export const eventOf = (id: string) =>
  Effect.flatMap(OutboxStore, (outbox) => Effect.map(outbox.event(workspaceId, id), Option.getOrThrow))

/** The attempts at an event, first to last. */
export const attemptsOf = (id: string) => Effect.flatMap(OutboxStore, (outbox) => outbox.attempts(id))
