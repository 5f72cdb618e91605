import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import type { Destination } from "../../destination/Destination.ts"
import type { NewEvent } from "../../event/Event.ts"
import { health, hour, opened, second } from "./Attempts.ts"
import * as Fixture from "./Fixtures.ts"
import { account, failure, ids, ports, type StoreLayer, take, takeRun, theRun } from "./Setup.ts"

const { foreign, workspace } = Fixture

const destinations = (layer: StoreLayer): void => {
  describe("DestinationStore", () => {
    it.effect("changes a destination for its own workspace, in one step, or not at all", () =>
      Effect.gen(function* () {
        const { destinations } = yield* ports
        yield* destinations.save(Fixture.destination("dst_1", { updatedAt: 0 }))
        const more = (known: Destination) => Result.succeed({ ...known, updatedAt: known.updatedAt + 1 })
        yield* Effect.all(
          Array.from({ length: 20 }, () => destinations.change(workspace, "dst_1", more)),
          { concurrency: "unbounded" }
        )
        const after = Option.getOrThrow(yield* destinations.get(workspace, "dst_1"))
        assert.strictEqual(after.updatedAt, 20)
        assert.isTrue(Option.isNone(yield* destinations.change(foreign, "dst_1", more)))
        assert.isTrue(Option.isNone(yield* destinations.change(workspace, "dst_9", more)))
        const refused = yield* Effect.result(destinations.change(workspace, "dst_1", () => Result.fail("no")))
        assert.deepStrictEqual(refused, Result.fail("no"))
        const moved = yield* destinations.change(workspace, "dst_1", (known) =>
          Result.succeed({
            ...known,
            id: "dst_2",
            workspaceId: foreign,
            signatures: ["v1", "v1a"],
            previousSecrets: [{ sealed: "AAEC", until: 7 }]
          })
        )
        assert.deepStrictEqual(moved, yield* destinations.get(workspace, "dst_1"))
        assert.deepStrictEqual(Option.getOrThrow(moved).previousSecrets, [{ sealed: "AAEC", until: 7 }])
        assert.deepStrictEqual(Option.getOrThrow(moved).signatures, ["v1", "v1a"])
        assert.isTrue(Option.isNone(yield* destinations.byId("dst_2")))
      }).pipe(Effect.provide(layer))
    )

    it.effect("finds destinations by id, category and URL within their workspace", () =>
      Effect.gen(function* () {
        const { destinations } = yield* ports
        const first = Fixture.destination("dst_1", { headers: new Uint8Array([4]), events: null })
        yield* destinations.save(first)
        yield* destinations.save(Fixture.destination("dst_2", { createdAt: 5 }))
        yield* destinations.save(Fixture.destination("dst_3", { category: null, url: "https://a.example/" }))
        const found = Option.getOrThrow(yield* destinations.get(workspace, "dst_1"))
        const plain = (value: typeof first) => ({
          ...value,
          secret: [...value.secret],
          headers: [...(value.headers ?? [])]
        })
        assert.deepStrictEqual(plain(found), plain(first))
        assert.isTrue(Option.isNone(yield* destinations.get(foreign, "dst_1")))
        assert.isTrue(Option.isSome(yield* destinations.byId("dst_1")))
        const id = Option.map((value: { readonly id: string }) => value.id)
        assert.deepStrictEqual(id(yield* destinations.forCategory(workspace, "HRIS")), Option.some("dst_2"))
        assert.isTrue(Option.isNone(yield* destinations.forCategory(workspace, "ATS")))
        assert.isTrue(Option.isNone(yield* destinations.forCategory(foreign, "HRIS")))
        assert.deepStrictEqual(
          id(yield* destinations.forUrl(workspace, "https://a.example/", "key_1")),
          Option.some("dst_3")
        )
        assert.isTrue(Option.isNone(yield* destinations.forUrl(workspace, "https://a.example/", "key_2")))
        assert.isTrue(Option.isNone(yield* destinations.forUrl(foreign, "https://a.example/", "key_1")))
        assert.deepStrictEqual(
          id(yield* destinations.forUrl(workspace, first.url, "key_1")),
          Option.some("dst_2"),
          "a registered webhook serves syncs that name its URL"
        )
        assert.deepStrictEqual(ids((yield* destinations.list(workspace, { limit: 9 })).items), [
          "dst_1",
          "dst_3",
          "dst_2"
        ])
        assert.deepStrictEqual((yield* destinations.list(foreign, { limit: 9 })).items, [])
        assert.strictEqual(yield* failure(destinations.save({ ...first, workspaceId: foreign })), "Conflict")
      }).pipe(Effect.provide(layer))
    )

    it.effect("knows which keys sign and which jobs send", () =>
      Effect.gen(function* () {
        const { destinations } = yield* account
        yield* destinations.save(Fixture.destination("dst_2", { mode: "standard", apiKeyId: "key_2" }))
        assert.isTrue(yield* destinations.usesApiKey("key_1"))
        assert.isFalse(yield* destinations.usesApiKey("key_2"))
        assert.deepStrictEqual(yield* destinations.jobsOf("dst_1"), ["job_1"])
        assert.deepStrictEqual(yield* destinations.jobsOf("dst_2"), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("discards what was not delivered when a destination is removed, and ends its runs as incomplete", () =>
      Effect.gen(function* () {
        const { destinations, keys, outbox, sync } = yield* account
        const key = { id: "dk", workspaceId: workspace, masterKeyId: "m", wrapped: new Uint8Array([1]), createdAt: 0 }
        yield* keys.addDataKey({ ...key, owner: "run", ownerId: "run_1" })
        const { lease } = yield* takeRun()
        yield* sync.commitPage(lease, Fixture.page({ events: ["a", "b", "c"].map((id) => Fixture.event(id)) }))
        yield* sync.endRun(lease, Fixture.ending(), Fixture.close)
        const [first] = yield* take(1)
        yield* outbox.settle([Fixture.outcome(first!)], Fixture.close)
        assert.strictEqual(yield* destinations.remove(foreign, "dst_1"), 0)
        assert.strictEqual(yield* outbox.backlog("dst_1"), 2)
        assert.strictEqual(yield* destinations.remove(workspace, "dst_1"), 2)
        assert.strictEqual(yield* outbox.backlog("dst_1"), 0)
        assert.isTrue(Option.isNone(yield* destinations.byId("dst_1")))
        const discarded = yield* outbox.list({ workspaceId: workspace, state: "discarded" }, { limit: 9 })
        assert.deepStrictEqual(ids(discarded.items), ["c", "b"])
        const run = yield* theRun("run_1")
        assert.strictEqual(run.status, "incomplete")
        assert.deepStrictEqual([run.emitted, run.consumed, run.outstanding, run.expired], [3, 1, 0, 2])
        assert.isTrue(Option.isNone(yield* keys.dataKey("run", "run_1")))
        assert.strictEqual(yield* destinations.remove(workspace, "dst_1"), 0)
      }).pipe(Effect.provide(layer))
    )
  })
}

const pauses = (layer: StoreLayer): void => {
  describe("DestinationStore: pauses", () => {
    const notice = (id: string, to: string): NewEvent =>
      Fixture.looseEvent(`${id}_${to}`, { integrationId: null, destinationId: to, type: "destination.paused" })
    const notices = (id: string) => (destinations: ReadonlyArray<{ readonly id: string }>) =>
      destinations.map((to) => notice(id, to.id))

    it.effect("pauses once, and tells the workspace's other active destinations with it", () =>
      Effect.gen(function* () {
        const { destinations, outbox } = yield* account
        yield* destinations.save(Fixture.destination("dst_2"))
        yield* destinations.save(Fixture.destination("dst_3", { state: "paused" }))
        yield* destinations.save(Fixture.destination("dst_4", { workspaceId: foreign }))
        yield* TestClock.setTime(50)
        assert.deepStrictEqual(yield* destinations.pause("dst_1", "gone", notices("p")), ["dst_2"])
        const paused = Option.getOrThrow(yield* destinations.byId("dst_1"))
        assert.deepStrictEqual([paused.state, paused.pausedReason, paused.pausedAt], ["paused", "gone", 50])
        assert.isAbove(paused.updatedAt, 1)
        assert.isNull(yield* destinations.pause("dst_1", "asked", notices("q")))
        assert.isNull(yield* destinations.pause("dst_9", "asked", notices("q")))
        const [told, ...more] = yield* outbox.claim({ destinationId: "dst_2", owner: "me", limit: 9, leaseMillis: 10 })
        assert.deepStrictEqual([told?.id, told?.integrationId, more.length], ["p_dst_2", null, 0])
        const log = Option.getOrThrow(yield* outbox.event(workspace, "p_dst_2"))
        assert.isNull(log.integrationId)
      }).pipe(Effect.provide(layer))
    )

    it.effect("lets the 96 hours of its events stand still, and closes its circuit", () =>
      Effect.gen(function* () {
        const { destinations, first, outbox } = yield* opened(4)
        assert.lengthOf(first, 3)
        yield* TestClock.setTime(10 * second)
        yield* destinations.pause("dst_1", "operator", () => [])
        yield* TestClock.setTime(60 * hour)
        assert.isTrue(yield* outbox.retryNow(workspace, "e1"))
        yield* TestClock.setTime(120 * hour)
        assert.deepStrictEqual(yield* take(), [])
        assert.deepStrictEqual(yield* destinations.resume("dst_1", notices("r")), ["dst_1"])
        assert.isNull(yield* destinations.resume("dst_1", notices("s")))
        const resumed = Option.getOrThrow(yield* destinations.byId("dst_1"))
        assert.deepStrictEqual([resumed.state, resumed.pausedReason, resumed.pausedAt], ["active", null, null])
        const { closedAt, openedAt } = yield* health
        assert.deepStrictEqual([openedAt, closedAt], [null, 120 * hour])
        // What was asked for during the pause goes at its end, and not as much later as the pause was long.
        assert.deepStrictEqual(ids(yield* take()).toSorted(), ["e1", "e3", "r_dst_1"])
        // The retry was an hour away, and still is, but for the ten seconds.
        const due = 120 * hour + hour - 10 * second
        assert.strictEqual(Option.getOrThrow(yield* outbox.event(workspace, "e0")).nextAttemptAt, due)
        yield* TestClock.setTime(due)
        const again = (yield* take()).find(({ id }) => id === "e0")
        assert.strictEqual(again?.firstAttemptAt, 120 * hour - 10 * second)
      }).pipe(Effect.provide(layer))
    )
  })
}

/** What destinations must do in every store. */
export const suite = (layer: StoreLayer): void => {
  destinations(layer)
  pauses(layer)
}
