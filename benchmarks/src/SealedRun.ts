import {
  DestinationKeys,
  DestinationStore,
  Envelope,
  IntegrationStore,
  KeyStore,
  Run,
  RunEvents,
  Signature,
  SyncStore,
  Vault,
  type Event
} from "@crochet/core"
import { Fixtures } from "@crochet/core/testing"
import { Effect, Option, Redacted } from "effect"

const workspaceId = "ws_bench"
const encoder = new TextEncoder()

/** About 1.4 KB as it is sent, the size of an ordinary employee with its profile and employment. */
export const recordData = (n: number): string =>
  JSON.stringify({
    profile: {
      employeeId: `emp_${n}`,
      firstName: "Maximiliana",
      lastName: `Musterfrau ${n}`,
      workEmail: `maximiliana.musterfrau.${n}@example.com`,
      employmentStatus: "ACTIVE",
      startDate: "2019-04-01T00:00:00Z",
      birthDate: "1987-11-23T00:00:00Z",
      gender: "FEMALE",
      maritalStatus: "MARRIED"
    },
    employment: Array.from({ length: 3 }, (_, i) => ({
      positionId: `pos_${n}_${i}`,
      designation: "Senior Process Engineer",
      department: "Manufacturing and Logistics",
      effectiveDate: `20${19 + i}-04-01T00:00:00Z`,
      manager: { employeeId: `emp_${i}`, workEmail: `manager.${i}@example.com` }
    })),
    location: {
      permanentAddress: null,
      presentAddress: { addressLine1: "Musterstrasse 1", city: "Berlin", zipCode: "10115" }
    }
  })

/** Writes everything that a run with so many sealed events for the URL needs; its destination is paused. */
export const seed = Effect.fnUntraced(function* (url: string, events: number) {
  const vault = yield* Vault.Vault
  const keys = yield* KeyStore.KeyStore
  const syncs = yield* SyncStore.SyncStore
  const now = Date.now()
  const scope = { owner: "workspace", ownerId: workspaceId, workspaceId } as const
  yield* keys.addWorkspace(workspaceId, now)
  const workspace = yield* vault.sealer(scope)
  const secret = Signature.newSecret({ randomBytes: (length) => new Uint8Array(length).fill(9) })
  yield* keys.addApiKey(
    Fixtures.apiKey("key_1", {
      workspaceId,
      sealedKey: workspace.seal(DestinationKeys.places.apiKey("key_1"), encoder.encode("ck_bench"))
    })
  )
  yield* Effect.flatMap(IntegrationStore.IntegrationStore, (store) =>
    store.save(Fixtures.integration("int_1", { workspaceId }))
  )
  const destination = Fixtures.destination("dst_1", {
    workspaceId,
    category: null,
    url,
    events: null,
    aliases: {},
    secret: workspace.seal(DestinationKeys.places.secret("dst_1"), encoder.encode(Redacted.value(secret))),
    state: "paused",
    createdAt: now,
    updatedAt: now
  })
  yield* Effect.flatMap(DestinationStore.DestinationStore, (store) => store.save(destination))
  yield* syncs.saveJob(Fixtures.job("job_1", { workspaceId }))
  const run = Fixtures.run("run_1", { workspaceId, createdAt: now })
  yield* syncs.startRun(run)
  const { lease } = Option.getOrThrow(yield* syncs.claimRun({ owner: "bench", leaseMillis: 600_000 }))
  const sealer = yield* vault.sealer({ owner: "run", ownerId: "run_1", workspaceId })
  let size = 0
  for (let from = 0; from < events; from += 500) {
    const page: Array<Event.NewEvent> = []
    for (let n = from; n < Math.min(from + 500, events); n++) {
      const id = RunEvents.eventId(sealer, "run_1", `r${n}/1`, "record.new")
      const body = encoder.encode(
        Envelope.ofRecord(
          {
            eventId: id,
            eventType: "record.new",
            syncType: "initial_sync",
            syncDataType: "employee",
            syncJobId: "job_1",
            syncRunId: "run_1",
            appId: run.appId,
            originOrgId: run.originOrgId,
            occurredAt: now,
            recordId: `r${n}`,
            sequence: 1
          },
          recordData(n)
        )
      )
      size = body.length
      page.push({
        id,
        workspaceId,
        destinationId: "dst_1",
        integrationId: "int_1",
        jobId: "job_1",
        runId: "run_1",
        type: "record.new",
        record: n,
        sequence: 1,
        body: sealer.seal(RunEvents.bodyPlace(id), body),
        createdAt: now
      })
    }
    yield* syncs.commitPage(lease, {
      checkpoint: null,
      rows: [],
      seen: [],
      events: page,
      counts: Run.noCounts,
      issues: []
    })
  }
  const read = (yield* syncs.runsById(["run_1"]))[0]!
  yield* syncs.endRun(
    lease,
    {
      status: "processed",
      at: now,
      events: RunEvents.processed(read, sealer, now, read.emitted),
      heldDeletions: 0,
      issues: [],
      job: {}
    },
    RunEvents.close({ sealer: () => sealer, destination: () => destination, now })
  )
  return { destination, size }
})
