/**
 * Deliveries per second, against bare undici in the middle one of three rounds: the same bodies to the same receiver in another process, at the same number
 * of requests at once. Ours has everything on: sealed bodies in SQLite or Postgres (flushed at each commit), two signatures, the
 * address guard, a logged attempt, the body erased and the run's books kept in one transaction per group.
 *
 *   node --conditions=@crochet/source benchmarks/src/delivery.ts [events] [sqlite] [postgres]
 */
import { fork } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  DestinationKeys,
  DestinationStore,
  Dispatcher,
  Envelope,
  IntegrationStore,
  KeyStore,
  OutboxStore,
  Run,
  RunEvents,
  Signature,
  SyncStore,
  Vault,
  Wakeup,
  type Destination,
  type Event,
  type Job
} from "@crochet/core"
import { EgressGuard, NodeCrypto, UndiciTransport } from "@crochet/runtime-node"
import { Effect, Layer, Option, Redacted } from "effect"
import { Agent, request } from "undici"
import { type Kind, kinds, stores } from "./Database.ts"

// Enough for the code to be compiled during the first part.
const events = Number(process.argv[2] ?? 40_000)
const rounds = 3
const concurrencies = [16, 64]
const workspaceId = "ws_bench"
const encoder = new TextEncoder()

/** About 1.4 KB as it is sent, the size of an ordinary employee with its profile and employment. */
const recordData = (n: number): string =>
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

const receiver = async () => {
  const child = fork(new URL("delivery-receiver.ts", import.meta.url), { stdio: "inherit" })
  const answer = <A>() => new Promise<A>((resolve) => child.once("message", (message) => resolve(message as A)))
  const { port } = await answer<{ port: number }>()
  const ask = <A>(what: string) => {
    const answered = answer<A>()
    child.send(what)
    return answered
  }
  return {
    url: `http://127.0.0.1:${port}/hook`,
    reset: () => ask<object>("reset"),
    report: () => ask<{ requests: number; unique: number; last: string }>("report"),
    stop: () => child.send("stop")
  }
}

/** POSTs and nothing else. */
const bare = async (url: string, concurrency: number): Promise<number> => {
  const agent = new Agent({ connections: concurrency })
  const body = encoder.encode(JSON.stringify({ eventId: "ev_1", eventType: "record.new", eventData: recordData(1) }))
  let left = events
  const began = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) {
        const answer = await request(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          dispatcher: agent
        })
        await answer.body.dump()
        if (answer.statusCode !== 200) throw new Error(`The receiver answered ${answer.statusCode}`)
      }
    })
  )
  const seconds = (performance.now() - began) / 1000
  await agent.close()
  return events / seconds
}

/** Writes everything that a run with this many events needs. */
const seed = Effect.fnUntraced(function* (url: string) {
  const vault = yield* Vault.Vault
  const keys = yield* KeyStore.KeyStore
  const syncs = yield* SyncStore.SyncStore
  const now = Date.now()
  const scope = { owner: "workspace", ownerId: workspaceId, workspaceId } as const
  yield* keys.addWorkspace(workspaceId, now)
  const workspace = yield* vault.sealer(scope)
  const secret = Signature.newSecret({ randomBytes: (length) => new Uint8Array(length).fill(9) })
  yield* keys.addApiKey({
    id: "key_1",
    workspaceId,
    name: "bench",
    prefix: "ck",
    hash: "00",
    scopes: ["admin"],
    createdAt: now,
    lastUsedAt: null,
    revokedAt: null,
    sealedKey: workspace.seal(DestinationKeys.places.apiKey("key_1"), encoder.encode("ck_bench"))
  })
  yield* Effect.flatMap(IntegrationStore.IntegrationStore, (store) =>
    store.save({
      id: "int_1",
      workspaceId,
      appId: "bench",
      category: "HRIS",
      originOrgId: "org",
      originOrgName: null,
      accountType: "test",
      testSince: null,
      state: "active",
      settings: {},
      accountName: null,
      subject: null,
      lastError: null,
      createdAt: now,
      updatedAt: now,
      deactivatedAt: null
    })
  )
  const destination: Destination.Destination = {
    id: "dst_1",
    workspaceId,
    category: null,
    url,
    events: null,
    mode: "knit",
    aliases: {},
    ack: "200",
    apiKeyId: "key_1",
    secret: workspace.seal(DestinationKeys.places.secret("dst_1"), encoder.encode(Redacted.value(secret))),
    headers: null,
    state: "paused",
    pausedReason: null,
    pausedAt: null,
    concurrency: null,
    ratePerSecond: null,
    ordering: "record",
    coalesce: false,
    signatures: ["v1"],
    previousSecrets: [],
    createdAt: now,
    updatedAt: now
  }
  yield* Effect.flatMap(DestinationStore.DestinationStore, (store) => store.save(destination))
  const job: Job.Job = {
    id: "job_1",
    workspaceId,
    integrationId: "int_1",
    appId: "bench",
    originOrgId: "org",
    category: "HRIS",
    dataType: "employee",
    models: [],
    frequency: "standard",
    honorScheduler: false,
    startAt: null,
    destinationId: "dst_1",
    filters: {},
    watchFields: [],
    includeInactive: false,
    state: "active",
    nextRunAt: null,
    cursor: null,
    scope: null,
    deltasSinceListing: 0,
    createdAt: now,
    updatedAt: now
  }
  yield* syncs.saveJob(job)
  const run: Run.Run = {
    id: "run_1",
    workspaceId,
    jobId: "job_1",
    integrationId: "int_1",
    appId: "bench",
    originOrgId: "org",
    dataType: "employee",
    type: "initial_sync",
    mode: "initial",
    trigger: "api",
    status: "queued",
    destinationId: "dst_1",
    createdAt: now,
    startedAt: null,
    processedAt: null,
    completedAt: null,
    resumeAt: null,
    interruptions: 0,
    counts: Run.noCounts,
    emitted: 0,
    consumed: 0,
    coalesced: 0,
    outstanding: 0,
    expired: 0,
    heldDeletions: 0,
    issues: []
  }
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
            appId: "bench",
            originOrgId: "org",
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

const ours = async (kind: Kind, url: string, concurrency: number) => {
  const folder = await mkdtemp(join(tmpdir(), "crochet-bench-"))
  const foundation = DestinationKeys.DestinationKeys.layer.pipe(
    Layer.provideMerge(Vault.Vault.layer(Redacted.make(new Uint8Array(32).fill(1)))),
    Layer.provideMerge(Layer.mergeAll(stores(kind, folder), NodeCrypto.layer, Wakeup.Wakeup.layer)),
    Layer.provideMerge(
      UndiciTransport.layer().pipe(Layer.provide(EgressGuard.EgressGuard.layer({ allow: ["127.0.0.0/8"] })))
    )
  )
  const program = Effect.gen(function* () {
    const { destination, size } = yield* seed(url)
    const store = yield* DestinationStore.DestinationStore
    const outbox = yield* OutboxStore.OutboxStore
    const wakeup = yield* Wakeup.Wakeup
    const syncs = yield* SyncStore.SyncStore
    yield* Layer.build(Dispatcher.Dispatcher.layer({ concurrency }))
    const began = performance.now()
    const cpu = process.cpuUsage()
    yield* store.save({ ...destination, state: "active" })
    yield* wakeup.notify("dst_1")
    while ((yield* syncs.runsById(["run_1"]))[0]!.status !== "completed") yield* Effect.sleep(20)
    const seconds = (performance.now() - began) / 1000
    const used = process.cpuUsage(cpu)
    return {
      perSecond: (events + 3) / seconds,
      size,
      left: yield* outbox.backlog("dst_1"),
      cpu: (used.user + used.system) / 1e6 / seconds
    }
  })
  try {
    return await Effect.runPromise(Effect.provide(Effect.scoped(program), foundation))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const rows: Array<Record<string, string | number>> = []
const other = await receiver()
try {
  const runs = concurrencies.flatMap((concurrency) =>
    kinds(process.argv.slice(3)).map((kind) => ({ concurrency, kind }))
  )
  for (const { concurrency, kind } of runs) {
    await bare(other.url, concurrency)
    const measured: Array<{ undici: number; ratio: number; perSecond: number; cpu: number; size: number }> = []
    let lost = 0
    let duplicated = 0
    // Alternating: a shared machine is faster at one time than at another.
    for (let round = 0; round < rounds; round++) {
      const before = await bare(other.url, concurrency)
      await other.reset()
      const { left, ...result } = await ours(kind, other.url, concurrency)
      const report = await other.report()
      const undici = (before + (await bare(other.url, concurrency))) / 2
      measured.push({ ...result, undici, ratio: result.perSecond / undici })
      lost += events + 3 - report.unique + left
      duplicated += report.requests - report.unique
    }
    measured.sort((a, b) => a.ratio - b.ratio)
    const middle = measured[Math.floor(rounds / 2)]!
    rows.push({
      database: kind,
      "requests at once": concurrency,
      "bare undici /s": Math.round(middle.undici),
      "Crochet /s": Math.round(middle.perSecond),
      ratio: Number(middle.ratio.toFixed(2)),
      "from, to": `${measured[0]!.ratio.toFixed(2)}, ${measured.at(-1)!.ratio.toFixed(2)}`,
      "body bytes": middle.size,
      "cpu of sender": Number(middle.cpu.toFixed(2)),
      lost,
      duplicated
    })
  }
} finally {
  other.stop()
}
console.table(rows)
