import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { records, scenario } from "./RunScenario.ts"

const pageSize = 10
const maxBacklog = 20
/** One page being stored, one sealed, and two of which the store was asked before it was full. */
const pagesAhead = 4

describe("reading that is faster than delivery", () => {
  it.effect("waits while a receiver takes nothing for an hour, and then goes on to the end (F-73)", () =>
    scenario(
      300,
      ({ app, engine, inbox, principal, start, syncs }) =>
        Effect.gen(function* () {
          app.pageSize = pageSize
          let pages = 0
          app.beforePage = () => Effect.sync(() => void pages++)
          inbox.answer = () => 503
          const { run } = yield* start()
          const reading = yield* Effect.forkChild(engine.runNext)
          const minute = Effect.andThen(TestClock.adjust("1 minute"), Effect.yieldNow)
          for (let i = 0; i < 60; i++) {
            yield* minute
            const { outstanding, status } = yield* syncs.run(principal, run.id)
            assert.strictEqual(status, "running")
            assert.isAtLeast(outstanding, maxBacklog)
            assert.isAtMost(outstanding, maxBacklog + pagesAhead * pageSize)
          }
          assert.isAtMost(pages, maxBacklog / pageSize + pagesAhead + 1, "the app is not asked either")
          assert.lengthOf(inbox.events, 0)

          inbox.answer = () => 200
          for (let i = 0; i < 240 && (yield* syncs.run(principal, run.id)).status !== "completed"; i++) yield* minute
          yield* Fiber.join(reading)
          const ended = yield* syncs.run(principal, run.id)
          assert.strictEqual(ended.status, "completed")
          assert.lengthOf(records(inbox, ended, "record.new"), 300)
        }),
      { maxBacklog }
    )
  )
})
