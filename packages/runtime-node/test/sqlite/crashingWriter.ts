/**
 * Started by Crash.test.ts and killed by it: reads a job to its end, page by page, while it delivers, over and over.
 * Prints a line after each commit, so that the test knows how far it came.
 */
import { Run, DestinationStore, IntegrationStore, OutboxStore, SyncStore } from "@crochet/core"
import { Effect, Option } from "effect"
import { Fixtures as Fixture } from "@crochet/core/testing"
import { SqliteStore } from "../../src/index.ts"

const [path, round] = [process.argv[2]!, Number(process.argv[3])]
const body = new Uint8Array(600).fill(7)
const perPage = 40
const pages = 12

/** Page n of the account gives the same rows and events whenever it is read. */
const pageOf = (run: Run.Run, n: number) => {
  const numbers = Array.from({ length: perPage }, (_, index) => n * perPage + index)
  const sequence = Number(run.id.slice(4))
  return Fixture.page({
    checkpoint: new TextEncoder().encode(String(n + 1)),
    rows: numbers.map((ordinal) => Fixture.row(`k${ordinal}`, ordinal, { sequence })),
    seen: [{ chunk: 0, bits: new Uint8Array(64).map((_, byte) => (byte <= n ? 255 : 0)) }],
    events: numbers.map((ordinal) =>
      Fixture.event(`ev_${run.id}_${ordinal}`, { runId: run.id, record: ordinal, sequence, body })
    ),
    counts: { ...Run.noCounts, pages: 1, processed: perPage }
  })
}

const program = Effect.gen(function* () {
  const sync = yield* SyncStore.SyncStore
  const outbox = yield* OutboxStore.OutboxStore
  const destinations = yield* DestinationStore.DestinationStore
  const integrations = yield* IntegrationStore.IntegrationStore
  yield* integrations.save(Fixture.integration("int_1"))
  yield* destinations.save(Fixture.destination("dst_1"))
  yield* sync.saveJob(Fixture.job("job_1"))
  const say = (text: string) => Effect.sync(() => process.stdout.write(`${text}\n`))
  const deliver = Effect.gen(function* () {
    const claimed = yield* outbox.claim({ destinationId: "dst_1", owner: String(round), limit: 16, leaseMillis: 1 })
    if (claimed.length === 0) return 0
    yield* outbox.settle(
      claimed.map((event, n) =>
        Fixture.outcome(
          event,
          n % 7 === 3 && event.attempts === 0 ? { kind: "retry", at: 0 } : { kind: "acknowledged" }
        )
      ),
      Fixture.close
    )
    yield* say("settled")
    return claimed.length
  })
  for (let n = round * 1_000; ; n++) {
    yield* sync.startRun(Fixture.run(`run_${n}`, { createdAt: n }))
    const claimed = yield* sync.claimRun({ owner: String(round), leaseMillis: 1 })
    if (Option.isNone(claimed)) continue
    const { checkpoint, lease, run } = claimed.value
    const first = checkpoint === null ? 0 : Number(new TextDecoder().decode(checkpoint))
    for (let page = first; page < pages; page++) {
      yield* sync.commitPage(lease, pageOf(run, page))
      yield* say("committed")
      yield* deliver
    }
    const told = Fixture.event(`ev_${run.id}_processed`, {
      runId: run.id,
      type: "sync.events.processed",
      record: null,
      sequence: null
    })
    yield* sync.endRun(lease, Fixture.ending({ events: [told] }), Fixture.close)
    yield* say("ended")
    while ((yield* deliver) > 0);
  }
})

await Effect.runPromise(Effect.provide(program, SqliteStore.layer({ path })))
