import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Logger, Scope } from "effect"
import { TestClock } from "effect/testing"
import { ConnectorError, Scheduler, StoreError, type Syncs } from "@crochet/core"
import { failing } from "./Harness.ts"
import { inWorld, services, world, type Services } from "./World.ts"

type Connected = Services & {
  readonly id: string
  readonly start: (request?: Partial<Syncs.StartRequest>) => ReturnType<Syncs.Syncs["Service"]["start"]>
}
const connected = (
  test: (world: Connected) => Effect.Effect<void, unknown>,
  options: Parameters<typeof world>[0] = {}
) =>
  inWorld(
    (services) =>
      Effect.flatMap(
        services.integrations.import(services.principal, { appId: "madeup", originOrgId: "org" }),
        ({ id }) =>
          test({
            ...services,
            id,
            start: (request = {}) =>
              services.syncs.start(services.principal, services.key, id, {
                dataType: "employee",
                destination: "https://receiver.test",
                ...request
              })
          })
      ),
    options
  )
const away = new StoreError.StoreError({ operation: "test", reason: new StoreError.StoreUnavailable({}) })

describe("a shutdown", () => {
  it.effect("gives the run back, so that another process goes on at once", () =>
    connected(({ app, engine, run, start, state }) =>
      Effect.gen(function* () {
        const { run: started } = yield* start()
        const reached = yield* Deferred.make<void>()
        app.beforePage = () => Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
        const fiber = yield* Effect.forkChild(engine.runNext)
        yield* Deferred.await(reached)
        assert.isAbove(state.runs.get(started.id)!.leaseUntil, 0)
        yield* Fiber.interrupt(fiber)
        assert.strictEqual(state.runs.get(started.id)!.leaseUntil, 0)
        assert.strictEqual(state.runs.get(started.id)!.run.interruptions, 0, "a shutdown is nobody's fault")
        app.beforePage = () => Effect.void
        yield* run
        assert.strictEqual(state.runs.get(started.id)!.run.status, "completed")
      })
    )
  )

  it.effect("ends although the store is away", () => {
    let down = false
    return connected(
      ({ app, engine, start }) =>
        Effect.gen(function* () {
          yield* start()
          const reached = yield* Deferred.make<void>()
          app.beforePage = () => Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
          const fiber = yield* Effect.forkChild(engine.runNext)
          yield* Deferred.await(reached)
          down = true
          yield* Fiber.interrupt(fiber)
          const exit = yield* Fiber.await(fiber)
          assert.isTrue(Exit.hasInterrupts(exit))
        }),
      {
        sync: (store) => ({ ...store, releaseRun: (...args) => (down ? Effect.fail(away) : store.releaseRun(...args)) })
      }
    )
  })

  it.effect("of the scheduler gives back what its workers read", () => {
    const { app, layer, state } = world({})
    return Effect.gen(function* () {
      const reached = yield* Deferred.make<void>()
      app.beforePage = () => Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
      const scope = yield* Scope.make()
      yield* Layer.buildWithScope(Scheduler.Scheduler.layer({ workers: 2, everyMillis: 1000 }), scope)
      yield* startOne
      yield* Deferred.await(reached)
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(
        [...state.runs.values()].map(({ leaseUntil, run }) => [run.status, leaseUntil]),
        [["running", 0]]
      )
    }).pipe(Effect.provide(layer))
  })
})

describe("the scheduler", () => {
  it.effect("starts a queued run at once, and deltas when they are due", () => {
    const { layer, state } = world({})
    return Effect.gen(function* () {
      yield* Layer.build(Scheduler.Scheduler.layer({ workers: 1, everyMillis: 60_000 }))
      yield* TestClock.adjust("1 second")
      yield* startOne
      for (let i = 0; i < 50; i++) yield* Effect.yieldNow
      const statuses = () => [...state.runs.values()].map(({ run }) => run.type)
      assert.notInclude(
        [...state.runs.values()].map(({ run }) => run.status),
        "queued",
        "without waiting for the next look"
      )
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(statuses(), ["initial_sync", "delta_sync"])
    }).pipe(Effect.provide(layer), Effect.scoped)
  })
})

const startOne = Effect.suspend(() =>
  Effect.gen(function* () {
    const { integrations, key, principal, syncs } = yield* services
    const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
    yield* syncs.start(principal, key, id, {
      dataType: "employee",
      destination: "https://receiver.test",
      frequency: { everySeconds: 120 }
    })
  })
)

describe("what stops a run", () => {
  it.effect("a bug is logged by its place, never with what it says, and tried again", () => {
    const lines: Array<string> = []
    const logger = Logger.make(
      ({ cause, message }) => void lines.push(JSON.stringify(message) + JSON.stringify(cause) + String(cause))
    )
    return connected(({ app, engine, start, state }) =>
      Effect.gen(function* () {
        const { run } = yield* start()
        app.beforePage = () => Effect.die(new TypeError("cannot read canary-7f3a of undefined"))
        yield* engine.runNext
        const { issues, resumeAt, status } = state.runs.get(run.id)!.run
        assert.deepStrictEqual([status, issues.map(({ code }) => code)], ["running", ["internal"]])
        assert.isNotNull(resumeAt)
        const log = lines.join("\n")
        assert.include(log, "TypeError")
        assert.include(log, "Faults.test.ts", "where it happened")
        assert.notInclude(log + JSON.stringify(issues), "canary")
      })
    ).pipe(Effect.provide(Logger.layer([logger])))
  })

  it.effect("a checkpoint that does not open fails the run, instead of starting over or trying for hours", () =>
    connected(({ app, engine, inbox, run, start, state }) =>
      Effect.gen(function* () {
        const { run: started } = yield* start()
        app.beforePage = (page) => (page === 0 ? Effect.void : failing(new ConnectorError.Unavailable({ status: 503 })))
        app.pageSize = 1
        yield* engine.runNext
        const entry = state.runs.get(started.id)!
        state.runs.set(started.id, {
          ...entry,
          checkpoint: entry.checkpoint!.map((byte, at) => (at === 20 ? byte ^ 1 : byte))
        })
        yield* TestClock.adjust("31 seconds")
        yield* run
        const ended = state.runs.get(started.id)!.run
        assert.strictEqual(ended.status, "failed")
        assert.strictEqual(ended.issues.at(-1)?.code, "vault.unreadable")
        assert.strictEqual(inbox.events.at(-1)?.eventType, "sync.failed")
      })
    )
  )

  it.effect("an app's Retry-After is waited for, however long", () =>
    connected(({ app, engine, run, start, state }) =>
      Effect.gen(function* () {
        const { run: started } = yield* start()
        let limited = true
        app.beforePage = () =>
          limited ? failing(new ConnectorError.RateLimited({ retryAfterMillis: 7_200_000 })) : Effect.void
        yield* engine.runNext
        limited = false
        yield* TestClock.adjust("119 minutes")
        assert.isFalse(yield* engine.runNext)
        yield* TestClock.adjust("2 minutes")
        yield* run
        assert.strictEqual(state.runs.get(started.id)!.run.status, "completed")
      })
    )
  )

  it.effect("lost leases change nothing any more", () =>
    connected(({ app, engine, run, start, state }) =>
      Effect.gen(function* () {
        const { run: started } = yield* start()
        const reached = yield* Deferred.make<void>()
        const goOn = yield* Deferred.make<void>()
        let slow = true
        app.beforePage = () => {
          if (!slow) return Effect.void
          slow = false
          return Effect.andThen(Deferred.succeed(reached, undefined), Deferred.await(goOn))
        }
        const fiber = yield* Effect.forkChild(engine.runNext)
        yield* Deferred.await(reached)
        const entry = state.runs.get(started.id)!
        // Paused for longer than its lease, while nobody renewed it.
        state.runs.set(started.id, { ...entry, leaseUntil: 1 })
        yield* TestClock.adjust("1 second")
        yield* run
        const completed = state.runs.get(started.id)!.run
        assert.strictEqual(completed.status, "completed")
        yield* Deferred.succeed(goOn, undefined)
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(state.runs.get(started.id)!.run, completed)
      })
    )
  )
})

describe("a destination that wants few events", () => {
  it.effect("gets those, and the run completes without a word", () =>
    inWorld(({ destinations, inbox, integrations, key, principal, run, state }) =>
      Effect.gen(function* () {
        yield* destinations.register(principal, key, {
          category: "HRIS",
          url: "https://receiver.test",
          events: ["record.new"]
        })
        yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        yield* run
        assert.deepStrictEqual(
          inbox.events.map(({ eventType }) => eventType),
          ["record.new", "record.new", "record.new"]
        )
        const [entry] = [...state.runs.values()]
        assert.deepInclude(entry!.run, { status: "completed", emitted: 3, consumed: 3, outstanding: 0 })
      })
    )
  )
})

describe("record.resync", () => {
  it.effect("deletes who is inactive, sends nobody who is not the receiver's, and puts no delta off", () =>
    connected(({ app, id, inbox, principal, run, start, state, syncs }) =>
      Effect.gen(function* () {
        const { job } = yield* start()
        yield* run
        const resync = (recordId: string) =>
          Effect.gen(function* () {
            const { run: started } = yield* syncs.resync(principal, id, "employee", recordId)
            yield* run
            return state.runs.get(started.id)!.run
          })
        app.people[1] = { ...app.people[1]!, active: false }
        const due = state.jobs.get(job.id)!.nextRunAt
        assert.strictEqual((yield* resync("p1")).status, "completed")
        assert.deepInclude(
          inbox.events.findLast(({ recordId }) => recordId === "p1")!,
          { eventType: "record.deleted", sequence: "2" }
        )
        yield* TestClock.adjust("1 hour")
        for (const nobody of ["p1", "p99"]) {
          const failed = yield* resync(nobody)
          assert.strictEqual(failed.status, "failed")
          assert.strictEqual(failed.issues[0]?.code, "upstream.not_found")
        }
        assert.strictEqual(state.jobs.get(job.id)!.nextRunAt, due)
      })
    )
  )

  it.effect("sends the record once, though its process dies between sending and ending", () => {
    let crash = false
    return connected(
      ({ engine, id, inbox, principal, run, start, syncs }) =>
        Effect.gen(function* () {
          yield* start()
          yield* run
          yield* syncs.resync(principal, id, "employee", "p0")
          crash = true
          yield* engine.runNext
          yield* TestClock.adjust("11 seconds")
          yield* run
          assert.deepStrictEqual(
            inbox.events.filter(({ recordId }) => recordId === "p0").map(({ sequence }) => sequence),
            ["1", "2"]
          )
        }),
      {
        sync: (store) => ({
          ...store,
          endRun: (...args) => {
            if (!crash) return store.endRun(...args)
            crash = false
            return Effect.fail(away)
          }
        })
      }
    )
  })
})
