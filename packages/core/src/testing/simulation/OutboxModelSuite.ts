import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { ClaimedEvent, Outcome } from "../../store/OutboxStore.ts"
import type { CloseRun, RunLease } from "../../store/SyncStore.ts"
import * as Fixture from "../store/Fixtures.ts"
import { ports, type StoreLayer, type Stores } from "../store/Setup.ts"
import { type Claim, OutboxModel } from "./OutboxModel.ts"

/** A store, and what its users hold. */
interface Real {
  readonly run: <A, E>(effect: Effect.Effect<A, E, Stores>) => Promise<A>
  readonly leases: Array<RunLease>
  /** Claims, oldest first, with the type that the store gave. */
  readonly claims: Array<ClaimedEvent>
}

type Command = fc.AsyncCommand<OutboxModel, Real>

const leaseMillis = 25
const sorted = (ids: ReadonlyArray<string>) => [...ids].sort()
const claimOf = ({ attempts, id, token }: ClaimedEvent): Claim => ({ id, token, attempts })
const chosen = (real: Real, picks: ReadonlyArray<number>): ReadonlyArray<ClaimedEvent> =>
  real.claims.length === 0 ? [] : [...new Set(picks.map((pick) => real.claims.at(-1 - (pick % real.claims.length))!))]

/** Closes as the dispatcher does, at the time that the model has. */
export const closeAt =
  (createdAt: number): CloseRun =>
  (run) => {
    const event = Fixture.close(run)
    return event === null ? null : { ...event, createdAt }
  }

/** What a run and its events look like must be what the model has. */
const agree = async (model: OutboxModel, real: Real): Promise<void> => {
  const { events, runs } = await real.run(
    Effect.gen(function* () {
      const { outbox, sync } = yield* ports
      return {
        events: (yield* outbox.list({ workspaceId: Fixture.workspace }, { limit: 1000 })).items,
        runs: yield* sync.runsById(["run_0", "run_1"])
      }
    })
  )
  const states = (list: ReadonlyArray<{ id: string; state: string; attempts: number }>) =>
    sorted(list.map(({ attempts, id, state }) => `${id} ${state} after ${attempts}`))
  assert.deepStrictEqual(states(events), states(model.events))
  for (const [n, expected] of model.runs.entries()) {
    const run = runs.find(({ id }) => id === `run_${n}`)!
    assert.deepStrictEqual(
      { outstanding: run.outstanding, consumed: run.consumed, expired: run.expired, emitted: run.emitted },
      {
        outstanding: model.count(n, "pending"),
        consumed: model.count(n, "acknowledged"),
        expired: model.count(n, "expired"),
        emitted: model.events.filter((event) => event.run === n && event.record !== null).length
      }
    )
    assert.strictEqual(run.status, expected.over ?? (expected.read ? "processed" : "running"), `status of run_${n}`)
  }
}

const command = (
  text: string,
  act: (model: OutboxModel, real: Real) => Promise<void>,
  check: (model: OutboxModel) => boolean = () => true
): Command => ({
  check,
  run: async (model, real) => {
    await act(model, real)
    await agree(model, real)
  },
  toString: () => text
})

const outboxOf = <A, E>(use: (all: Effect.Success<typeof ports>) => Effect.Effect<A, E>) => Effect.flatMap(ports, use)

const page = (n: number, records: ReadonlyArray<number>) =>
  command(
    `page of run_${n}: ${records.join()}`,
    async (model, real) => {
      const events = model.page(n, records).map(({ id, record, sequence }) =>
        Fixture.event(id, {
          runId: `run_${n}`,
          jobId: `job_${n}`,
          destinationId: `dst_${n}`,
          type: sequence === 1 ? "record.new" : "record.modified",
          record,
          sequence,
          createdAt: model.now
        })
      )
      await real.run(outboxOf(({ sync }) => sync.commitPage(real.leases[n]!, Fixture.page({ events }))))
    },
    (model) => !model.runs[n]!.read
  )

const end = (n: number) =>
  command(
    `end of run_${n}`,
    async (model, real) => {
      model.end(n)
      const ending = Fixture.ending({ at: model.now })
      await real.run(outboxOf(({ sync }) => sync.endRun(real.leases[n]!, ending, closeAt(model.now))))
    },
    (model) => !model.runs[n]!.read
  )

const claim = (n: number, limit: number) =>
  command(`claim ${limit} for dst_${n}`, async (model, real) => {
    const expected = model.claim(n, limit, leaseMillis)
    const options = { destinationId: `dst_${n}`, owner: "o", limit, leaseMillis }
    const claimed = await real.run(outboxOf(({ outbox }) => outbox.claim(options)))
    assert.deepStrictEqual(claimed.map(claimOf), expected)
    real.claims.push(...claimed)
  })

const renewOrRelease = (what: "renew" | "release", picks: ReadonlyArray<number>) =>
  command(`${what} ${picks.join()}`, async (model, real) => {
    const claims = chosen(real, picks)
    if (what === "release") {
      model.release(claims.map(claimOf))
      return real.run(outboxOf(({ outbox }) => outbox.release(claims)))
    }
    const kept = await real.run(outboxOf(({ outbox }) => outbox.renew(claims, leaseMillis)))
    assert.deepStrictEqual(sorted(kept), sorted(model.renew(claims.map(claimOf), leaseMillis)))
  })

const settle = (picks: ReadonlyArray<number>, fates: ReadonlyArray<number>) =>
  command(`settle ${picks.join()} as ${fates.join()}`, async (model, real) => {
    const claims = chosen(real, picks)
    const results = claims.map((_, at): Exclude<Outcome["result"], { kind: "parked" }> =>
      fates[at] === 0
        ? { kind: "expired" }
        : fates[at] === 1
          ? { kind: "retry", at: model.now + 10 }
          : { kind: "acknowledged" }
    )
    const outcomes = claims.map((event, at) => Fixture.outcome(event, results[at]!, model.now))
    const expected = model.settle(
      claims.map((event, at) => {
        const result = results[at]!
        return [claimOf(event), result.kind === "retry" ? { retryAt: result.at } : result.kind] as const
      })
    )
    const { lost } = await real.run(outboxOf(({ outbox }) => outbox.settle(outcomes, closeAt(model.now))))
    assert.deepStrictEqual(sorted(lost), sorted(expected))
  })

const wait = (millis: number) =>
  command(`wait ${millis}`, async (model, real) => {
    model.now += millis
    await real.run(TestClock.setTime(model.now))
  })

const pick = fc.nat(9)
const commands = fc.commands(
  [
    fc.tuple(fc.nat(1), fc.array(fc.nat(3), { maxLength: 4 })).map((args) => page(...args)),
    fc.nat(1).map(end),
    fc.tuple(fc.nat(1), fc.integer({ min: 1, max: 5 })).map((args) => claim(...args)),
    fc.tuple(fc.nat(1), fc.integer({ min: 1, max: 5 })).map((args) => claim(...args)),
    fc
      .tuple(fc.constantFrom("renew" as const, "release" as const), fc.array(pick, { maxLength: 4 }))
      .map((args) => renewOrRelease(...args)),
    fc
      .tuple(fc.array(pick, { maxLength: 6 }), fc.array(fc.nat(7), { minLength: 6, maxLength: 6 }))
      .map((args) => settle(...args)),
    fc.nat(40).map(wait)
  ],
  { maxCommands: 60, size: "max" }
)

/** Two jobs, each with a destination of its own and a run that is being read. */
export const twoRuns = Effect.gen(function* () {
  const { destinations, integrations, sync } = yield* ports
  yield* integrations.save(Fixture.integration("int_1"))
  const leases: Array<RunLease> = []
  for (const n of [0, 1]) {
    yield* destinations.save(Fixture.destination(`dst_${n}`))
    yield* sync.saveJob(Fixture.job(`job_${n}`, { dataType: `type_${n}`, destinationId: `dst_${n}` }))
    yield* sync.startRun(
      Fixture.run(`run_${n}`, { jobId: `job_${n}`, dataType: `type_${n}`, destinationId: `dst_${n}`, createdAt: n })
    )
    const claimed = yield* sync.claimRun({ owner: "o", leaseMillis: 1_000_000 })
    leases.push(Option.getOrThrow(claimed).lease)
  }
  return leases
})

/** A fresh store under a clock that stands still. */
export const open = (layer: StoreLayer) =>
  ManagedRuntime.make(Layer.provideMerge(Layer.orDie(Layer.fresh(layer)), TestClock.layer()))

/** Compares a store with `OutboxModel` over random commands of several users, stale claims among them. */
export const suite = (
  name: string,
  layer: StoreLayer,
  options: { readonly runs: number; readonly seed?: number }
): void => {
  describe(`${name} keeps outbox and barrier as the model has them`, () => {
    it(`on ${options.runs} random sequences of commands`, { timeout: 120_000 }, () =>
      fc.assert(
        fc.asyncProperty(commands, async (sequence) => {
          const runtime = open(layer)
          try {
            await runtime.runPromise(TestClock.setTime(1))
            const leases = await runtime.runPromise(twoRuns)
            const real: Real = { run: (effect) => runtime.runPromise(effect), leases, claims: [] }
            await fc.asyncModelRun(() => ({ model: new OutboxModel(), real }), sequence)
          } finally {
            await runtime.dispose()
          }
        }),
        { numRuns: options.runs, seed: options.seed ?? 20_261 }
      )
    )
  })
}
