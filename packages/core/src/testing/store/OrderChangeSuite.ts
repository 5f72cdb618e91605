import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import type { Destination } from "../../destination/Destination.ts"
import type { ClaimedEvent } from "../../store/OutboxStore.ts"
import * as Fixture from "./Fixtures.ts"
import { account, ids, type StoreLayer, take, takeRun, theRun } from "./Setup.ts"

type Ordering = Destination["ordering"]
const orderings: ReadonlyArray<Ordering> = ["record", "run", "none"]

/** What waits of three records, in the order in which it was written. */
const written = [
  { id: "a1", record: 1, sequence: 1 },
  { id: "b1", record: 2, sequence: 1 },
  { id: "a2", record: 1, sequence: 2 },
  { id: "b2", record: 2, sequence: 2 },
  { id: "c1", record: 3, sequence: 1 },
  { id: "a3", record: 1, sequence: 3 }
] as const

/** Those that may go in the order, when `left` is everything unsettled and `busy` is held or not due. */
const free = (ordering: Ordering, left: ReadonlyArray<string>, busy: ReadonlyArray<string>): ReadonlyArray<string> =>
  written
    .filter(({ id }) => left.includes(id))
    .filter(
      ({ record }, at, all) =>
        ordering === "none" ||
        (ordering === "run" ? at === 0 : !all.slice(0, at).some((earlier) => earlier.record === record))
    )
    .map(({ id }) => id)
    .filter((id) => !busy.includes(id))

/** One event held, one between attempts, the others waiting and blocked; `first` says what became of the run's first. */
const scenario = (from: Ordering, to: Ordering, first: "held" | "retrying") =>
  Effect.gen(function* () {
    const { destinations, outbox, sync } = yield* account
    yield* destinations.save(Fixture.destination("dst_1", { ordering: from }))
    const { lease } = yield* takeRun()
    const events = written.map(({ id, ...event }) => Fixture.event(id, { ...event, type: "record.modified" }))
    yield* sync.commitPage(lease, Fixture.page({ events: events.slice(0, 3) }))
    yield* sync.commitPage(lease, Fixture.page({ events: events.slice(3) }))
    yield* sync.endRun(lease, Fixture.ending(), Fixture.close)

    const settle = (claimed: ReadonlyArray<ClaimedEvent>) =>
      outbox.settle(
        claimed.map((event) => Fixture.outcome(event)),
        Fixture.close
      )
    const [head, ...others] = yield* take()
    const last = others.pop()
    const [held, retrying] = first === "held" ? [head, last] : [last, head]
    yield* outbox.release(others)
    if (retrying !== undefined) {
      yield* outbox.settle([Fixture.outcome(retrying, { kind: "retry", at: 500 })], Fixture.close)
    }

    yield* destinations.change(Fixture.workspace, "dst_1", (known) => Result.succeed({ ...known, ordering: to }))
    let left: ReadonlyArray<string> = written.map(({ id }) => id)
    const busy = new Set([held, retrying].flatMap((event) => event?.id ?? []))
    const drain = Effect.gen(function* () {
      for (;;) {
        const claimed = yield* take()
        const own = claimed.filter(({ type }) => type === "record.modified")
        assert.deepStrictEqual(ids(own), free(to, left, [...busy]), `what may go of ${left.join()}`)
        left = left.filter((id) => !ids(own).includes(id))
        if (claimed.length === 0) return
        yield* settle(claimed)
      }
    })
    yield* drain
    if (held !== undefined) {
      assert.deepStrictEqual((yield* settle([held])).lost, [])
      left = left.filter((id) => id !== held.id)
      yield* drain
    }
    yield* TestClock.setTime(500)
    busy.clear()
    yield* drain
    assert.deepStrictEqual(left, [], "nothing stays for ever")
    const run = yield* theRun("run_1")
    assert.deepStrictEqual([run.status, run.consumed, run.outstanding], ["completed", written.length, 0])
  })

/** A destination that is told another order of its events while they wait, are held or are between attempts. */
export const suite = (layer: StoreLayer): void => {
  describe("another order for what is under way", () => {
    for (const from of orderings) {
      for (const to of orderings.filter((other) => other !== from)) {
        for (const first of ["held", "retrying"] as const) {
          it.effect(`${from} to ${to}, the first one ${first}: everything goes, in the new order`, () =>
            scenario(from, to, first).pipe(Effect.provide(layer))
          )
        }
      }
    }

    it.effect("what waits for an event of a destination that is removed goes on", () =>
      Effect.gen(function* () {
        const { destinations, outbox, sync } = yield* account
        yield* destinations.save(Fixture.destination("dst_2"))
        const first = yield* takeRun()
        const event = { record: 1, type: "record.modified" } as const
        const before = Fixture.event("before", { ...event, sequence: 1 })
        yield* sync.commitPage(first.lease, Fixture.page({ events: [before] }))
        yield* sync.endRun(first.lease, Fixture.ending(), Fixture.close)
        // The sync sends elsewhere now.
        yield* sync.saveJob(Fixture.job("job_1", { destinationId: "dst_2" }))
        yield* sync.startRun(Fixture.run("run_2", { destinationId: "dst_2" }))
        const second = yield* takeRun()
        const after = Fixture.event("after", { ...event, sequence: 2, runId: "run_2", destinationId: "dst_2" })
        yield* sync.commitPage(second.lease, Fixture.page({ events: [after] }))
        const claim = outbox.claim({ destinationId: "dst_2", owner: "me", limit: 9, leaseMillis: 1000 })
        assert.deepStrictEqual(yield* claim, [])
        assert.strictEqual(yield* destinations.remove(Fixture.workspace, "dst_1"), 1)
        assert.deepStrictEqual(yield* outbox.nextDueAt, Option.some(0))
        assert.deepStrictEqual(ids(yield* claim), ["after"])
      }).pipe(Effect.provide(layer))
    )
  })
}
