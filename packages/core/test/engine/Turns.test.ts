import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { closing, type connect, records, scenario, types } from "./RunScenario.ts"

const workers = 4
const names = ["one", "two", "three", "four", "five", "six"]
const minute = Effect.andThen(TestClock.adjust("1 minute"), Effect.yieldNow)

type World = Effect.Success<typeof connect>

/** Connects one more account and starts its sync; gives the run's id. */
const starting = ({
  integrations,
  key,
  principal,
  syncs
}: Pick<World, "integrations" | "key" | "principal" | "syncs">) =>
  Effect.fnUntraced(function* (originOrgId: string, destination = "https://receiver.test/hook") {
    const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId })
    const { run } = yield* syncs.start(principal, key, id, { dataType: "employee", destination })
    return run.id
  })

const forkWorkers = ({ runNext }: World["engine"]) => {
  const worker = Effect.forever(Effect.flatMap(runNext, (ran) => (ran ? Effect.void : Effect.sleep("1 second"))))
  return Effect.forEach(Array.from({ length: workers }), () => Effect.forkChild(worker), { discard: true })
}

describe("more long runs than are read at a time", () => {
  it.effect("take turns page by page: an app with a page a minute keeps no other account waiting (F-56)", () =>
    scenario(60, ({ app, inbox, principal, syncs, ...world }) =>
      Effect.gen(function* () {
        const start = starting({ ...world, principal, syncs })
        let pages = 0
        app.beforePage = () =>
          Effect.andThen(
            Effect.sync(() => void pages++),
            Effect.sleep("1 minute")
          )
        const longOnes = yield* Effect.forEach(names.slice(0, workers), (name) => start(name))
        yield* forkWorkers(world.engine)
        yield* minute
        yield* minute
        const late = yield* Effect.forEach(names.slice(workers), (name) => start(name))
        for (let i = 0; i < 3; i++) yield* minute
        for (const id of late) {
          const { counts, status } = yield* syncs.run(principal, id)
          assert.strictEqual(status, "running")
          assert.isAtLeast(counts.pages, 1, "it has its first page within three minutes")
        }
        const all = [...longOnes, ...late]
        for (let i = 0; i < 60; i++) yield* minute
        for (const id of all) {
          const run = yield* syncs.run(principal, id)
          assert.strictEqual(run.status, "completed")
          assert.deepInclude(run, { interruptions: 0, issues: [] })
          assert.lengthOf(records(inbox, run, "record.new"), 60, "each record once")
          assert.deepStrictEqual(types(inbox, run).slice(-3), closing)
        }
        // Who gives a turn away has asked for one page more, which is asked for again.
        const needed = (names.length * 60) / app.pageSize
        assert.isAtMost(pages, 2 * needed)
      })
    )
  )

  it.effect("keep nobody waiting while their receiver takes nothing, and do not ask the app meanwhile", () =>
    scenario(
      60,
      ({ app, inbox, principal, syncs, ...world }) =>
        Effect.gen(function* () {
          const start = starting({ ...world, principal, syncs })
          inbox.answer = () => 503
          yield* Effect.forEach(names.slice(0, workers), (name) => start(name, "https://receiver.test/shut"))
          yield* forkWorkers(world.engine)
          for (let i = 0; i < 3; i++) yield* minute
          const { lists } = app
          const other = yield* start("other", "https://receiver.test/open")
          for (let i = 0; i < 3; i++) yield* minute
          const { counts, status } = yield* syncs.run(principal, other)
          assert.strictEqual(status, "running", "its receiver takes nothing either, but there is room")
          assert.isAtLeast(counts.processed, 20)
          for (let i = 0; i < 30; i++) yield* minute
          assert.isAtMost(app.lists - lists, workers + 1, "nobody lists again to wait again")
        }),
      { maxBacklog: 20 }
    )
  )

  it.effect("are not given back while nobody waits", () =>
    scenario(60, ({ app, engine, principal, start, syncs }) =>
      Effect.gen(function* () {
        app.beforePage = () => Effect.sleep("1 minute")
        const { run } = yield* start()
        yield* Effect.forkChild(engine.runNext)
        for (let i = 0; i < 30; i++) yield* minute
        assert.strictEqual((yield* syncs.run(principal, run.id)).status, "completed")
        assert.strictEqual(app.lists, 1)
      })
    )
  )
})
