import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { ConnectorError, StoreError, type SyncStore } from "@crochet/core"
import { failing } from "./Harness.ts"
import { inWorld, type Services, type world } from "./World.ts"

const away = new StoreError.StoreError({ operation: "commitPage", reason: new StoreError.StoreUnavailable({}) })

/** A store that writes down what is asked of it, and whose first commit waits until it may end. */
const watched = () => {
  const calls: Array<string> = []
  const first = Deferred.makeUnsafe<void, StoreError.StoreError>()
  let commits = 0
  const sync = (store: SyncStore.SyncStore["Service"]): SyncStore.SyncStore["Service"] => ({
    ...store,
    peek: (jobId, keys) =>
      Effect.suspend(() => {
        calls.push(`peek ${keys.length}`)
        return store.peek(jobId, keys)
      }),
    commitPage: (lease, commit) =>
      Effect.gen(function* () {
        const number = ++commits
        calls.push(`commit ${number}`)
        if (number === 1) yield* Deferred.await(first)
        yield* store.commitPage(lease, commit)
        calls.push(`committed ${number}`)
      })
  })
  return { calls, first, sync }
}

/** Starts a sync whose first commit does not end, and goes on until nothing moves any more. */
const reading = (
  test: (
    world: Services & { readonly fiber: Fiber.Fiber<boolean, unknown>; readonly runId: string }
  ) => Effect.Effect<void, unknown>,
  options: Parameters<typeof world>[0] & { readonly prepare?: (app: Services["app"]) => void }
) =>
  inWorld(
    (services) =>
      Effect.gen(function* () {
        const { app, engine, integrations, key, principal, syncs } = services
        const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        const { run } = yield* syncs.start(principal, key, id, {
          dataType: "employee",
          destination: "https://receiver.test"
        })
        options.prepare?.(app)
        const fiber = yield* Effect.forkChild(engine.runNext)
        for (let i = 0; i < 200; i++) yield* Effect.yieldNow
        yield* test({ ...services, fiber, runId: run.id })
      }),
    options
  )

describe("while a page is being stored", () => {
  it.effect("the next one is compared, and the one after it read, but neither is stored", () => {
    const { calls, first, sync } = watched()
    let read = 0
    return reading(
      ({ fiber, runId, state }) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(calls.toSorted(), ["commit 1", "peek 3", "peek 3", "peek 3", "peek 3"])
          assert.strictEqual(read, 4, "one being stored, one sealed, two read")
          assert.strictEqual(state.runs.get(runId)!.run.counts.pages, 0)
          yield* Deferred.succeed(first, undefined)
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            calls.filter((call) => call.startsWith("commit")),
            Array.from({ length: 6 }, (_, i) => [`commit ${i + 1}`, `committed ${i + 1}`]).flat()
          )
          assert.strictEqual(state.runs.get(runId)!.run.counts.new, 18)
        }),
      {
        people: 18,
        sync,
        prepare: (app) => {
          app.beforePage = () => Effect.sync(() => void read++)
        }
      }
    )
  })

  for (const [where, person] of [
    ["the next page", 3],
    ["the page after it", 6],
    ["the third page after it", 9]
  ] as const) {
    it.effect(
      `${where} with one of its records waits: the store is asked again, as its answer is about to change`,
      () => {
        const { calls, first, sync } = watched()
        return reading(
          ({ fiber, runId, state }) =>
            Effect.gen(function* () {
              assert.notInclude(calls, "commit 2")
              const asked = calls.filter((call) => call.startsWith("peek")).length
              yield* Deferred.succeed(first, undefined)
              yield* Fiber.join(fiber)
              const again = calls.filter((call) => call.startsWith("peek")).length - asked
              assert.strictEqual(
                again,
                1 + Math.max(0, 4 - asked),
                "the page's own question, and the ones not asked yet"
              )
              const { counts } = state.runs.get(runId)!.run
              assert.deepStrictEqual([counts.new, counts.modified, counts.processed], [11, 1, 11])
            }),
          {
            people: 12,
            sync,
            prepare: (app) => {
              app.people[person] = { id: "p0", name: "Another name" }
            }
          }
        )
      }
    )
  }

  it.effect("the app's failure waits for it: what was read is kept", () => {
    const { calls, first, sync } = watched()
    return reading(
      ({ fiber, runId, state }) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(calls, ["peek 3", "commit 1"])
          yield* Deferred.succeed(first, undefined)
          yield* Fiber.join(fiber)
          const { run } = state.runs.get(runId)!
          assert.strictEqual(run.counts.new, 3)
          assert.include(JSON.stringify(run.issues), "broke down")
        }),
      {
        people: 6,
        sync,
        prepare: (app) => {
          app.beforePage = (page) =>
            page === 0 ? Effect.void : failing(new ConnectorError.BadPayload({ message: "The app broke down." }))
        }
      }
    )
  })

  it.effect("its failure is the run's, whatever was read meanwhile", () => {
    const { calls, first, sync } = watched()
    return reading(
      ({ fiber, runId, state }) =>
        Effect.gen(function* () {
          yield* Deferred.fail(first, away)
          yield* Fiber.join(fiber)
          assert.notInclude(calls, "commit 2")
          const { checkpoint, run } = state.runs.get(runId)!
          assert.strictEqual(run.counts.pages, 0)
          assert.strictEqual(run.emitted, 0)
          assert.isNull(checkpoint)
          assert.notStrictEqual(run.status, "completed")
        }),
      { people: 9, sync }
    )
  })

  it.effect("a stop interrupts it, and the run is given back only then", () => {
    const { calls, sync } = watched()
    const order: Array<string> = []
    return reading(
      ({ fiber, runId, state }) =>
        Effect.gen(function* () {
          assert.include(calls, "commit 1")
          yield* Fiber.interrupt(fiber)
          assert.deepStrictEqual(order, ["interrupted", "released"])
          assert.strictEqual(state.runs.get(runId)!.leaseUntil, 0)
        }),
      {
        people: 9,
        sync: (store) => {
          const inner = sync(store)
          return {
            ...inner,
            commitPage: (lease, commit) =>
              Effect.onInterrupt(inner.commitPage(lease, commit), () =>
                Effect.sync(() => void order.push("interrupted"))
              ),
            releaseRun: (lease, options) =>
              Effect.tap(store.releaseRun(lease, options), () => Effect.sync(() => void order.push("released")))
          }
        }
      }
    )
  })
})
