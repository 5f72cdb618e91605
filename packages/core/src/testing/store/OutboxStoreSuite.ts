import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as Fixture from "./Fixtures.ts"
import { account, ids, type StoreLayer, take, takeRun, theRun } from "./Setup.ts"

const { foreign, workspace } = Fixture
const inDestination = (destinationId: string) => ({ destinationId, owner: "me", limit: 9, leaseMillis: 1_000 })

const claims = (layer: StoreLayer): void => {
  describe("OutboxStore: claims", () => {
    it.effect("gives due events of an active destination, oldest first, as they were enqueued", () =>
      Effect.gen(function* () {
        const { destinations, outbox } = yield* account
        yield* destinations.save(Fixture.destination("dst_2"))
        yield* destinations.save(Fixture.destination("dst_3", { state: "paused" }))
        assert.isTrue(Option.isNone(yield* outbox.nextDueAt))
        const whole = Fixture.looseEvent("c", { createdAt: 5, body: new Uint8Array([0, 255, 7]) })
        yield* outbox.enqueue([
          Fixture.looseEvent("b", { createdAt: 7 }),
          whole,
          Fixture.looseEvent("a", { createdAt: 7 }),
          Fixture.looseEvent("later", { createdAt: 100 }),
          Fixture.looseEvent("paused", { destinationId: "dst_3" }),
          Fixture.looseEvent("gone", { destinationId: "dst_9" }),
          Fixture.looseEvent("other", { destinationId: "dst_2", createdAt: 20 })
        ])
        yield* outbox.enqueue([{ ...whole, body: new Uint8Array([9]) }])
        assert.deepStrictEqual(yield* outbox.dueDestinations, [])
        assert.deepStrictEqual(yield* outbox.nextDueAt, Option.some(5))
        assert.deepStrictEqual(yield* take(), [])
        yield* TestClock.setTime(50)
        assert.deepStrictEqual(yield* outbox.dueDestinations, ["dst_1", "dst_2"])
        const claimed = yield* take(2)
        assert.deepStrictEqual(ids(claimed), ["c", "b"])
        const { body, ...rest } = claimed[0]!
        assert.deepStrictEqual([...body], [0, 255, 7])
        const { body: _, ...expected } = whole
        const { position, token } = rest
        assert.deepStrictEqual(rest, { ...expected, position, token, attempts: 0, firstAttemptAt: null })
        assert.deepStrictEqual(ids(yield* take()), ["a"])
        assert.deepStrictEqual(yield* take(), [])
        assert.deepStrictEqual(yield* outbox.dueDestinations, ["dst_2"])
        assert.deepStrictEqual(yield* outbox.claim(inDestination("dst_3")), [])
        assert.deepStrictEqual(yield* outbox.claim(inDestination("dst_9")), [])
        yield* destinations.save(Fixture.destination("dst_3"))
        assert.deepStrictEqual(ids(yield* outbox.claim(inDestination("dst_3"))), ["paused"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives no event to two processes at once", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(Array.from({ length: 40 }, (_, n) => Fixture.looseEvent(`e${n}`)))
        const groups = yield* Effect.all(
          Array.from({ length: 8 }, () => take(7)),
          { concurrency: "unbounded" }
        )
        const all = groups.flatMap(ids)
        assert.lengthOf(all, 40)
        assert.strictEqual(new Set(all).size, 40)
      }).pipe(Effect.provide(layer))
    )

    it.effect("fences off a holder whose lease passed to another", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue([Fixture.looseEvent("a"), Fixture.looseEvent("b")])
        const first = yield* take(9, 1_000)
        assert.deepStrictEqual(yield* outbox.nextDueAt, Option.some(1_000))
        yield* TestClock.setTime(900)
        assert.deepStrictEqual(yield* outbox.renew([first[0]!], 1_000), ["a"])
        yield* TestClock.setTime(1_000)
        const second = yield* take(9, 1_000)
        assert.deepStrictEqual(ids(second), ["b"])
        assert.isAbove(second[0]!.token, first[1]!.token)
        assert.deepStrictEqual(yield* outbox.renew(first, 5_000), ["a"])
        yield* outbox.release([first[1]!])
        assert.deepStrictEqual(yield* take(), [])
        const late = yield* outbox.settle([Fixture.outcome(first[1]!), Fixture.outcome(first[0]!)], Fixture.close)
        assert.deepStrictEqual(late.lost, ["b"])
        assert.deepStrictEqual(yield* outbox.attempts("b"), [])
        assert.strictEqual(Option.getOrThrow(yield* outbox.event(workspace, "b")).state, "pending")
        assert.deepStrictEqual((yield* outbox.settle([Fixture.outcome(second[0]!)], Fixture.close)).lost, [])
        assert.deepStrictEqual((yield* outbox.settle([Fixture.outcome(second[0]!)], Fixture.close)).lost, ["b"])
        assert.lengthOf(yield* outbox.attempts("b"), 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("tells claims of one event apart within a group", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue([Fixture.looseEvent("a")])
        const [early] = yield* take(1, 1_000)
        yield* TestClock.setTime(1_000)
        const [now] = yield* take(1, 1_000)
        assert.deepStrictEqual(yield* outbox.renew([early!, now!], 1_000), ["a"])
        const settlement = yield* outbox.settle(
          [Fixture.outcome(early!, { kind: "expired" }), Fixture.outcome(now!), Fixture.outcome(now!)],
          Fixture.close
        )
        assert.deepStrictEqual(settlement.lost, ["a", "a"])
        assert.strictEqual(Option.getOrThrow(yield* outbox.event(workspace, "a")).state, "acknowledged")
        assert.lengthOf(yield* outbox.attempts("a"), 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives released events to others at once, in their old place", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(["a", "b", "c"].map((id) => Fixture.looseEvent(id)))
        const held = yield* take(2)
        yield* outbox.release(held)
        assert.deepStrictEqual((yield* outbox.settle([Fixture.outcome(held[0]!)], Fixture.close)).lost, ["a"])
        const again = yield* take()
        assert.deepStrictEqual(ids(again), ["a", "b", "c"])
        assert.strictEqual(again[0]!.attempts, 0)
      }).pipe(Effect.provide(layer))
    )

    it.effect("holds back an event until the earlier ones of its record are settled", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        const of = (id: string, record: number, sequence: number) => Fixture.event(id, { record, sequence })
        yield* sync.commitPage(lease, Fixture.page({ events: [of("x1", 1, 1), of("x2", 1, 2), of("y1", 2, 1)] }))
        yield* sync.commitPage(
          lease,
          Fixture.page({
            events: [of("x3", 1, 3), Fixture.event("x1-of-job-2", { jobId: "job_2", record: 1, sequence: 9 })]
          })
        )
        const first = yield* take()
        assert.deepStrictEqual(ids(first), ["x1", "y1", "x1-of-job-2"])
        assert.deepStrictEqual(yield* outbox.dueDestinations, [])
        yield* outbox.settle([Fixture.outcome(first[0]!, { kind: "retry", at: 100 })], Fixture.close)
        assert.deepStrictEqual(yield* take(), [])
        yield* TestClock.setTime(100)
        const second = yield* take()
        assert.deepStrictEqual(ids(second), ["x1"])
        assert.deepStrictEqual([second[0]!.attempts, second[0]!.firstAttemptAt], [1, 0])
        yield* outbox.settle([Fixture.outcome(second[0]!)], Fixture.close)
        const third = yield* take()
        assert.deepStrictEqual(ids(third), ["x2"])
        yield* outbox.settle([Fixture.outcome(third[0]!, { kind: "expired" })], Fixture.close)
        assert.deepStrictEqual(ids(yield* take()), ["x3"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("makes a waiting event due now for its own workspace", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue([Fixture.looseEvent("a")])
        yield* outbox.settle([Fixture.outcome((yield* take())[0]!, { kind: "retry", at: 9_000 })], Fixture.close)
        assert.deepStrictEqual(yield* outbox.nextDueAt, Option.some(9_000))
        yield* TestClock.setTime(10)
        assert.isFalse(yield* outbox.retryNow(foreign, "a"))
        assert.deepStrictEqual(yield* take(), [])
        assert.isTrue(yield* outbox.retryNow(workspace, "a"))
        assert.strictEqual(Option.getOrThrow(yield* outbox.event(workspace, "a")).nextAttemptAt, 10)
        yield* outbox.settle([Fixture.outcome((yield* take())[0]!)], Fixture.close)
        assert.isFalse(yield* outbox.retryNow(workspace, "a"))
        assert.isFalse(yield* outbox.retryNow(workspace, "gone"))
      }).pipe(Effect.provide(layer))
    )
  })
}

const log = (layer: StoreLayer): void => {
  describe("OutboxStore: log", () => {
    it.effect("writes attempts with their settlement, and erases the body of what is settled", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue([Fixture.looseEvent("a"), Fixture.looseEvent("b")])
        const [a, b] = yield* take()
        yield* TestClock.setTime(20)
        yield* outbox.settle(
          [Fixture.outcome(a!, { kind: "retry", at: 60 }, 15), Fixture.outcome(b!, { kind: "expired" }, 16)],
          Fixture.close
        )
        const waiting = Option.getOrThrow(yield* outbox.event(workspace, "a"))
        assert.deepStrictEqual(
          [
            waiting.state,
            waiting.attempts,
            waiting.firstAttemptAt,
            waiting.nextAttemptAt,
            waiting.settledAt,
            waiting.lastStatus,
            waiting.lastError
          ],
          ["pending", 1, 15, 60, null, 500, "http_5xx"]
        )
        const expired = Option.getOrThrow(yield* outbox.event(workspace, "b"))
        assert.deepStrictEqual([expired.state, expired.nextAttemptAt, expired.settledAt], ["expired", null, 20])
        assert.isTrue(Option.isSome(yield* outbox.body(workspace, "a")))
        assert.isTrue(Option.isNone(yield* outbox.body(workspace, "b")))
        yield* TestClock.setTime(60)
        const [again] = yield* take()
        assert.deepStrictEqual([again!.attempts, again!.firstAttemptAt], [1, 15])
        yield* outbox.settle([Fixture.outcome(again!, { kind: "acknowledged" }, 61)], Fixture.close)
        assert.isTrue(Option.isNone(yield* outbox.body(workspace, "a")))
        const done = Option.getOrThrow(yield* outbox.event(workspace, "a"))
        assert.deepStrictEqual(
          [done.state, done.attempts, done.firstAttemptAt, done.lastStatus, done.lastError],
          ["acknowledged", 2, 15, 200, null]
        )
        assert.deepStrictEqual(yield* outbox.attempts("a"), [
          { eventId: "a", number: 1, at: 15, durationMillis: 12, status: 500, error: "http_5xx" },
          { eventId: "a", number: 2, at: 61, durationMillis: 12, status: 200, error: null }
        ])
        assert.strictEqual(yield* outbox.backlog("dst_1"), 0)
        assert.isTrue(Option.isNone(yield* outbox.nextDueAt))
      }).pipe(Effect.provide(layer))
    )

    it.effect("shows events to their workspace only, newest first, filtered and in pages", () =>
      Effect.gen(function* () {
        const { outbox, sync } = yield* account
        const { lease } = yield* takeRun()
        yield* sync.commitPage(lease, Fixture.page({ events: ["e1", "e2", "e3"].map((id) => Fixture.event(id)) }))
        yield* outbox.enqueue([
          Fixture.looseEvent("e4", { integrationId: "int_2" }),
          Fixture.looseEvent("e5", { workspaceId: foreign })
        ])
        const list = (filter: object) =>
          Effect.map(outbox.list({ workspaceId: workspace, ...filter }, { limit: 9 }), (part) => ids(part.items))
        assert.deepStrictEqual(yield* list({}), ["e4", "e3", "e2", "e1"])
        assert.deepStrictEqual(yield* list({ workspaceId: foreign }), ["e5"])
        assert.deepStrictEqual(yield* list({ runId: "run_1" }), ["e3", "e2", "e1"])
        assert.deepStrictEqual(yield* list({ integrationId: "int_2" }), ["e4"])
        assert.deepStrictEqual(yield* list({ type: "webhook.test" }), ["e4"])
        assert.deepStrictEqual(
          yield* list({ records: { jobId: "job_1", ordinals: [Fixture.numberOf("e1"), Fixture.numberOf("e3")] } }),
          ["e3", "e1"]
        )
        assert.deepStrictEqual(yield* list({ records: { jobId: "job_1", ordinals: [] } }), [])
        assert.deepStrictEqual(yield* list({ state: "acknowledged" }), [])
        assert.isTrue(Option.isNone(yield* outbox.event(foreign, "e1")))
        assert.isTrue(Option.isNone(yield* outbox.body(foreign, "e1")))
        const part = yield* outbox.list({ workspaceId: workspace }, { limit: 3 })
        yield* outbox.enqueue([Fixture.looseEvent("e6")])
        const rest = yield* outbox.list({ workspaceId: workspace }, { limit: 3, pageToken: part.nextPageToken! })
        assert.deepStrictEqual(ids(rest.items), ["e1"])
        assert.isNull(rest.nextPageToken)
      }).pipe(Effect.provide(layer))
    )

    it.effect("prunes old settled entries with their attempts, and no pending one", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue(["a", "b", "c", "d"].map((id) => Fixture.looseEvent(id)))
        const claimed = yield* take()
        yield* outbox.settle(
          claimed.slice(0, 3).map((event) => Fixture.outcome(event)),
          Fixture.close
        )
        yield* TestClock.setTime(100)
        yield* outbox.enqueue([Fixture.looseEvent("young", { createdAt: 100 })])
        assert.strictEqual(yield* outbox.prune(0, 9), 0)
        assert.strictEqual(yield* outbox.prune(50, 2), 2)
        assert.strictEqual(yield* outbox.prune(50, 2), 1)
        assert.deepStrictEqual(yield* outbox.attempts("a"), [])
        const left = yield* outbox.list({ workspaceId: workspace }, { limit: 9 })
        assert.deepStrictEqual(ids(left.items), ["young", "d"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("counts an event that is enqueued for a run", () =>
      Effect.gen(function* () {
        const { outbox } = yield* account
        yield* outbox.enqueue([Fixture.event("a")])
        yield* outbox.enqueue([Fixture.event("a"), Fixture.event("b")])
        const run = yield* theRun("run_1")
        assert.deepStrictEqual([run.emitted, run.outstanding], [2, 2])
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What the outbox and the event log must do in every store. */
export const suite = (layer: StoreLayer): void => {
  claims(layer)
  log(layer)
}
