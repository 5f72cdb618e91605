import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { noProgress, type ReplayFilter } from "../../replay/Replay.ts"
import * as Fixture from "./Fixtures.ts"
import { account, failure, ids, type StoreLayer, take, takeReplay, takeRun, theRun } from "./Setup.ts"

const { foreign, workspace } = Fixture

/** The repetition of an event, outside of runs. */
const again = (of: string, id = `again-${of}`) =>
  Fixture.event(id, {
    runId: null,
    record: Fixture.numberOf(of),
    sequence: 2,
    origin: { replayId: "rp_1", eventId: of, runId: "run_1" }
  })

/** A run that was read, whose events came to these fates. */
const ended = (fates: { readonly [id: string]: "acknowledged" | "expired" }) =>
  Effect.gen(function* () {
    const all = yield* account
    const { lease } = yield* takeRun()
    const events = Object.keys(fates).map((id) => Fixture.event(id))
    const rows = Object.keys(fates).map((id) => Fixture.row(id, Fixture.numberOf(id)))
    yield* all.sync.commitPage(lease, Fixture.page({ events, rows }))
    yield* all.sync.endRun(lease, Fixture.ending(), Fixture.close)
    yield* all.outbox.settle(
      (yield* take()).map((event) => Fixture.outcome(event, { kind: fates[event.id]! })),
      Fixture.close
    )
    yield* all.outbox.settle(
      (yield* take()).map((event) => Fixture.outcome(event)),
      Fixture.close
    )
    return all
  })

const selection = (layer: StoreLayer): void => {
  describe("ReplayStore: selection", () => {
    it.effect("finds what the filter says, in parts, up to the log's end at its beginning", () =>
      Effect.gen(function* () {
        const { outbox, replays } = yield* ended({ a: "expired", b: "acknowledged", c: "expired", d: "expired" })
        yield* outbox.enqueue([
          Fixture.looseEvent("loose", { createdAt: 50, destinationId: "dst_2" }),
          Fixture.looseEvent("foreign", { workspaceId: foreign })
        ])
        const found = (filter: ReplayFilter, limit = 100) =>
          Effect.gen(function* () {
            let part = { workspaceId: workspace, filter, cursorPosition: 0, untilPosition: 1_000_000 }
            const seen: Array<string> = []
            for (;;) {
              const scan = yield* replays.scan(part, limit)
              seen.push(...ids(scan.events))
              if (scan.done) return seen
              part = { ...part, cursorPosition: scan.cursorPosition }
            }
          })
        const records = { type: "record.new" } as const
        for (const limit of [1, 2, 3, 100]) {
          assert.deepStrictEqual(yield* found({ runId: "run_1", ...records }, limit), ["a", "b", "c", "d"])
        }
        assert.deepStrictEqual(yield* found({ integrationId: "int_1", states: ["acknowledged"], ...records }), ["b"])
        assert.deepStrictEqual(yield* found({ destinationId: "dst_2" }), ["loose"])
        assert.deepStrictEqual(yield* found({ from: 50 }), ["loose"])
        assert.deepStrictEqual(yield* found({ to: 50, states: ["pending"] }), [])
        assert.deepStrictEqual(yield* found({ eventIds: ["d", "foreign", "none", "a"] }), ["a", "d"])
        const { replay: made } = yield* replays.create(Fixture.replay("rp_1", { filter: { from: 0 } }), 0)
        yield* outbox.enqueue([Fixture.looseEvent("later")])
        assert.notInclude(ids((yield* replays.scan(made, 100)).events), "later")
        const counted = yield* replays.count(workspace, { runId: "run_1", ...records }, 0)
        assert.deepStrictEqual(counted, {
          states: { pending: 0, acknowledged: 1, expired: 3, discarded: 0, coalesced: 0 },
          cursorPosition: null
        })
      }).pipe(Effect.provide(layer))
    )

    it.effect("is the same for the same request a moment later, and for no other workspace", () =>
      Effect.gen(function* () {
        const { replays } = yield* account
        const same = { fingerprint: "same" }
        const first = yield* replays.create(Fixture.replay("rp_1", same), 100)
        assert.isTrue(first.created)
        assert.deepStrictEqual(yield* replays.create(Fixture.replay("rp_2", { ...same, createdAt: 99 }), 100), {
          replay: first.replay,
          created: false
        })
        assert.isTrue((yield* replays.create(Fixture.replay("rp_3", { ...same, workspaceId: foreign }), 100)).created)
        assert.isTrue((yield* replays.create(Fixture.replay("rp_4", { ...same, createdAt: 100 }), 100)).created)
        assert.isTrue((yield* replays.create(Fixture.replay("rp_5"), 100)).created)
        assert.isTrue(Option.isNone(yield* replays.get(foreign, "rp_1")))
        assert.deepStrictEqual(yield* replays.get(workspace, "rp_1"), Option.some(first.replay))
        assert.deepStrictEqual(ids((yield* replays.list(workspace, { limit: 9 })).items), ["rp_4", "rp_5", "rp_1"])
        assert.isFalse(yield* replays.cancel(foreign, "rp_1", 5))
        assert.isTrue(yield* replays.cancel(workspace, "rp_1", 5))
        assert.isFalse(yield* replays.cancel(workspace, "rp_1", 6))
        const cancelled = Option.getOrThrow(yield* replays.get(workspace, "rp_1"))
        assert.deepStrictEqual([cancelled.state, cancelled.finishedAt], ["cancelled", 5])
      }).pipe(Effect.provide(layer))
    )
  })
}

const work = (layer: StoreLayer): void => {
  describe("ReplayStore: work", () => {
    it.effect("one process works on a replay at a time, and who lost it changes nothing", () =>
      Effect.gen(function* () {
        const { replays } = yield* account
        yield* replays.create(Fixture.replay("rp_2", { nextAt: 10 }), 0)
        yield* replays.create(Fixture.replay("rp_1"), 0)
        const first = yield* takeReplay()
        assert.deepStrictEqual([first.replay.id, first.replay.state], ["rp_1", "running"])
        assert.isTrue(Option.isNone(yield* replays.claim({ owner: "you", leaseMillis: 1000 })))
        yield* TestClock.setTime(900)
        yield* replays.renew(first.lease, 1000)
        assert.strictEqual((yield* takeReplay(5000)).replay.id, "rp_2")
        yield* TestClock.setTime(1900)
        const second = yield* takeReplay()
        assert.strictEqual(second.replay.id, "rp_1")
        assert.isAbove(second.lease.token, first.lease.token)
        const late = Fixture.replayBatch({
          events: [Fixture.looseEvent("late")],
          cursorPosition: 99,
          skipped: { x: 1 }
        })
        assert.strictEqual(yield* failure(replays.commit(first.lease, late)), "LeaseLost")
        assert.strictEqual(yield* failure(replays.renew(first.lease, 1000)), "LeaseLost")
        assert.strictEqual(yield* failure(replays.release(first.lease, { nextAt: 0, error: null })), "LeaseLost")
        assert.strictEqual(Option.getOrThrow(yield* replays.get(workspace, "rp_1")).cursorPosition, 0)
        yield* replays.release(second.lease, { nextAt: 2500, error: "upstream.unavailable" })
        assert.isTrue(Option.isNone(yield* replays.claim({ owner: "me", leaseMillis: 1000 })))
        yield* TestClock.setTime(2500)
        const third = yield* takeReplay()
        assert.deepInclude(third.replay, { interruptions: 1, lastError: "upstream.unavailable", nextAt: 2500 })
        yield* replays.cancel(workspace, "rp_1", 1)
        assert.strictEqual(yield* failure(replays.commit(third.lease, late)), "LeaseLost")
        assert.deepStrictEqual(yield* take(), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("commits events, rows, cursor and counts together, and each event once", () =>
      Effect.gen(function* () {
        const { outbox, replays, sync } = yield* ended({ a: "expired", b: "acknowledged" })
        yield* outbox.enqueue([Fixture.looseEvent("waits")])
        yield* outbox.settle([Fixture.outcome((yield* take())[0]!, { kind: "retry", at: 900 })], Fixture.close)
        yield* replays.create(Fixture.replay("rp_1"), 0)
        const { lease } = yield* takeReplay()
        const row = Fixture.row("a", Fixture.numberOf("a"), { sequence: 2 })
        const first = Fixture.replayBatch({
          cursorPosition: 1,
          examined: 2,
          events: [again("a")],
          rows: [{ jobId: "job_1", row, sequence: 1 }],
          due: ["waits", "b", "none"],
          skipped: { why: 1 },
          nextAt: 7
        })
        yield* replays.commit(lease, first)
        assert.deepStrictEqual((yield* sync.lookup("job_1", ["a"]))[0]?.sequence, 2)
        assert.strictEqual(yield* failure(replays.commit(lease, { ...first, cursorPosition: 5 })), "Conflict")
        yield* replays.commit(lease, {
          ...first,
          rows: [],
          cursorPosition: 2,
          skipped: { why: 2, other: 1 },
          done: true
        })
        const after = Option.getOrThrow(yield* replays.get(workspace, "rp_1"))
        assert.deepInclude(after, {
          state: "done",
          cursorPosition: 2,
          examined: 4,
          replayed: 1,
          skipped: { why: 3, other: 1 },
          nextAt: 7
        })
        assert.deepStrictEqual(ids(yield* take()).toSorted(), ["again-a", "waits"])
        const progress = yield* replays.progress(["rp_1", "rp_9"])
        assert.deepStrictEqual([...progress], [["rp_1", { ...noProgress, pending: 1 }]])
        const logged = Option.getOrThrow(yield* outbox.event(workspace, "again-a"))
        assert.deepInclude(logged, { replayId: "rp_1", replayOf: "a", originRunId: "run_1", runId: null })
        assert.isTrue(Option.isNone(yield* replays.claim({ owner: "me", leaseMillis: 1000 })))
      }).pipe(Effect.provide(layer))
    )

    it.effect("a page that was made from rows which a replay has changed is refused, and no other", () =>
      Effect.gen(function* () {
        const { replays, sync } = yield* ended({ a: "acknowledged", b: "acknowledged" })
        yield* sync.startRun(Fixture.run("run_2"))
        const run = yield* takeRun()
        yield* replays.create(Fixture.replay("rp_1"), 0)
        const { lease } = yield* takeReplay()
        const row = (id: string, sequence: number) =>
          Fixture.row(id, Fixture.numberOf(id), { sequence, raw: "changed" })
        yield* replays.commit(
          lease,
          Fixture.replayBatch({ events: [again("a")], rows: [{ jobId: "job_1", row: row("a", 2), sequence: 1 }] })
        )
        const event = (id: string, of: string, sequence: number) =>
          Fixture.event(id, { runId: "run_2", record: Fixture.numberOf(of), sequence, type: "record.modified" })
        const stale = Fixture.page({ events: [event("stale", "a", 2)], rows: [row("a", 2)] })
        assert.strictEqual(yield* failure(sync.commitPage(run.lease, stale)), "Conflict")
        assert.strictEqual(
          yield* failure(sync.commitPage(run.lease, Fixture.page({ rows: [row("a", 1)] }))),
          "Conflict"
        )
        assert.strictEqual((yield* theRun("run_2")).emitted, 0)
        yield* sync.commitPage(
          run.lease,
          Fixture.page({
            events: [event("b2", "b", 2), event("a3", "a", 3)],
            rows: [row("b", 2), row("a", 3), row("new", 1)]
          })
        )
        assert.strictEqual((yield* theRun("run_2")).emitted, 2)
      }).pipe(Effect.provide(layer))
    )
  })
}

const repairs = (layer: StoreLayer): void => {
  describe("ReplayStore: what it makes up for", () => {
    it.effect("an acknowledged repetition of a lost event repairs the books of its run, once", () =>
      Effect.gen(function* () {
        const { outbox, replays, sync } = yield* ended({ a: "expired", b: "expired", c: "acknowledged" })
        const before = yield* theRun("run_1")
        assert.deepStrictEqual([before.status, before.consumed, before.expired], ["incomplete", 1, 2])
        yield* replays.create(Fixture.replay("rp_1"), 0)
        const { lease } = yield* takeReplay()
        yield* replays.commit(
          lease,
          Fixture.replayBatch({ events: [again("a"), again("b"), again("c"), again("a", "twice")] })
        )
        const settle = (id: string, kind: "acknowledged" | "expired") =>
          Effect.gen(function* () {
            const claimed = yield* take()
            yield* outbox.settle(
              claimed.flatMap((event) => (event.id === id ? [Fixture.outcome(event, { kind })] : [])),
              Fixture.close
            )
            yield* outbox.release(claimed)
            const run = yield* theRun("run_1")
            return [run.status, run.emitted, run.consumed, run.expired, run.outstanding]
          })
        assert.deepStrictEqual(yield* settle("again-c", "acknowledged"), ["incomplete", 3, 1, 2, 0])
        assert.deepStrictEqual(yield* settle("again-a", "acknowledged"), ["incomplete", 3, 2, 1, 0])
        assert.deepStrictEqual(yield* settle("twice", "acknowledged"), ["incomplete", 3, 2, 1, 0])
        assert.strictEqual(Option.getOrThrow(yield* outbox.event(workspace, "a")).replacedBy, "again-a")
        const left = yield* replays.scan(
          {
            workspaceId: workspace,
            filter: { runId: "run_1", states: ["expired"] },
            cursorPosition: 0,
            untilPosition: 99
          },
          9
        )
        assert.deepStrictEqual(ids(left.events), ["b"])
        assert.deepStrictEqual(yield* sync.closable(9), [])
        assert.deepStrictEqual(yield* settle("again-b", "acknowledged"), ["processed", 3, 3, 0, 0])
        assert.deepStrictEqual(ids(yield* sync.closable(9)), ["run_1"])
        // Its own key is gone: the closing event is about it, not of it.
        const closing = Fixture.looseEvent("closing", {
          type: "sync.events.allConsumed",
          origin: { replayId: null, eventId: null, runId: "run_1" }
        })
        assert.isTrue(yield* sync.closeRun("run_1", () => closing))
        assert.deepStrictEqual(yield* settle("closing", "acknowledged"), ["completed", 3, 3, 0, 0])
      }).pipe(Effect.provide(layer))
    )

    it.effect("a repetition that expires repairs nothing", () =>
      Effect.gen(function* () {
        const { outbox, replays } = yield* ended({ a: "expired" })
        yield* replays.create(Fixture.replay("rp_1"), 0)
        const { lease } = yield* takeReplay()
        yield* replays.commit(lease, Fixture.replayBatch({ events: [again("a")] }))
        yield* outbox.settle([Fixture.outcome((yield* take())[0]!, { kind: "expired" })], Fixture.close)
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.status, run.consumed, run.expired], ["incomplete", 0, 1])
        assert.isNull(Option.getOrThrow(yield* outbox.event(workspace, "a")).replacedBy)
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What replays must do in every store. */
export const suite = (layer: StoreLayer): void => {
  selection(layer)
  work(layer)
  repairs(layer)
}
