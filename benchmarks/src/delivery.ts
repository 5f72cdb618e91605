/**
 * Deliveries per second, against bare undici in the middle one of three rounds: the same bodies to the same receiver in another process, at the same number
 * of requests at once. Ours has everything on: sealed bodies in SQLite or Postgres (flushed at each commit), two signatures, the
 * address guard, a logged attempt, the body erased and the run's books kept in one transaction per group.
 *
 *   node --conditions=@crochet/source benchmarks/src/delivery.ts [events] [sqlite] [postgres]
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DestinationKeys, DestinationStore, Dispatcher, OutboxStore, SyncStore, Vault, Wakeup } from "@crochet/core"
import { EgressGuard, NodeCrypto, UndiciTransport } from "@crochet/runtime-node"
import { Effect, Layer, Redacted } from "effect"
import * as BareUndici from "./BareUndici.ts"
import { type Kind, kinds, stores } from "./Database.ts"
import { howMany } from "./HowMany.ts"
import { receiver } from "./ReceiverProcess.ts"
import { recordData, seed } from "./SealedRun.ts"

// Enough for the code to be compiled during the first part.
const events = howMany(40_000)
const rounds = 3
const concurrencies = [16, 64]

const ordinary = new TextEncoder().encode(
  JSON.stringify({ eventId: "ev_1", eventType: "record.new", eventData: recordData(1) })
)
const bare = (url: string, concurrency: number) => BareUndici.bare(url, ordinary, { count: events, concurrency })

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
    const { destination, size } = yield* seed(url, events)
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
