import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as RetrySchedule from "../../delivery/RetrySchedule.ts"
import type { Outcome } from "../../store/OutboxStore.ts"
import * as Fixture from "./Fixtures.ts"
import { away, failed, health, hour, loose, opened, probed, refused, second, worked } from "./Attempts.ts"
import { account, ids, type StoreLayer, take } from "./Setup.ts"

const { workspace } = Fixture
const circuit = (layer: StoreLayer): void => {
  describe("OutboxStore: the circuit of a destination", () => {
    it.effect("opens when the receiver is out of reach, says so once, and gives nothing but one probe at a time", () =>
      Effect.gen(function* () {
        const { outbox, settlement } = yield* opened(10)
        assert.deepStrictEqual(
          settlement.turns.map(({ health, kind }) => [kind, health.destinationId, health.openedAt]),
          [["opened", "dst_1", 0]]
        )
        const { lastError, nextProbeAt, openedAt } = yield* health
        assert.deepStrictEqual([openedAt, lastError], [0, "connection"])
        assert.isAtLeast(nextProbeAt!, 2.5 * second)
        assert.isAtMost(nextProbeAt!, 5 * second)
        assert.deepStrictEqual(yield* take(), [])
        assert.deepStrictEqual(yield* outbox.dueDestinations, [])
        assert.deepStrictEqual(yield* outbox.nextDueAt, Option.some(nextProbeAt!))
        yield* TestClock.setTime(nextProbeAt!)
        assert.deepStrictEqual(yield* outbox.dueDestinations, ["dst_1"])
        const [probe, ...more] = yield* take()
        assert.deepStrictEqual([probe?.id, probe?.purpose, more.length], ["e3", "probe", 0])
        assert.deepStrictEqual(yield* take(), [], "two probes at once")
        assert.deepStrictEqual(yield* outbox.dueDestinations, [])
        yield* TestClock.adjust("9 seconds")
        assert.deepStrictEqual(yield* outbox.renew([probe!], 10_000), ["e3"])
        yield* TestClock.adjust("9 seconds")
        assert.deepStrictEqual(yield* take(), [], "a probe that is still leased is replaced")
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual(ids(yield* take()), ["e3"], "a probe of a process that died is not replaced")
      }).pipe(Effect.provide(layer))
    )

    it.effect("counts a failed probe for the destination and not for the event, and tries another one next", () =>
      Effect.gen(function* () {
        const { outbox } = yield* opened(5)
        yield* TestClock.setTime(5 * second)
        const [probe] = yield* take()
        const { turns } = yield* outbox.settle([probed(probe!)], Fixture.close)
        assert.deepStrictEqual(turns, [])
        const event = Option.getOrThrow(yield* outbox.event(workspace, "e3"))
        assert.deepStrictEqual([event.state, event.attempts, event.firstAttemptAt], ["pending", 0, null])
        assert.deepStrictEqual(yield* outbox.attempts("e3"), [])
        const { lastFailureAt, nextProbeAt, probes } = yield* health
        assert.deepStrictEqual([probes, lastFailureAt], [1, 5 * second])
        assert.isAtLeast(nextProbeAt!, 10 * second)
        yield* TestClock.setTime(15 * second)
        assert.deepStrictEqual(ids(yield* take()), ["e4"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("closes with a success; what waits for a retry is due at once, oldest first", () =>
      Effect.gen(function* () {
        const { outbox } = yield* opened(5)
        yield* TestClock.setTime(5 * second)
        const [probe] = yield* take()
        const { turns } = yield* outbox.settle([worked(probe!, 5 * second)], Fixture.close)
        assert.deepStrictEqual(
          turns.map(({ health, kind }) => [kind, health.openedAt]),
          [["closed", null]]
        )
        const after = yield* health
        assert.deepStrictEqual(
          [after.openedAt, after.closedAt, after.failing, after.unreachable],
          [null, 5 * second, [], 0]
        )
        assert.strictEqual(Option.getOrThrow(yield* outbox.event(workspace, "e0")).nextAttemptAt, 5 * second)
        assert.deepStrictEqual(ids(yield* take()), ["e0", "e1", "e2", "e4"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("opens after five different events failed in a row, not after five failures of one", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(loose(1, "poison"))
        for (let n = 0; n < 8; n++) {
          const [one] = yield* take()
          yield* outbox.settle([{ ...failed(one!, refused, 0), result: { kind: "retry", at: 0 } }], Fixture.close)
        }
        assert.isNull((yield* health).openedAt)
        yield* outbox.enqueue(loose(4))
        const rest = (yield* take()).filter(({ id }) => id !== "poison0")
        yield* outbox.settle(
          rest.slice(0, 3).map((event) => failed(event, refused, 0)),
          Fixture.close
        )
        assert.isNull((yield* health).openedAt)
        yield* outbox.settle([failed(rest[3]!, refused, 0)], Fixture.close)
        assert.strictEqual((yield* health).openedAt, 0)
      }).pipe(Effect.provide(layer))
    )

    it.effect("is not opened by failures between which something worked, nor moved by what was lost", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(loose(30))
        const events = yield* take()
        for (let n = 0; n < 30; n += 3) {
          yield* outbox.settle(
            [failed(events[n]!, away, 0), failed(events[n + 1]!, away, 0), worked(events[n + 2]!, 0)],
            Fixture.close
          )
        }
        // Their tokens are used up.
        yield* outbox.settle(
          events.map((event) => failed(event, away, 0)),
          Fixture.close
        )
        const { openedAt, unreachable } = yield* health
        assert.deepStrictEqual([openedAt, unreachable], [null, 0])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives events up 96 h after their first attempt, and untried ones 96 h after it opened", () =>
      Effect.gen(function* () {
        const { outbox } = yield* opened(6, second)
        yield* TestClock.setTime(hour)
        yield* outbox.enqueue([Fixture.looseEvent("young", { createdAt: hour })])
        for (let n = 0; n < 6; n++) {
          yield* TestClock.adjust("1 minute")
          const [probe] = yield* take()
          assert.strictEqual(probe?.purpose, "probe")
          yield* outbox.settle([probed(probe!)], Fixture.close)
        }
        const end = second + RetrySchedule.window
        yield* TestClock.setTime(end - 1)
        const [probe] = yield* take()
        assert.strictEqual(probe?.purpose, "probe")
        yield* outbox.settle([probed(probe!)], Fixture.close)
        yield* TestClock.setTime(end)
        const part = yield* take(2)
        const over = [...part, ...(yield* take())]
        assert.lengthOf(part, 2)
        assert.deepStrictEqual([...new Set(over.map((one) => one.purpose))], ["overdue"])
        assert.deepStrictEqual(ids(over).toSorted(), ["e0", "e1", "e2", "e3", "e4", "e5"])
        yield* outbox.settle(
          over.map((event): Outcome => ({ event, attempt: null, result: { kind: "expired" } })),
          Fixture.close
        )
        const event = Option.getOrThrow(yield* outbox.event(workspace, "e5"))
        assert.deepStrictEqual([event.state, event.attempts, event.settledAt], ["expired", 0, end])
        assert.isTrue(Option.isNone(yield* outbox.body(workspace, "e5")))
        assert.deepStrictEqual(yield* outbox.attempts("e5"), [])
        yield* TestClock.adjust("1 minute")
        const [next] = yield* take()
        assert.deepStrictEqual([next?.id, next?.purpose], ["young", "probe"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives nothing up before the destination was tried five times, however long this side was away", () =>
      Effect.gen(function* () {
        const { outbox } = yield* opened(4)
        yield* TestClock.setTime(2 * RetrySchedule.window)
        for (let n = 0; n < 5; n++) {
          const [probe] = yield* take()
          assert.strictEqual(probe?.purpose, "probe", `try ${n}`)
          yield* outbox.settle([probed(probe!)], Fixture.close)
          yield* TestClock.adjust("1 minute")
        }
        assert.deepStrictEqual([...new Set((yield* take()).map((one) => one.purpose))], ["overdue"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("marks an event that was tried often enough and is long past its time", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(loose(1))
        for (let n = 0; n < 5; n++) {
          const [one] = yield* take()
          yield* outbox.settle([Fixture.outcome(one!, { kind: "retry", at: n + 1 }, n)], Fixture.close)
          yield* TestClock.setTime(n + 1)
        }
        yield* TestClock.setTime(RetrySchedule.window)
        const [last] = yield* take()
        assert.isUndefined(last?.purpose)
        yield* outbox.release([last!])
        yield* TestClock.setTime(RetrySchedule.window + hour)
        assert.strictEqual((yield* take())[0]?.purpose, "overdue")
      }).pipe(Effect.provide(layer))
    )
  })
}

const pace = (layer: StoreLayer): void => {
  describe("OutboxStore: pace", () => {
    it.effect("gives nothing until the time that the receiver asked for, whoever asks", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(loose(3))
        const [one] = yield* take(1)
        const { turns } = yield* outbox.settle([failed(one!, { ...away, parkMillis: 90 * second }, 0)], Fixture.close)
        assert.deepStrictEqual(
          turns.map(({ health, kind }) => [kind, health.parkedUntil]),
          [["parked", 90 * second]]
        )
        yield* TestClock.setTime(90 * second - 1)
        assert.deepStrictEqual(yield* take(), [])
        assert.deepStrictEqual(yield* outbox.dueDestinations, [])
        assert.deepStrictEqual(yield* outbox.nextDueAt, Option.some(90 * second))
        yield* TestClock.setTime(90 * second)
        const [two, three] = yield* take()
        assert.deepStrictEqual([two?.id, three?.id], ["e1", "e2"])
        yield* outbox.settle(
          [{ ...worked(two!, 90 * second), sign: { kind: "success", parkMillis: 1e9 } }],
          Fixture.close
        )
        assert.strictEqual((yield* health).parkedUntil, 90 * second + 6 * hour)
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives no more events than the destination's rate, over all that claim", () =>
      Effect.gen(function* () {
        const { destinations, outbox } = yield* account
        yield* destinations.save(Fixture.destination("dst_1", { ratePerSecond: 20 }))
        yield* outbox.enqueue(loose(100))
        let taken = 0
        for (let n = 0; n < 20; n++) {
          const groups = yield* Effect.all([take(), take(), take()], { concurrency: "unbounded" })
          taken += groups.flat().length
          yield* TestClock.adjust("100 millis")
        }
        assert.isAtLeast(taken, 38)
        assert.isAtMost(taken, 42)
        yield* destinations.save(Fixture.destination("dst_1", { ratePerSecond: null }))
        assert.lengthOf(yield* take(), 100 - taken)
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives live events before those of replays where the rate is not enough for all (F-62)", () =>
      Effect.gen(function* () {
        const { destinations, outbox } = yield* account
        const origin = { replayId: "rp_1", eventId: "e", runId: null }
        yield* outbox.enqueue(Array.from({ length: 10 }, (_, n) => Fixture.looseEvent(`again-${n}`, { origin })))
        yield* outbox.enqueue(loose(3))
        assert.deepStrictEqual(ids(yield* take(2)), ["again-0", "again-1"])
        yield* destinations.save(Fixture.destination("dst_1", { ratePerSecond: 50 }))
        assert.deepStrictEqual(ids(yield* take()), ["e0", "e1", "e2", "again-2", "again-3"])
        yield* outbox.enqueue([Fixture.looseEvent("later")])
        yield* TestClock.adjust("40 millis")
        assert.deepStrictEqual(ids(yield* take()), ["later", "again-4"])
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What every store must do for the flow of deliveries: the circuit and the pace of a destination. */
export const suite = (layer: StoreLayer): void => {
  circuit(layer)
  pace(layer)
}
