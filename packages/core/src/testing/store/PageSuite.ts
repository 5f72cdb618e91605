import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { noCounts, type RunIssue } from "../../sync/Run.ts"
import * as Fixture from "./Fixtures.ts"
import { account, failure, type StoreLayer, takeRun, theRun } from "./Setup.ts"

const { workspace } = Fixture
const issue = (code: string): RunIssue => ({ at: 1, code, message: code })

/** What pages and snapshots must do in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("SyncStore: pages", () => {
    it.effect("commits rows, bits, events, counters and checkpoint together", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        const bits = new Uint8Array([1])
        yield* sync.commitPage(
          lease,
          Fixture.page({
            rows: [Fixture.row("a", 0), Fixture.row("b", 1)],
            seen: [{ chunk: 0, bits }],
            events: [Fixture.event("ev_a"), Fixture.event("ev_b"), Fixture.event("ev_a")],
            counts: { ...noCounts, pages: 1, processed: 2, new: 2, models: { profile: 2 } },
            issues: [issue("one")]
          })
        )
        bits[0] = 255
        yield* sync.commitPage(
          lease,
          Fixture.page({
            rows: [
              Fixture.row("b", 1, { raw: "changed", state: "missing", reason: "gone", sequence: 2 }),
              Fixture.row("c", 2),
              Fixture.row("c", 2, { mapper: 2 })
            ],
            seen: [
              { chunk: 0, bits: new Uint8Array([3]) },
              { chunk: 1, bits: new Uint8Array([4]) }
            ],
            events: [
              Fixture.event("ev_b", { body: new Uint8Array([0]) }),
              Fixture.event("ev_c", { type: "record.deleted" })
            ],
            counts: { ...noCounts, pages: 1, modified: 1, models: { profile: 1, dependents: 1 } },
            issues: [issue("two")]
          })
        )
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.emitted, run.outstanding, run.consumed, run.expired], [3, 3, 0, 0])
        assert.deepStrictEqual([run.counts.pages, run.counts.new, run.counts.modified], [2, 2, 1])
        assert.deepStrictEqual(run.counts.models, { profile: 3, dependents: 1 })
        assert.deepStrictEqual(
          run.issues.map(({ code }) => code),
          ["one", "two"]
        )
        const rows = [...(yield* sync.lookup("job_1", ["a", "b", "c", "unknown"]))].sort(
          (x, y) => x.ordinal - y.ordinal
        )
        assert.deepStrictEqual(
          rows.map(({ key, ordinal, raw, state, reason, sequence, mapper }) => [
            key,
            ordinal,
            raw,
            state,
            reason,
            sequence,
            mapper
          ]),
          [
            ["a", 0, "raw-of-a", "live", null, 1, 1],
            ["b", 1, "changed", "missing", "gone", 2, 1],
            ["c", 2, "raw-of-c", "live", null, 1, 2]
          ]
        )
        assert.strictEqual(new TextDecoder().decode(rows[0]!.identifiers), "sealed identifiers of a")
        assert.deepStrictEqual(
          (yield* sync.seen("run_1")).map(({ chunk, bits }) => [chunk, ...bits]),
          [
            [0, 3],
            [1, 4]
          ]
        )
        assert.strictEqual(
          new TextDecoder().decode(Option.getOrThrow(yield* outbox.body(workspace, "ev_b"))),
          "sealed body of ev_b"
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("scans a job's rows by position and tells missing ones", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const { lease } = yield* takeRun()
        const rows = ["d", "a", "c", "b"].map((key, ordinal) =>
          Fixture.row(key, ordinal, ordinal > 1 ? { state: "missing", reason: "gone" } : {})
        )
        yield* sync.commitPage(lease, Fixture.page({ rows }))
        assert.deepStrictEqual(
          (yield* sync.scan("job_1", -1, 3)).map(({ key, ordinal, state }) => [ordinal, key, state]),
          [
            [0, "d", "live"],
            [1, "a", "live"],
            [2, "c", "missing"]
          ]
        )
        assert.deepStrictEqual(
          (yield* sync.scan("job_1", 2, 3)).map(({ key }) => key),
          ["b"]
        )
        assert.deepStrictEqual(yield* sync.scan("job_2", -1, 3), [])
        assert.deepStrictEqual(yield* sync.lookup("job_2", ["a"]), [])
        assert.strictEqual(yield* sync.countMissing("job_1"), 2)
        assert.strictEqual(yield* sync.discardMissing("job_1"), 2)
        assert.strictEqual(yield* sync.countMissing("job_1"), 0)
        assert.strictEqual(yield* sync.discardMissing("job_1"), 0)
        assert.deepStrictEqual(
          (yield* sync.lookup("job_1", ["b"])).map(({ reason, state }) => [state, reason]),
          [["live", null]]
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("takes a page of a thousand rows and events", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        const numbers = Array.from({ length: 1_001 }, (_, n) => n)
        yield* sync.commitPage(
          lease,
          Fixture.page({
            rows: numbers.map((n) => Fixture.row(`k${n}`, n)),
            events: numbers.map((n) => Fixture.event(`ev_${n}`))
          })
        )
        assert.lengthOf(
          yield* sync.lookup(
            "job_1",
            numbers.map((n) => `k${n}`)
          ),
          1_001
        )
        assert.strictEqual(yield* outbox.backlog("dst_1"), 1_001)
        assert.strictEqual((yield* theRun("run_1")).emitted, 1_001)
      }).pipe(Effect.provide(layer))
    )

    it.effect("changes the job with the end of reading, and forgets checkpoint and seen bits", () =>
      Effect.gen(function* () {
        const { sync } = yield* account
        const { lease } = yield* takeRun()
        yield* sync.commitPage(
          lease,
          Fixture.page({ checkpoint: new Uint8Array([1]), seen: [{ chunk: 0, bits: new Uint8Array([1]) }] })
        )
        yield* sync.endRun(
          lease,
          Fixture.ending({
            at: 77,
            heldDeletions: 4,
            issues: [issue("held")],
            events: [Fixture.event("ev_p", { type: "sync.events.processed", record: null, sequence: null })],
            job: { cursor: new Uint8Array([6]), scope: "scope", deltasSinceListing: 3, nextRunAt: 900 }
          }),
          Fixture.close
        )
        const job = Option.getOrThrow(yield* sync.job(workspace, "job_1"))
        assert.deepStrictEqual(
          [[...job.cursor!], job.scope, job.deltasSinceListing, job.nextRunAt],
          [[6], "scope", 3, 900]
        )
        const run = yield* theRun("run_1")
        assert.deepStrictEqual(
          [
            run.status,
            run.processedAt,
            run.completedAt,
            run.heldDeletions,
            run.emitted,
            run.outstanding,
            run.issues.length
          ],
          ["processed", 77, null, 4, 0, 1, 1]
        )
        assert.deepStrictEqual(yield* sync.seen("run_1"), [])
        assert.strictEqual(yield* failure(sync.commitPage(lease, Fixture.page())), "LeaseLost")
        assert.strictEqual(yield* failure(sync.endRun(lease, Fixture.ending(), Fixture.close)), "LeaseLost")
        yield* sync.startRun(Fixture.run("run_2"))
        const next = yield* takeRun()
        assert.isNull(next.checkpoint)
        yield* sync.endRun(next.lease, Fixture.ending({ job: { nextRunAt: null } }), Fixture.close)
        const after = Option.getOrThrow(yield* sync.job(workspace, "job_1"))
        assert.deepStrictEqual([after.nextRunAt, after.scope, after.deltasSinceListing], [null, "scope", 3])
      }).pipe(Effect.provide(layer))
    )
  })
}
