import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isRecordEvent } from "../../event/EventType.ts"
import * as Barrier from "../../store/Barrier.ts"
import * as Fixture from "../store/Fixtures.ts"
import { ports } from "../store/Setup.ts"
import { destinations, jobs, type World } from "./World.ts"

/** Everything that can be read. */
export const observe = (world: World, last: boolean) =>
  Effect.gen(function* () {
    const { destinations: places, keys, outbox, sync } = yield* ports
    // One query per event is too slow after every step; a body that stays behind stays to the end.
    const runs = yield* sync.runs({ workspaceId: Fixture.workspace }, { limit: 1_000 })
    const events = yield* outbox.list({ workspaceId: Fixture.workspace }, { limit: 1_000 })
    return {
      runs: runs.items,
      events: events.items,
      bodies: yield* Effect.forEach(last ? events.items : [], ({ id }) =>
        Effect.map(outbox.body(Fixture.workspace, id), Option.isSome)
      ),
      attempts: yield* Effect.forEach(last ? events.items : [], ({ id }) => outbox.attempts(id)),
      keys: yield* Effect.forEach(world.runs, (id) => Effect.map(keys.dataKey("run", id), Option.isSome)),
      seen: yield* Effect.forEach(world.runs, (id) => sync.seen(id)),
      rows: yield* Effect.forEach(jobs, (job) =>
        Effect.map(sync.lookup(job, ["k0", "k1", "k2", "k3", "k4", "k5"]), (rows) =>
          [...rows].sort((a, b) => a.ordinal - b.ordinal)
        )
      ),
      missing: yield* Effect.forEach(jobs, (job) => sync.countMissing(job)),
      jobs: (yield* sync.jobs({ workspaceId: Fixture.workspace }, { limit: 9 })).items,
      places: (yield* places.list(Fixture.workspace, { limit: 9 })).items,
      due: yield* outbox.dueDestinations,
      next: yield* outbox.nextDueAt,
      closable: yield* sync.closable(9),
      health: [...(yield* outbox.health(destinations))].sort((a, b) => (a.destinationId < b.destinationId ? -1 : 1)),
      backlog: yield* Effect.forEach(destinations, (id) => outbox.backlog(id))
    }
  })

/** What was read. */
export type Observation = Effect.Success<ReturnType<typeof observe>>

/** I9 of the invariants: what was emitted is acknowledged, pending, expired or discarded, run by run. */
export const balance = ({ bodies, closable, events, keys, runs }: Observation, world: World): void => {
  for (const [index, body] of bodies.entries()) {
    assert.strictEqual(
      body,
      events[index]?.state === "pending",
      `${events[index]?.id} has a body only while it is pending`
    )
  }
  for (const run of runs) {
    const own = events.filter((event) => event.runId === run.id)
    const closing = own.filter((event) => Barrier.isClosing(event.type))
    const others = own.filter((event) => !Barrier.isClosing(event.type))
    const records = others.filter((event) => isRecordEvent(event.type))
    const count = (list: ReadonlyArray<{ readonly state: string }>, ...states: ReadonlyArray<string>) =>
      list.filter((event) => states.includes(event.state)).length
    assert.strictEqual(run.emitted, records.length, `emitted of ${run.id}`)
    assert.strictEqual(run.consumed, count(records, "acknowledged"), `consumed of ${run.id}`)
    assert.strictEqual(run.outstanding, count(others, "pending"), `outstanding of ${run.id}`)
    assert.strictEqual(run.coalesced, count(records, "coalesced"), `coalesced of ${run.id}`)
    for (const event of own) assert.strictEqual(event.state === "coalesced", event.replacedBy !== null, event.id)
    assert.strictEqual(run.expired, count(others, "expired", "discarded"), `expired of ${run.id}`)
    assert.isAtMost(closing.length, 1, `closing events of ${run.id}`)
    const closed = run.status === "completed" || run.status === "incomplete"
    if (closed || closing.length > 0)
      assert.strictEqual(run.outstanding, 0, `${run.id} is closed only when nothing is outstanding`)
    if (run.status === "completed")
      assert.strictEqual(run.expired, 0, `${run.id} is completed only when nothing expired`)
    if (run.status === "processed") {
      const waits = closing.length + run.outstanding > 0 || closable.some(({ id }) => id === run.id)
      assert.isTrue(waits, `${run.id} has something to wait for`)
    }
    const over = closed || run.status === "failed" || run.status === "cancelled"
    assert.strictEqual(keys[world.runs.indexOf(run.id)], !(over && count(own, "pending") === 0), `key of ${run.id}`)
  }
}

/** Bytes as lists, whatever class they came in. */
export const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      // Each store counts for itself.
      key === "position" ? undefined : inner instanceof Uint8Array ? [...inner] : inner
    ) ?? "null"
  )
