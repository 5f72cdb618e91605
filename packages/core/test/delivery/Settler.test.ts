import { Fixtures } from "@crochet/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Destination } from "../../src/destination/Destination.ts"
import * as Settler from "../../src/delivery/Settler.ts"
import type { OutboxStore } from "../../src/store/OutboxStore.ts"

const groupMillis = 3

/** A settler over a store whose commits take so long; `groups` are the sizes of what it wrote, and when it began to. */
const world = (commitMillis: number, groupSize = 512) =>
  Effect.gen(function* () {
    const groups: Array<{ readonly size: number; readonly at: number }> = []
    let sending = 1
    let ids = 0
    const clock = yield* Clock.Clock
    const outbox = {
      settle: (outcomes: ReadonlyArray<unknown>) =>
        Effect.suspend(() => {
          groups.push({ size: outcomes.length, at: clock.currentTimeMillisUnsafe() })
          return Effect.as(Effect.sleep(commitMillis), { lost: [], closed: [], turns: [] })
        })
    } as Partial<OutboxStore["Service"]> as OutboxStore["Service"]
    const settler = Settler.make({
      outbox,
      clock,
      groupSize,
      groupMillis,
      idle: () => sending === 0,
      onSettled: () => undefined,
      onTurned: () => Effect.void,
      pause: () => Effect.void,
      pulse: () => undefined
    })
    yield* Effect.forkScoped(settler.run)
    const add = (ordering: Destination["ordering"] = "record") => {
      const event = { id: `ev_${++ids}`, position: ids, token: 1, runId: null, type: "record.new" } as const
      settler.add({
        outcome: { event, attempt: null, result: { kind: "acknowledged" } },
        held: {
          event: { ...Fixtures.looseEvent(event.id), position: ids, token: 1, attempts: 0, firstAttemptAt: null },
          lane: { abandon: () => undefined, cut: () => undefined },
          opener: null,
          until: 0,
          state: "settling",
          lost: false,
          startedAt: 0,
          interrupt: () => undefined
        },
        destination: Fixtures.destination("dst_1", { ordering }),
        pause: null,
        settled: () => undefined
      })
    }
    /** Lets time pass a millisecond at a time, so that what waits for less than the whole of it goes on in between. */
    const pass = (millis: number) =>
      Effect.forEach(Array.from({ length: millis }), () => TestClock.adjust(1), { discard: true })
    return { add, pass, groups, finish: () => (sending = 0) }
  })

/** A first group whose commit tells how dear commits are. */
const warm = (commitMillis: number) =>
  Effect.gen(function* () {
    const made = yield* world(commitMillis)
    made.add()
    yield* made.pass(groupMillis + commitMillis)
    assert.strictEqual(made.groups.length, 1, "the first group waits for groupMillis only")
    return made
  })

describe("Settler", () => {
  it.effect("writes what comes in within groupMillis in one transaction while commits are cheap", () =>
    Effect.gen(function* () {
      const { add, groups, pass } = yield* world(0)
      add()
      yield* pass(groupMillis - 1)
      add()
      assert.deepStrictEqual(groups, [], "others are still waited for")
      yield* pass(1)
      assert.deepStrictEqual(groups, [{ size: 2, at: groupMillis }])
    })
  )

  it.effect("waits eight times as long as a commit takes", () =>
    Effect.gen(function* () {
      const { add, groups, pass } = yield* warm(5)
      add()
      yield* pass(39)
      assert.strictEqual(groups.length, 1, "after 39 ms a commit of 5 ms is not worth it yet")
      add()
      yield* pass(1)
      assert.deepStrictEqual(groups.at(-1), { size: 2, at: 48 })
    })
  )

  it.effect("waits 50 ms at most, however slow the store is", () =>
    Effect.gen(function* () {
      const { add, groups, pass } = yield* warm(1000)
      add()
      yield* pass(50)
      assert.deepStrictEqual(groups.at(-1), { size: 1, at: 1053 })
    })
  )

  it.effect("lets a run in strict order wait for groupMillis only, whether others came first or not", () =>
    Effect.gen(function* () {
      const { add, groups, pass } = yield* warm(5)
      add("run")
      yield* pass(groupMillis)
      assert.deepStrictEqual(groups.at(-1), { size: 1, at: 11 })
      yield* pass(5)
      add()
      yield* pass(20)
      assert.strictEqual(groups.length, 2, "nobody waits for the third")
      add("run")
      yield* pass(1)
      assert.strictEqual(groups.at(-1)?.size, 2)
    })
  )

  it.effect("writes at once when the group is full, or when nothing is under way that could join", () =>
    Effect.gen(function* () {
      const full = yield* world(0, 2)
      full.add()
      full.add()
      yield* full.pass(1)
      assert.deepStrictEqual(
        full.groups.map(({ size }) => size),
        [2]
      )
      const last = yield* world(0)
      last.finish()
      last.add()
      yield* TestClock.adjust(0)
      assert.strictEqual(last.groups.length, 1)
    })
  )
})
