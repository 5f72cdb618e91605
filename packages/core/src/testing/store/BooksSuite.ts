import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as Fixture from "./Fixtures.ts"
import { account, type StoreLayer, take, takeRun } from "./Setup.ts"

/** Whether the books of runs balance, in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("the books", () => {
    it.effect("balance from the first event of a run to its end, expired ones included", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const balanced = Effect.flatMap(outbox.imbalances(0, 9), (found) =>
          Effect.sync(() => assert.deepStrictEqual(found, []))
        )
        const { lease } = yield* takeRun()
        const events = ["a", "b", "c"].map((id) => Fixture.event(id))
        yield* sync.commitPage(lease, Fixture.page({ events }))
        yield* balanced
        yield* sync.endRun(lease, Fixture.ending(), Fixture.close)
        yield* balanced
        const [a, b, c] = yield* take()
        yield* outbox.settle([Fixture.outcome(a!)], Fixture.close)
        yield* balanced
        yield* outbox.settle([Fixture.outcome(b!, { kind: "expired" })], Fixture.close)
        yield* balanced
        yield* outbox.settle([Fixture.outcome(c!)], Fixture.close)
        yield* balanced
        const [closing] = yield* take()
        yield* outbox.settle([Fixture.outcome(closing!)], Fixture.close)
        yield* balanced
      }).pipe(Effect.provide(layer))
    )

    it.effect("that do not balance are named, however old what is outstanding is", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        yield* TestClock.setTime(1000)
        // No operation makes such a run: it is written as it would be after a mistake.
        const broken = (id: string, books: Parameters<typeof Fixture.run>[1]) =>
          Effect.andThen(
            sync.saveJob(Fixture.job(`job_${id}`, { dataType: id })),
            sync.startRun(Fixture.run(id, { ...books, jobId: `job_${id}`, dataType: id }))
          )
        yield* broken("waits_for_nothing", { outstanding: 1, emitted: 1, createdAt: 1 })
        yield* broken("one_vanished", { emitted: 2, consumed: 1, createdAt: 500 })
        yield* broken("one_too_many", { emitted: 1, consumed: 2, createdAt: 500 })
        yield* broken("one_expired", { emitted: 2, consumed: 1, expired: 1, createdAt: 500 })
        const found = yield* outbox.imbalances(0, 9)
        assert.deepStrictEqual(found, ["one_too_many", "one_vanished", "waits_for_nothing"])
        assert.deepStrictEqual(yield* outbox.imbalances(0, 1), ["one_too_many"])
        assert.deepStrictEqual(yield* outbox.imbalances(501, 9), ["waits_for_nothing"])
      }).pipe(Effect.provide(layer))
    )
  })
}
