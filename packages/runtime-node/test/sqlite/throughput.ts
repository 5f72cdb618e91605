/**
 * Measures the SQLite store: `node --conditions=@crochet/source packages/runtime-node/test/sqlite/throughput.ts [records] [full|normal]`
 */
import { readFileSync, rmSync, statSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DestinationStore, IntegrationStore, OutboxStore, Run, SyncStore } from "@crochet/core"
import { Effect, Option } from "effect"
import { SqliteStore } from "../../src/index.ts"
import { Fixtures as Fixture } from "@crochet/core/testing"

const records = Number(process.argv[2] ?? 200_000)
const synchronous = process.argv[3] === "normal" ? "normal" : "full"
const pageSize = 1_000
const group = 256
const body = new Uint8Array(1_500).map((_, n) => (n * 131) % 251)
const folder = mkdtempSync(join(tmpdir(), "crochet-throughput-"))
const path = join(folder, "crochet.db")

const hash = (n: number) =>
  Buffer.from(String((n * 2_654_435_761) % 4_294_967_296).padStart(16, "0"))
    .toString("base64url")
    .slice(0, 22)
const mib = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MiB`

/** Bytes that the process has handed to the operating system. Linux only. */
const written = (): number => {
  try {
    return Number(/wchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}

const timed = <A, E, R>(name: string, count: number, self: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = written()
    const start = performance.now()
    const result = yield* self
    const seconds = (performance.now() - start) / 1000
    const rate = `${Math.round(count / seconds).toLocaleString("en")}/s`
    console.log(
      `${name.padEnd(48)} ${seconds.toFixed(2).padStart(6)} s ${rate.padStart(10)}   ` +
        `${((written() - before) / count / 1024).toFixed(1)} KiB written each   rss ${mib(process.memoryUsage.rss())}`
    )
    return result
  })

const program = Effect.gen(function* () {
  const sync = yield* SyncStore.SyncStore
  const outbox = yield* OutboxStore.OutboxStore
  const destinations = yield* DestinationStore.DestinationStore
  const integrations = yield* IntegrationStore.IntegrationStore
  yield* integrations.save(Fixture.integration("int_1"))
  yield* destinations.save(Fixture.destination("dst_1"))
  yield* sync.saveJob(Fixture.job("job_0123456789abcdefghij"))
  const jobId = "job_0123456789abcdefghij"
  const runId = "run_0123456789abcdefghij"
  yield* sync.startRun(Fixture.run(runId, { jobId }))
  const { lease } = Option.getOrThrow(yield* sync.claimRun({ owner: "bench", leaseMillis: 600_000 }))
  const bits = new Uint8Array(4096)

  const pages = Array.from({ length: Math.ceil(records / pageSize) }, (_, page) => page)
  const makePage = (page: number, events: boolean) => {
    const numbers = Array.from({ length: Math.min(pageSize, records - page * pageSize) }, (_, n) => page * pageSize + n)
    return Fixture.page({
      checkpoint: new Uint8Array(64),
      rows: numbers.map((n) => Fixture.row(hash(n), n, { raw: hash(n + 7), identifiers: body.subarray(0, 60) })),
      seen: [{ chunk: Math.floor((page * pageSize) / 32_768), bits }],
      events: events
        ? numbers.map((n) =>
            Fixture.event(`ev_${hash(n)}`, { jobId, runId, record: n, body, integrationId: "int_0123456789abcdef" })
          )
        : [],
      counts: { ...Run.noCounts, pages: 1, processed: numbers.length, new: numbers.length }
    })
  }
  yield* timed(
    `commitPage, ${pageSize} rows + ${pageSize} events of 1.5 KB`,
    records,
    Effect.forEach(pages, (page) => sync.commitPage(lease, makePage(page, true)), { discard: true })
  )
  yield* timed(
    "lookup, 1,000 keys each",
    records,
    Effect.forEach(
      pages,
      (page) =>
        sync.lookup(
          jobId,
          makePage(page, false).rows.map((row) => row.key)
        ),
      { discard: true }
    )
  )
  yield* timed(
    "commitPage, 1,000 rows rewritten, no events",
    records,
    Effect.forEach(pages, (page) => sync.commitPage(lease, makePage(page, false)), { discard: true })
  )
  yield* timed(
    "scan, 10,000 rows each",
    records,
    Effect.gen(function* () {
      let after = -1
      for (;;) {
        const rows = yield* sync.scan(jobId, after, 10_000)
        if (rows.length === 0) return
        after = rows.at(-1)!.ordinal
      }
    })
  )
  console.log("file with full outbox", mib(statSync(path).size), "wal", mib(statSync(`${path}-wal`).size))
  let polls = 0
  const started = performance.now()
  while (performance.now() - started < 500) {
    yield* outbox.dueDestinations
    yield* outbox.nextDueAt
    polls++
  }
  console.log(`dueDestinations + nextDueAt ${(500 / polls).toFixed(3)} ms with a backlog of ${records}`)
  let delivered = 0
  yield* timed(
    `claim + settle, groups of ${group}`,
    records,
    Effect.gen(function* () {
      for (;;) {
        const claimed = yield* outbox.claim({
          destinationId: "dst_1",
          owner: "bench",
          limit: group,
          leaseMillis: 10_000
        })
        if (claimed.length === 0) return
        delivered += claimed.length
        yield* outbox.settle(
          claimed.map((event) => Fixture.outcome(event)),
          Fixture.close
        )
      }
    })
  )
  console.log("delivered", delivered, "file", mib(statSync(path).size), "wal", mib(statSync(`${path}-wal`).size))
  yield* outbox.enqueue(Array.from({ length: 1_000 }, (_, n) => Fixture.looseEvent(`ev_single_${n}`, { body })))
  yield* timed(
    "claim + settle, one by one",
    1_000,
    Effect.gen(function* () {
      for (;;) {
        const claimed = yield* outbox.claim({ destinationId: "dst_1", owner: "bench", limit: 1, leaseMillis: 10_000 })
        if (claimed.length === 0) return
        yield* outbox.settle(
          claimed.map((event) => Fixture.outcome(event)),
          Fixture.close
        )
      }
    })
  )
})

console.log(`${records} records, synchronous=${synchronous}`)
try {
  await Effect.runPromise(Effect.provide(program, SqliteStore.layer({ path, synchronous })))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
