import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { ClaimedEvent } from "../../store/OutboxStore.ts"
import type { RunLease } from "../../store/SyncStore.ts"
import * as Fixture from "../store/Fixtures.ts"
import { ports, type StoreLayer, type Stores } from "../store/Setup.ts"
import { closeAt, open, twoRuns } from "./OutboxModelSuite.ts"

const leaseMillis = 1000

/**
 * Lets a reader that commits pages and ends the run race with two dispatchers that claim and settle, in schedules that
 * fast-check chooses. However they interleave: nobody gets what another holds, every event is acknowledged once, and the
 * run is closed once, after everything else.
 */
export const suite = (
  name: string,
  layer: StoreLayer,
  options: { readonly runs: number; readonly seed?: number }
): void => {
  describe(`${name} lets a reader and two dispatchers race`, () => {
    it(`in ${options.runs} schedules`, { timeout: 120_000 }, () =>
      fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
          fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
          (scheduler, pages, limits) => race(layer, scheduler, pages, limits)
        ),
        { numRuns: options.runs, seed: options.seed ?? 20_262 }
      )
    )
  })
}

const race = async (
  layer: StoreLayer,
  scheduler: fc.Scheduler,
  pages: ReadonlyArray<ReadonlyArray<number>>,
  limits: ReadonlyArray<number>
): Promise<void> => {
  const runtime = open(layer)
  const run = <A, E>(use: (all: Effect.Success<typeof ports>) => Effect.Effect<A, E, Stores>) =>
    runtime.runPromise(Effect.flatMap(ports, use))
  /** One operation of one user, begun when the schedule says so. */
  const step = <A>(label: string, operation: () => Promise<A>): Promise<A> =>
    scheduler.schedule(Promise.resolve(), label).then(operation)
  const holders = new Map<string, string>()
  const acknowledged: Array<string> = []
  let committed = 0
  let reading = true

  const reader = async (lease: RunLease): Promise<void> => {
    const sequences = new Map<number, number>()
    for (const records of pages) {
      const events = records.map((record) => {
        const sequence = (sequences.get(record) ?? 0) + 1
        sequences.set(record, sequence)
        return Fixture.event(`ev_${record}_${sequence}`, {
          runId: "run_0",
          jobId: "job_0",
          destinationId: "dst_0",
          record,
          sequence
        })
      })
      committed += events.length
      await step("page", () => run(({ sync }) => sync.commitPage(lease, Fixture.page({ events }))))
    }
    await step("end", () => run(({ sync }) => sync.endRun(lease, Fixture.ending(), closeAt(0))))
    reading = false
  }
  const took = (who: string, events: ReadonlyArray<ClaimedEvent>): void => {
    for (const { id, type } of events) {
      assert.isUndefined(holders.get(id), `${who} got ${id}, which ${holders.get(id)} holds`)
      holders.set(id, who)
      if (type === "sync.events.allConsumed")
        assert.strictEqual(acknowledged.length, committed, "allConsumed comes after everything else")
    }
  }
  const dispatcher = async (who: string, limit: number): Promise<void> => {
    for (let idle = 0; idle < 3;) {
      const claimed = await step(`${who} claims`, () =>
        run(({ outbox }) => outbox.claim({ destinationId: "dst_0", owner: who, limit, leaseMillis }))
      )
      took(who, claimed)
      if (claimed.length === 0) {
        idle = reading ? 0 : idle + 1
        continue
      }
      // From here on the store may give them to nobody else, until the settlement is through.
      const outcomes = claimed.map((event) => Fixture.outcome(event))
      const { lost } = await step(`${who} settles`, () => {
        for (const { id } of claimed) acknowledged.push(id)
        return run(({ outbox }) => outbox.settle(outcomes, closeAt(0)))
      })
      assert.deepStrictEqual(lost, [], "nobody took what was held")
    }
  }

  try {
    await runtime.runPromise(TestClock.setTime(1))
    const [lease] = await runtime.runPromise(twoRuns)
    const everybody = Promise.all([reader(lease!), dispatcher("A", limits[0]!), dispatcher("B", limits[1]!)])
    await scheduler.waitFor(everybody)
    const after = await run(({ sync }) => sync.runsById(["run_0"]))
    assert.strictEqual(acknowledged.length, committed + 1, "everything and one closing event")
    assert.strictEqual(new Set(acknowledged).size, acknowledged.length, "each once")
    assert.deepStrictEqual(
      after.map(({ consumed, emitted, outstanding, status }) => ({ consumed, emitted, outstanding, status })),
      [{ consumed: committed, emitted: committed, outstanding: 0, status: "completed" }]
    )
  } finally {
    await runtime.dispose()
  }
}
