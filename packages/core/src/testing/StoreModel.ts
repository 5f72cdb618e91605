import { assert, describe, it } from "@effect/vitest"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { Sign } from "../delivery/Circuit.ts"
import { isRecordEvent } from "../event/EventType.ts"
import type { Notices } from "../store/DestinationStore.ts"
import * as Barrier from "../store/Barrier.ts"
import * as MemoryStore from "../store/memory/MemoryStore.ts"
import type { ClaimedEvent, Outcome } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { RunLease } from "../store/SyncStore.ts"
import type { Run } from "../sync/Run.ts"
import * as Fixture from "./store/Fixtures.ts"
import { ports, type StoreLayer, type Stores } from "./store/Setup.ts"

const jobs = ["job_0", "job_1"] as const
const destinations = ["dst_0", "dst_1"] as const

/** One step. Numbers choose among what there is, so that every sequence of steps means something. */
type Step =
  | { readonly do: "wait"; readonly millis: number }
  | { readonly do: "start"; readonly job: number; readonly destination: number }
  | { readonly do: "claimRun" | "seen"; readonly pick: number }
  | { readonly do: "renewRun" | "releaseRun"; readonly pick: number; readonly millis: number }
  | { readonly do: "page"; readonly pick: number; readonly records: ReadonlyArray<number>; readonly again: boolean }
  | {
      readonly do: "end"
      readonly pick: number
      readonly failed: boolean
      readonly silent: boolean
      readonly told: boolean
    }
  | { readonly do: "cancel" | "retryNow" | "pause" | "discardMissing" | "removeDestination"; readonly pick: number }
  | { readonly do: "claim"; readonly destination: number; readonly limit: number }
  | { readonly do: "renew" | "release"; readonly picks: ReadonlyArray<number> }
  | {
      readonly do: "settle"
      readonly picks: ReadonlyArray<number>
      readonly fates: ReadonlyArray<number>
      readonly silent: boolean
    }
  | { readonly do: "prune"; readonly limit: number }
  | {
      readonly do: "change"
      readonly destination: number
      readonly ordering: "record" | "run" | "none"
      readonly coalesce: boolean
    }
  | { readonly do: "closeRuns"; readonly silent: boolean }
  | { readonly do: "hold"; readonly destination: number; readonly paused: boolean }

/** Mostly what was handed out last, which is still held. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(11) })
const picks = fc.array(fc.nat(5), { maxLength: 6 })
const silent = fc.boolean()
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), millis: fc.nat(60) }) },
  // To the next probe, to the end of a silence, to the end of the 96 hours.
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), millis: fc.constantFrom(5_000, 70_000, 350_000_000) })
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("hold" as const), destination: fc.nat(1), paused: fc.boolean() })
  },
  // A record may have events on the way to both destinations.
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("start" as const), job: fc.nat(1), destination: fc.nat(1) })
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("claimRun" as const, "seen" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("renewRun" as const, "releaseRun" as const), pick, millis: fc.nat(40) })
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("page" as const),
      pick,
      records: fc.array(fc.nat(5), { maxLength: 5 }),
      again: fc.boolean()
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("end" as const), pick, failed: fc.boolean(), silent, told: fc.boolean() })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "cancel" as const,
        "retryNow" as const,
        "pause" as const,
        "discardMissing" as const,
        "removeDestination" as const
      ),
      pick
    })
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      destination: fc.nat(1),
      limit: fc.integer({ min: 1, max: 6 })
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("renew" as const, "release" as const), picks }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      picks,
      fates: fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }),
      silent
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("prune" as const), limit: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("change" as const),
      destination: fc.nat(1),
      ordering: fc.constantFrom("record" as const, "run" as const, "none" as const),
      coalesce: fc.boolean()
    })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("closeRuns" as const), silent }) }
)

/** How every history begins, so that there is something to work on. */
const opening: ReadonlyArray<Step> = [
  { do: "start", job: 0, destination: 0 },
  { do: "claimRun", pick: 0 },
  { do: "page", pick: 0, records: [0, 1, 2, 1], again: false }
]

/** What the steps so far handed out, the same for both stores as long as they agree. */
interface World {
  now: number
  serial: number
  paused: number
  readonly runs: Array<string>
  /** Where a run's events go. */
  readonly routes: Map<string, string>
  readonly leases: Array<RunLease>
  readonly claimed: Array<ClaimedEvent>
}

const chosen = <A>(items: ReadonlyArray<A>, pick: number): A | undefined =>
  items.length === 0 ? undefined : items[items.length - 1 - (pick % items.length)]

const setup = Effect.gen(function* () {
  const all = yield* ports
  yield* all.integrations.save(Fixture.integration("int_1"))
  for (const [n, id] of jobs.entries()) {
    yield* all.destinations.save(Fixture.destination(destinations[n]!))
    yield* all.sync.saveJob(Fixture.job(id, { dataType: id, destinationId: destinations[n]! }))
  }
})

const perform = (world: World, step: Step, serial: number) =>
  Effect.gen(function* () {
    const { destinations: places, keys, outbox, sync } = yield* ports
    switch (step.do) {
      case "wait":
        return yield* TestClock.setTime(world.now)
      case "start": {
        const id = `run_${serial}`
        const result = yield* sync.startRun(
          Fixture.run(id, {
            jobId: jobs[step.job]!,
            destinationId: destinations[(step.job + step.destination) % 2]!,
            createdAt: world.now
          })
        )
        const key = {
          id: `dk_${id}`,
          workspaceId: Fixture.workspace,
          masterKeyId: "m",
          wrapped: new Uint8Array([1]),
          createdAt: 0
        }
        if (result.started) yield* keys.addDataKey({ ...key, owner: "run", ownerId: id })
        return result
      }
      case "claimRun":
        return yield* sync.claimRun({ owner: "o", leaseMillis: 30 })
      case "seen":
        return yield* sync.seen(chosen(world.runs, step.pick) ?? "none")
      case "renewRun": {
        const lease = chosen(world.leases, step.pick)
        return lease === undefined ? null : yield* sync.renewRun(lease, step.millis + 1)
      }
      case "releaseRun": {
        const lease = chosen(world.leases, step.pick)
        if (lease === undefined) return null
        const resumeAt = step.millis % 2 === 0 ? null : world.now + step.millis
        return yield* sync.releaseRun(lease, { resumeAt, issues: [], interrupted: step.millis % 3 === 0 })
      }
      case "page": {
        const lease = chosen(world.leases, step.pick)
        if (lease === undefined) return null
        const events = step.records.map((record, index) =>
          Fixture.event(step.again ? `ev_${lease.runId}_${record}` : `ev_${serial}_${index}`, {
            jobId: lease.jobId,
            runId: lease.runId,
            destinationId: world.routes.get(lease.runId)!,
            // What may be coalesced, what may take its place, and what may do neither.
            type: (["record.modified", "record.modified", "record.new", "record.deleted"] as const)[
              (record + index) % 4
            ]!,
            record,
            sequence: serial * 10 + index,
            createdAt: world.now
          })
        )
        const rows = step.records.map((record) =>
          Fixture.row(`k${record}`, record, {
            sequence: serial,
            state: record === 3 ? "missing" : "live",
            reason: record === 3 ? "gone" : null
          })
        )
        const seen = [{ chunk: serial % 2, bits: new Uint8Array([serial % 256]) }]
        return yield* sync.commitPage(
          lease,
          Fixture.page({ checkpoint: new Uint8Array([serial % 256]), events, rows, seen })
        )
      }
      case "end": {
        const lease = chosen(world.leases, step.pick)
        if (lease === undefined) return null
        const told = Fixture.event(`ev_end_${lease.runId}`, {
          type: step.failed ? "sync.failed" : "sync.events.processed",
          jobId: lease.jobId,
          runId: lease.runId,
          destinationId: world.routes.get(lease.runId)!,
          record: null,
          sequence: null,
          createdAt: world.now
        })
        const status = step.failed ? "failed" : "processed"
        const end = Fixture.ending({
          status,
          at: world.now,
          events: step.told ? [told] : [],
          job: { deltasSinceListing: serial }
        })
        return yield* sync.endRun(lease, end, step.silent ? Fixture.closeSilently : Fixture.close)
      }
      case "cancel":
        return yield* sync.cancelRun(Fixture.workspace, chosen(world.runs, step.pick) ?? "none", world.now)
      case "retryNow":
        return yield* outbox.retryNow(Fixture.workspace, chosen(world.claimed, step.pick)?.id ?? "none")
      case "pause": {
        const state = world.paused % 2 === 0 ? "active" : "paused"
        yield* places.save(Fixture.destination(destinations[step.pick % 2]!, { state }))
        return yield* sync.saveJob(Fixture.job("job_0", { dataType: "job_0", destinationId: "dst_0", state }))
      }
      case "discardMissing":
        return yield* sync.discardMissing(jobs[step.pick % 2]!)
      case "removeDestination":
        return step.pick > 2 ? null : yield* places.remove(Fixture.workspace, destinations[step.pick % 2]!)
      case "claim":
        return yield* outbox.claim({
          destinationId: destinations[step.destination]!,
          owner: "o",
          limit: step.limit,
          leaseMillis: 25
        })
      case "renew":
      case "release": {
        const named = step.picks.flatMap((at) => chosen(world.claimed, at) ?? [])
        return step.do === "renew" ? yield* outbox.renew([...new Set(named)], 25) : yield* outbox.release(named)
      }
      case "settle": {
        const outcomes = step.picks.flatMap((at, index): ReadonlyArray<Outcome> => {
          const event = chosen(world.claimed, at)
          if (event === undefined) return []
          const fate = step.fates[index]!
          if (event.purpose === "overdue") return [{ event, attempt: null, result: { kind: "expired" as const } }]
          const sign: Sign =
            fate > 2
              ? { kind: "success" }
              : { kind: "failure", error: "e", unreachable: fate > 0, parkMillis: fate === 2 ? 1000 : undefined }
          if (event.purpose === "probe" && fate < 3)
            return [{ event, attempt: null, result: { kind: "parked" as const }, sign }]
          const result =
            fate === 0
              ? { kind: "expired" as const }
              : fate < 3
                ? { kind: "retry" as const, at: world.now + 10 }
                : { kind: "acknowledged" as const }
          return [{ ...Fixture.outcome(event, result, world.now), sign }]
        })
        return yield* outbox.settle(outcomes, step.silent ? Fixture.closeSilently : Fixture.close)
      }
      case "change": {
        const { coalesce, ordering } = step
        return yield* places.change(Fixture.workspace, destinations[step.destination]!, (known) =>
          Result.succeed({ ...known, ordering, coalesce })
        )
      }
      case "closeRuns":
        return yield* Effect.forEach(yield* sync.closable(9), (run) =>
          sync.closeRun(run.id, step.silent ? Fixture.closeSilently : Fixture.close)
        )
      case "hold": {
        const id = destinations[step.destination]!
        const notices: Notices = (others, at) =>
          others.map((to) =>
            Fixture.looseEvent(`notice_${serial}_${to.id}`, {
              integrationId: null,
              destinationId: to.id,
              createdAt: at
            })
          )
        return step.paused ? yield* places.pause(id, "operator", notices) : yield* places.resume(id, notices)
      }
      case "prune":
        return yield* outbox.prune(world.now - 100, step.limit)
    }
  })

/** Everything that can be read. */
const observe = (world: World, last: boolean) =>
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

type Observation = Effect.Success<ReturnType<typeof observe>>

/** I9 of the invariants: what was emitted is acknowledged, pending, expired or discarded, run by run. */
const balance = ({ bodies, closable, events, keys, runs }: Observation, world: World): void => {
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
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      // Each store counts for itself.
      key === "position" ? undefined : inner instanceof Uint8Array ? [...inner] : inner
    ) ?? "null"
  )

const outcomeOf = <A>(self: Effect.Effect<A, StoreError, Stores>) =>
  Effect.match(self, {
    onFailure: (error): { readonly failed: string } | { readonly done: A } => ({ failed: error.reason._tag }),
    onSuccess: (done): { readonly failed: string } | { readonly done: A } => ({ done })
  })

const claimsOf = (result: unknown): ReadonlyArray<ClaimedEvent> =>
  typeof result === "object" && result !== null && "done" in result && Array.isArray(result.done)
    ? result.done.filter((item) => typeof item === "object" && item !== null && "token" in item)
    : []

const remember = (world: World, result: unknown): void => {
  world.claimed.push(...claimsOf(result))
  if (typeof result !== "object" || result === null || !("done" in result)) return
  const { done } = result
  if (Array.isArray(done)) return
  if (Option.isOption(done) && Option.isSome(done)) {
    world.leases.push((done.value as { readonly lease: RunLease }).lease)
  } else if (typeof done === "object" && done !== null && "started" in done && "run" in done) {
    const run = done.run as Run
    world.routes.set(run.id, run.destinationId)
    if (done.started === true) world.runs.push(run.id)
  } else if (typeof done === "object" && done !== null && "until" in done) {
    world.leases.push(done as RunLease)
  }
}

const scenario = (layer: StoreLayer, steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const model: Context.Context<Stores> = yield* Layer.build(Layer.fresh(MemoryStore.layer))
    const actual = yield* Layer.build(Layer.fresh(layer))
    const world: World = { now: 0, serial: 0, paused: 0, runs: [], routes: new Map(), leases: [], claimed: [] }
    /** The same claims as the world's, as the other store gave them. */
    const claimed: Array<ClaimedEvent> = []
    yield* Effect.provideContext(setup, model)
    yield* Effect.provideContext(setup, actual)
    for (const step of steps) {
      const serial = ++world.serial
      if (step.do === "wait") world.now += step.millis
      if (step.do === "pause") world.paused++
      const expected = yield* Effect.provideContext(outcomeOf(perform(world, step, serial)), model)
      const result = yield* Effect.provideContext(outcomeOf(perform({ ...world, claimed }, step, serial)), actual)
      assert.deepStrictEqual(plain(result), plain(expected), `step ${serial}: ${JSON.stringify(step)}`)
      claimed.push(...claimsOf(result))
      remember(world, expected)
      const before = yield* Effect.provideContext(observe(world, serial === steps.length), model)
      const after = yield* Effect.provideContext(observe(world, serial === steps.length), actual)
      assert.deepStrictEqual(plain(after), plain(before), `after step ${serial}: ${JSON.stringify(step)}`)
      if (!steps.some((other) => other.do === "prune")) balance(before, world)
    }
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))

/**
 * Runs random sequences of operations on the store in memory and on another one: they must answer alike, look alike
 * afterwards, and their books must balance after every step.
 */
export const suite = (
  name: string,
  layer: StoreLayer,
  options: { readonly runs: number; readonly seed?: number }
): void => {
  describe(`${name} agrees with the store in memory`, () => {
    it(
      `on ${options.runs} random histories`,
      () =>
        fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (steps) =>
            Effect.runPromise(scenario(layer, [...opening, ...steps]) as Effect.Effect<void, unknown>)
          ),
          { numRuns: options.runs, seed: options.seed ?? 20_251, verbose: 0 }
        ),
      120_000
    )
  })
}
