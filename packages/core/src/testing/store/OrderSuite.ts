import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Destination } from "../../destination/Destination.ts"
import type { EventType } from "../../event/EventType.ts"
import * as Fixture from "./Fixtures.ts"
import { account, ids, type StoreLayer, take, takeRun, theRun } from "./Setup.ts"

const of = (id: string, record: number, sequence: number, type: EventType = "record.modified") =>
  Fixture.event(id, { record, sequence, type })

/** A running run whose destination was told the options. */
const reading = (options: Partial<Pick<Destination, "ordering" | "coalesce">>) =>
  Effect.gen(function* () {
    const all = yield* account
    yield* all.destinations.save(Fixture.destination("dst_1", options))
    const { lease } = yield* takeRun()
    const write = (...events: ReadonlyArray<ReturnType<typeof of>>) =>
      all.sync.commitPage(lease, Fixture.page({ events }))
    const state = (id: string) =>
      Effect.map(all.outbox.event(Fixture.workspace, id), (found) => {
        const { replacedBy, state } = Option.getOrThrow(found)
        return [state, replacedBy]
      })
    return { ...all, lease, write, state }
  })

const order = (layer: StoreLayer): void => {
  describe("the order of a destination's events", () => {
    it.effect("none: nothing waits", () =>
      Effect.gen(function* () {
        const { write } = yield* reading({ ordering: "none" })
        yield* write(of("a", 1, 1), of("b", 1, 2), of("c", 1, 3))
        assert.deepStrictEqual(ids(yield* take()), ["a", "b", "c"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("run: one after the other, across records, until the run's last event", () =>
      Effect.gen(function* () {
        const { lease, outbox, sync, write } = yield* reading({ ordering: "run" })
        yield* write(of("a", 1, 1), of("b", 2, 1))
        yield* write(of("c", 3, 1))
        yield* outbox.enqueue([Fixture.looseEvent("loose")])
        const told = Fixture.event("told", { type: "sync.events.processed", record: null, sequence: null })
        yield* sync.endRun(lease, Fixture.ending({ events: [told] }), Fixture.close)
        const seen: Array<string> = []
        for (;;) {
          const claimed = yield* take()
          if (claimed.length === 0) break
          seen.push(ids(claimed).join())
          yield* outbox.settle(
            claimed.map((event) => Fixture.outcome(event, event.id === "b" ? { kind: "expired" } : undefined)),
            Fixture.close
          )
        }
        assert.deepStrictEqual(seen, ["a,loose", "b", "c", "told", "ev_close_run_1"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("run: the order of a record holds, too, across runs", () =>
      Effect.gen(function* () {
        const { lease, outbox, sync, write } = yield* reading({ ordering: "run" })
        yield* write(of("x1", 1, 1))
        yield* sync.endRun(lease, Fixture.ending(), Fixture.close)
        yield* sync.startRun(Fixture.run("run_2"))
        const next = yield* takeRun()
        const second = (id: string, record: number, sequence: number) =>
          Fixture.event(id, { runId: "run_2", record, sequence, type: "record.modified" })
        yield* sync.commitPage(next.lease, Fixture.page({ events: [second("y1", 2, 1), second("x2", 1, 2)] }))
        const first = yield* take()
        assert.deepStrictEqual(ids(first), ["x1", "y1"])
        yield* outbox.settle([Fixture.outcome(first[1]!)], Fixture.close)
        assert.deepStrictEqual(yield* take(), [])
        yield* outbox.settle([Fixture.outcome(first[0]!)], Fixture.close)
        assert.include(ids(yield* take()), "x2")
      }).pipe(Effect.provide(layer))
    )

    it.effect("a change of the mode holds for what waits", () =>
      Effect.gen(function* () {
        const { destinations, outbox, write } = yield* reading({})
        yield* write(of("a1", 1, 1), of("a2", 1, 2), of("b1", 2, 1))
        const become = (ordering: Destination["ordering"]) =>
          Effect.gen(function* () {
            yield* destinations.save(Fixture.destination("dst_1", { ordering }))
            const claimed = yield* take()
            yield* outbox.release(claimed)
            return ids(claimed)
          })
        assert.deepStrictEqual(yield* become("record"), ["a1", "b1"])
        assert.deepStrictEqual(yield* become("none"), ["a1", "a2", "b1"])
        assert.deepStrictEqual(yield* become("run"), ["a1"])
        assert.deepStrictEqual(yield* become("record"), ["a1", "b1"])
      }).pipe(Effect.provide(layer))
    )
  })
}

const coalescing = (layer: StoreLayer): void => {
  describe("coalescing", () => {
    it.effect("a newer change takes the place of one that waits, and the run counts it", () =>
      Effect.gen(function* () {
        const { outbox, state, write } = yield* reading({ coalesce: true })
        yield* write(of("new", 1, 1, "record.new"), of("m2", 1, 2), of("other", 2, 2))
        yield* write(of("m3", 1, 3))
        assert.deepStrictEqual(yield* state("new"), ["pending", null])
        assert.deepStrictEqual(yield* state("m2"), ["coalesced", "m3"])
        assert.isTrue(Option.isNone(yield* outbox.body(Fixture.workspace, "m2")))
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.emitted, run.coalesced, run.outstanding], [4, 1, 3])
        const first = yield* take()
        assert.deepStrictEqual(ids(first), ["new", "other"])
        yield* outbox.settle(
          first.map((event) => Fixture.outcome(event)),
          Fixture.close
        )
        assert.deepStrictEqual(ids(yield* take()), ["m3"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("what somebody holds stays; what is between attempts goes, also for a deletion", () =>
      Effect.gen(function* () {
        const { outbox, state, write } = yield* reading({ coalesce: true })
        yield* write(of("a2", 1, 2), of("b2", 2, 2))
        const [a, b] = yield* take()
        yield* outbox.settle([Fixture.outcome(b!, { kind: "retry", at: 900 })], Fixture.close)
        yield* write(of("a3", 1, 3), of("b3", 2, 3, "record.deleted"))
        assert.deepStrictEqual(yield* state("a2"), ["pending", null])
        assert.deepStrictEqual(yield* state("b2"), ["coalesced", "b3"])
        assert.deepStrictEqual(ids(yield* take()), ["b3"])
        yield* outbox.settle([Fixture.outcome(a!)], Fixture.close)
        assert.deepStrictEqual(ids(yield* take()), ["a3"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("neither a deletion nor anything of another destination, job or record is replaced", () =>
      Effect.gen(function* () {
        const { outbox, state, write } = yield* reading({ coalesce: true })
        yield* outbox.enqueue([
          Fixture.event("there", { record: 1, sequence: 2, type: "record.modified", destinationId: "dst_2" }),
          Fixture.event("job", { record: 1, sequence: 2, type: "record.modified", jobId: "job_2", runId: null }),
          of("gone", 3, 2, "record.deleted")
        ])
        yield* write(of("a", 1, 5), of("b", 3, 3, "record.new"), of("c", 3, 4))
        for (const id of ["there", "job", "gone", "b"]) assert.deepStrictEqual(yield* state(id), ["pending", null])
      }).pipe(Effect.provide(layer))
    )

    it.effect("a run of which nothing is left to deliver waits to be closed", () =>
      Effect.gen(function* () {
        const { lease, outbox, sync, write } = yield* reading({ coalesce: true })
        yield* write(of("a2", 1, 2))
        yield* sync.endRun(lease, Fixture.ending(), Fixture.close)
        yield* sync.startRun(Fixture.run("run_2"))
        const next = yield* takeRun()
        const newer = Fixture.event("a3", { runId: "run_2", record: 1, sequence: 3, type: "record.modified" })
        assert.deepStrictEqual(yield* sync.closable(9), [])
        assert.isFalse(yield* sync.closeRun("run_1", Fixture.close))
        yield* sync.commitPage(next.lease, Fixture.page({ events: [newer] }))
        const before = yield* theRun("run_1")
        assert.deepStrictEqual([before.status, before.coalesced, before.outstanding], ["processed", 1, 0])
        assert.deepStrictEqual(ids(yield* sync.closable(9)), ["run_1"])
        assert.isTrue(yield* sync.closeRun("run_1", Fixture.close))
        assert.isFalse(yield* sync.closeRun("run_1", Fixture.close))
        const closing = (yield* take()).find(({ id }) => id === "ev_close_run_1")
        yield* outbox.settle([Fixture.outcome(closing!)], Fixture.close)
        assert.strictEqual((yield* theRun("run_1")).status, "completed")
      }).pipe(Effect.provide(layer))
    )

    it.effect("a failed run of which nothing is left to deliver has no data key any more", () =>
      Effect.gen(function* () {
        const { keys, lease, sync, write } = yield* reading({ coalesce: true })
        const key = { id: "dk_1", workspaceId: Fixture.workspace, masterKeyId: "mk", wrapped: new Uint8Array(8) }
        yield* keys.addDataKey({ ...key, owner: "run", ownerId: "run_1", createdAt: 0 })
        yield* write(of("a2", 1, 2))
        yield* sync.endRun(lease, Fixture.ending({ status: "failed" }), Fixture.close)
        assert.strictEqual((yield* keys.dataKeys("run", "run_1")).length, 1, "its event is still to be delivered")
        yield* sync.startRun(Fixture.run("run_2"))
        const next = yield* takeRun()
        const newer = Fixture.event("a3", { runId: "run_2", record: 1, sequence: 3, type: "record.modified" })
        yield* sync.commitPage(next.lease, Fixture.page({ events: [newer] }))
        assert.strictEqual((yield* theRun("run_1")).outstanding, 0)
        assert.deepStrictEqual(yield* keys.dataKeys("run", "run_1"), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("the run's next event goes on when its first one was replaced", () =>
      Effect.gen(function* () {
        const { outbox, write } = yield* reading({ coalesce: true, ordering: "run" })
        yield* write(of("a2", 1, 2), of("b2", 2, 2), of("a3", 1, 3))
        const [b, ...others] = yield* take()
        assert.deepStrictEqual([b!.id, others.length], ["b2", 0])
        yield* outbox.settle([Fixture.outcome(b!)], Fixture.close)
        assert.deepStrictEqual(ids(yield* take()), ["a3"])
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What waits for what, and what takes the place of what, in every store. */
export const suite = (layer: StoreLayer): void => {
  order(layer)
  coalescing(layer)
}
