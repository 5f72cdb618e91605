import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { StoreError } from "@crochet/core"
import { withAccount } from "./Account.ts"

describe("the work on a replay", () => {
  it.effect("goes on from its cursor after a commit whose answer was lost, without a row twice (F-13, F-33)", () => {
    let commits = 0
    return withAccount(
      (account) =>
        Effect.gen(function* () {
          const { principal, replays, run } = account
          const runId = yield* account.sync()
          account.inbox.events.length = 0
          const { replay } = yield* replays.create(principal, { filter: { runId, states: ["acknowledged"] } })
          for (let i = 0; i < 10; i++) yield* Effect.andThen(run, TestClock.adjust("1 minute"))
          const view = yield* replays.get(principal, replay.id)
          assert.deepInclude(view.replay, { state: "done", replayed: 12, examined: 15 })
          assert.strictEqual(new Set(account.received()).size, 12)
          assert.lengthOf(account.received(), 12)
        }),
      {
        people: 12,
        replaying: { batchSize: 3 },
        replays: (store) => ({
          ...store,
          commit: (lease, batch) =>
            Effect.andThen(
              store.commit(lease, batch),
              Effect.suspend(() =>
                ++commits % 2 === 1
                  ? new StoreError.StoreError({
                      operation: "commitReplay",
                      reason: new StoreError.StoreUnavailable({})
                    })
                  : Effect.void
              )
            )
        })
      }
    )
  })

  it.effect("never gives a sequence that a run gives at the same time: the run's page is read again", () => {
    let between: Effect.Effect<unknown, unknown> = Effect.void
    return withAccount(
      (account) =>
        Effect.gen(function* () {
          const { app, principal, replayEngine, replays } = account
          const runId = yield* account.sync()
          app.people = app.people.map((person) => ({ ...person, name: `${person.name} II` }))
          yield* replays.create(principal, { filter: { runId, states: ["acknowledged"] } })
          // The delta has read its page and compared it with the snapshot, then the replay commits.
          between = Effect.suspend(() => {
            between = Effect.void
            return replayEngine.runNext
          })
          const delta = yield* account.sync({ syncType: "delta_sync" })
          assert.strictEqual(account.state.runs.get(delta)!.run.status, "completed")
          assert.deepStrictEqual(
            [...account.received()].sort(),
            ["p0", "p1", "p2"].flatMap((id) => [`record.new/${id}/1`, `record.new/${id}/2`]).sort(),
            "the replay has told what the delta would have"
          )
          assert.strictEqual(account.state.runs.get(delta)!.run.counts.modified, 0)
        }),
      {
        sync: (store) => ({
          ...store,
          commitPage: (lease, commit) =>
            Effect.andThen(Effect.orDie(Effect.suspend(() => between)), store.commitPage(lease, commit))
        })
      }
    )
  })

  it.effect("reads its records again when a run was faster", () => {
    let between: Effect.Effect<unknown, unknown> = Effect.void
    return withAccount(
      (account) =>
        Effect.gen(function* () {
          const { app, engine, id, key, principal, replays, run, syncs } = account
          const runId = yield* account.sync()
          yield* replays.create(principal, { filter: { runId, states: ["acknowledged"] } })
          between = Effect.gen(function* () {
            between = Effect.void
            app.people[1] = { ...app.people[1]!, name: "Changed meanwhile" }
            yield* syncs.start(principal, key, id, { dataType: "employee", syncType: "delta_sync" })
            return yield* engine.runNext
          })
          yield* run
          assert.deepStrictEqual(
            account.received().filter((one) => one.includes("/p1/")),
            ["record.new/p1/1", "record.modified/p1/2", "record.new/p1/3"]
          )
          const last = account.inbox.events.findLast((event) => event.recordId === "p1")
          assert.strictEqual((last!.eventData["profile"] as { name: string }).name, "Changed meanwhile")
        }),
      {
        replays: (store) => ({
          ...store,
          commit: (lease, batch) =>
            Effect.andThen(Effect.orDie(Effect.suspend(() => between)), store.commit(lease, batch))
        })
      }
    )
  })
})
