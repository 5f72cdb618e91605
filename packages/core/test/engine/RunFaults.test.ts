import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ConnectorError } from "@crochet/core"
import { failing } from "./Harness.ts"
import { scenario, types, records } from "./RunScenario.ts"

describe("faults of the app", () => {
  it.effect("goes on from the checkpoint after an outage, without a word to the receiver", () =>
    scenario(9, ({ app, engine, inbox, run, settle, start, syncs, principal }) =>
      Effect.gen(function* () {
        const pages: Array<number> = []
        let down = true
        app.beforePage = (page) => {
          pages.push(page)
          return down && page === 2 ? failing(new ConnectorError.Unavailable({ status: 503 })) : Effect.void
        }
        const { run: started } = yield* start()
        yield* engine.runNext
        assert.isFalse(yield* engine.runNext, "it waits before it tries again")
        down = false
        yield* TestClock.adjust("31 seconds")
        yield* run
        yield* settle
        const ended = yield* syncs.run(principal, started.id)
        assert.strictEqual(ended.status, "completed")
        assert.deepStrictEqual(
          ended.issues.map(({ code }) => code),
          ["upstream.unavailable"]
        )
        assert.strictEqual(ended.interruptions, 0, "a page ends a row of interruptions")
        assert.deepStrictEqual(pages, [0, 1, 2, 2])
        assert.lengthOf(records(inbox, ended, "record.new"), 9)
      })
    )
  )

  it.effect("fails and asks for a new connection when the credentials are refused", () =>
    scenario(3, ({ app, integration, integrations, inbox, principal, sync }) =>
      Effect.gen(function* () {
        app.beforePage = () => failing(new ConnectorError.Unauthorized({ status: 401 }))
        const run = yield* sync()
        assert.strictEqual(run.status, "failed")
        assert.deepStrictEqual(types(inbox, run), ["sync.failed"])
        const after = yield* integrations.get(principal, integration.id)
        assert.strictEqual(after.state, "needs_reconnect")
        assert.strictEqual(after.lastError?.code, "auth.invalid_credentials")
      })
    )
  )

  it.effect("starts the listing again in the same run when a page token has expired", () =>
    scenario(7, ({ app, inbox, sync }) =>
      Effect.gen(function* () {
        let failures = 1
        app.beforePage = (page) =>
          page === 2 && failures-- > 0 ? failing(new ConnectorError.CursorExpired({})) : Effect.void
        const run = yield* sync()
        assert.strictEqual(run.status, "completed")
        assert.lengthOf(records(inbox, run, "record.new"), 7, "nobody twice")
      })
    )
  )
})
