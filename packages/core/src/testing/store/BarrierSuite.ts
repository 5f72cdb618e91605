import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import type { CloseRun } from "../../store/SyncStore.ts"
import * as Fixture from "./Fixtures.ts"
import { account, ids, type StoreLayer, take, takeRun, theRun } from "./Setup.ts"

const { workspace } = Fixture

/** A run with a data key that emitted the events and was read to its end. */
const processed = (events: ReadonlyArray<string>, close: CloseRun = Fixture.close) =>
  Effect.gen(function* () {
    const all = yield* account
    const key = { id: "dk", workspaceId: workspace, masterKeyId: "m", wrapped: new Uint8Array([1]), createdAt: 0 }
    yield* all.keys.addDataKey({ ...key, owner: "run", ownerId: "run_1" })
    const { lease } = yield* takeRun()
    yield* all.sync.commitPage(lease, Fixture.page({ events: events.map((id) => Fixture.event(id)) }))
    yield* all.sync.endRun(lease, Fixture.ending(), close)
    return { ...all, hasKey: Effect.map(all.keys.dataKey("run", "run_1"), Option.isSome) }
  })

/** When a run is over, in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("the barrier", () => {
    it.effect(
      "writes the closing event with the last acknowledgement, and completes the run with the closing event's",
      () =>
        Effect.gen(function* () {
          const { hasKey, outbox } = yield* processed(["a", "b"])
          const [a, b] = yield* take()
          assert.deepStrictEqual(yield* outbox.settle([Fixture.outcome(a!)], Fixture.close), {
            lost: [],
            closed: [],
            turns: []
          })
          assert.deepStrictEqual(yield* take(), [])
          assert.deepStrictEqual(yield* outbox.settle([Fixture.outcome(b!)], Fixture.close), {
            lost: [],
            closed: ["run_1"],
            turns: []
          })
          const before = yield* theRun("run_1")
          assert.deepStrictEqual(
            [before.status, before.emitted, before.consumed, before.outstanding],
            ["processed", 2, 2, 0]
          )
          const [closing, ...others] = yield* take()
          assert.deepStrictEqual([closing!.type, others.length], ["sync.events.allConsumed", 0])
          yield* TestClock.setTime(5)
          assert.isTrue(yield* hasKey)
          assert.deepStrictEqual(yield* outbox.settle([Fixture.outcome(closing!)], Fixture.close), {
            lost: [],
            closed: [],
            turns: []
          })
          const after = yield* theRun("run_1")
          assert.deepStrictEqual(
            [after.status, after.completedAt, after.outstanding, after.consumed],
            ["completed", 5, 0, 2]
          )
          assert.isFalse(yield* hasKey)
        }).pipe(Effect.provide(layer))
    )

    it.effect("tells the closing event the counters that include the settlement", () =>
      Effect.gen(function* () {
        const { outbox } = yield* processed(["a", "b"])
        const seen: Array<ReadonlyArray<number>> = []
        const spy: CloseRun = (run) => {
          seen.push([run.emitted, run.consumed, run.outstanding, run.expired])
          return Fixture.close(run)
        }
        const claimed = yield* take()
        yield* outbox.settle([Fixture.outcome(claimed[0]!), Fixture.outcome(claimed[1]!, { kind: "expired" })], spy)
        assert.deepStrictEqual(seen, [[2, 1, 0, 1]])
      }).pipe(Effect.provide(layer))
    )

    it.effect("stays shut while the run reads, and opens when reading ends after everything was acknowledged", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        yield* sync.commitPage(lease, Fixture.page({ events: [Fixture.event("a")] }))
        assert.deepStrictEqual(
          (yield* outbox.settle(
            (yield* take()).map((event) => Fixture.outcome(event)),
            Fixture.close
          )).closed,
          []
        )
        yield* sync.endRun(lease, Fixture.ending({ at: 3 }), Fixture.close)
        assert.strictEqual((yield* theRun("run_1")).status, "processed")
        const [closing] = yield* take()
        assert.strictEqual(closing!.type, "sync.events.allConsumed")
        yield* outbox.settle([Fixture.outcome(closing!)], Fixture.close)
        assert.strictEqual((yield* theRun("run_1")).status, "completed")
      }).pipe(Effect.provide(layer))
    )

    it.effect("waits for the processed event too", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        const told = { record: null, sequence: null, type: "sync.events.processed" } as const
        yield* sync.endRun(lease, Fixture.ending({ events: [Fixture.event("p", told)] }), Fixture.close)
        const [event, ...others] = yield* take()
        assert.deepStrictEqual([event!.id, others.length], ["p", 0])
        assert.deepStrictEqual((yield* outbox.settle([Fixture.outcome(event!)], Fixture.close)).closed, ["run_1"])
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.emitted, run.consumed], [0, 0])
      }).pipe(Effect.provide(layer))
    )

    it.effect("completes an empty run at once when nobody wants to hear of it", () =>
      Effect.gen(function* () {
        const { hasKey, outbox } = yield* processed([], Fixture.closeSilently)
        assert.strictEqual((yield* theRun("run_1")).status, "completed")
        assert.isNotNull((yield* theRun("run_1")).completedAt)
        assert.strictEqual(yield* outbox.backlog("dst_1"), 0)
        assert.isFalse(yield* hasKey)
      }).pipe(Effect.provide(layer))
    )

    it.effect("completes with the last acknowledgement when nobody wants to hear of it", () =>
      Effect.gen(function* () {
        const { hasKey, outbox } = yield* processed(["a"])
        yield* TestClock.setTime(8)
        const settlement = yield* outbox.settle([Fixture.outcome((yield* take())[0]!)], Fixture.closeSilently)
        assert.deepStrictEqual(settlement.closed, [])
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.status, run.completedAt], ["completed", 8])
        assert.isFalse(yield* hasKey)
      }).pipe(Effect.provide(layer))
    )

    it.effect("calls a run incomplete of which an event expired, whether or not it says so", () =>
      Effect.gen(function* () {
        const { outbox } = yield* processed(["a", "b"])
        const [a, b] = yield* take()
        yield* outbox.settle([Fixture.outcome(a!, { kind: "expired" }), Fixture.outcome(b!)], Fixture.close)
        const [closing] = yield* take()
        assert.strictEqual(closing!.type, "sync.events.incomplete")
        yield* outbox.settle([Fixture.outcome(closing!)], Fixture.close)
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.status, run.consumed, run.expired, run.outstanding], ["incomplete", 1, 1, 0])
      }).pipe(Effect.provide(layer))
    )

    it.effect("calls a run incomplete whose closing event expired", () =>
      Effect.gen(function* () {
        const { hasKey, outbox } = yield* processed(["a"])
        yield* outbox.settle([Fixture.outcome((yield* take())[0]!)], Fixture.close)
        const [closing] = yield* take()
        yield* outbox.settle([Fixture.outcome(closing!, { kind: "retry", at: 0 })], Fixture.close)
        assert.strictEqual((yield* theRun("run_1")).status, "processed")
        const [again] = yield* take()
        yield* outbox.settle([Fixture.outcome(again!, { kind: "expired" })], Fixture.close)
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.status, run.expired, run.consumed], ["incomplete", 0, 1])
        assert.isFalse(yield* hasKey)
      }).pipe(Effect.provide(layer))
    )

    it.effect("makes one closing event even when a late event follows it", () =>
      Effect.gen(function* () {
        const { outbox } = yield* processed(["a"])
        yield* outbox.settle([Fixture.outcome((yield* take())[0]!)], Fixture.close)
        yield* outbox.enqueue([Fixture.event("late")])
        const claimed = yield* take()
        assert.deepStrictEqual(ids(claimed), ["ev_close_run_1", "late"])
        const settlement = yield* outbox.settle([Fixture.outcome(claimed[1]!)], Fixture.close)
        assert.deepStrictEqual(settlement.closed, [])
        assert.strictEqual(yield* outbox.backlog("dst_1"), 0)
      }).pipe(Effect.provide(layer))
    )

    it.effect("changes nothing when the closing event cannot be made", () =>
      Effect.gen(function* () {
        const { outbox } = yield* processed(["a"])
        const [a] = yield* take()
        const broken: CloseRun = () => {
          throw new Error("no key")
        }
        const exit = yield* Effect.exit(outbox.settle([Fixture.outcome(a!)], broken))
        assert.strictEqual(exit._tag, "Failure")
        assert.deepStrictEqual(yield* outbox.attempts("a"), [])
        assert.strictEqual((yield* theRun("run_1")).consumed, 0)
        assert.deepStrictEqual((yield* outbox.settle([Fixture.outcome(a!)], Fixture.close)).closed, ["run_1"])
      }).pipe(Effect.provide(layer))
    )

    for (const ended of ["failed", "cancelled"] as const) {
      it.effect(`delivers what a ${ended} run emitted, without a closing event, and then shreds its key`, () =>
        Effect.gen(function* () {
          const { keys, outbox, sync } = yield* account
          const key = { id: "dk", workspaceId: workspace, masterKeyId: "m", wrapped: new Uint8Array([1]), createdAt: 0 }
          yield* keys.addDataKey({ ...key, owner: "run", ownerId: "run_1" })
          const { lease } = yield* takeRun()
          yield* sync.commitPage(
            lease,
            Fixture.page({ events: [Fixture.event("a")], seen: [{ chunk: 0, bits: new Uint8Array([1]) }] })
          )
          if (ended === "failed") yield* sync.endRun(lease, Fixture.ending({ status: "failed", at: 4 }), Fixture.close)
          else {
            assert.isFalse(yield* sync.cancelRun(Fixture.foreign, "run_1", 4))
            assert.isTrue(yield* sync.cancelRun(workspace, "run_1", 4))
            assert.isFalse(yield* sync.cancelRun(workspace, "run_1", 4))
            assert.isFalse(yield* sync.cancelRun(workspace, "gone", 4))
          }
          assert.deepStrictEqual(yield* sync.seen("run_1"), [])
          assert.isTrue(Option.isSome(yield* keys.dataKey("run", "run_1")))
          const settlement = yield* outbox.settle(
            (yield* take()).map((event) => Fixture.outcome(event)),
            Fixture.close
          )
          assert.deepStrictEqual(settlement, { lost: [], closed: [], turns: [] })
          assert.deepStrictEqual(yield* take(), [])
          const run = yield* theRun("run_1")
          assert.deepStrictEqual([run.status, run.processedAt, run.consumed, run.outstanding], [ended, 4, 1, 0])
          assert.isTrue(Option.isNone(yield* keys.dataKey("run", "run_1")))
          assert.isTrue((yield* sync.startRun(Fixture.run("run_2"))).started)
        }).pipe(Effect.provide(layer))
      )
    }
  })
}
