import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ofType, withAccount, type Account } from "./Account.ts"

/** Loses the events of these people in the account's first run; the receiver is well again then. */
const lose = Effect.fnUntraced(function* (account: Account, people: ReadonlyArray<string>) {
  account.inbox.answer = (event) => (people.includes(event.recordId ?? "") ? 500 : 200)
  const runId = yield* account.sync()
  yield* account.lastAttempts
  account.inbox.answer = () => 200
  yield* account.run
  return runId
})

describe("a replay of what expired", () => {
  it.effect("sends the records as they are now, and lets their run say that everything was consumed (F-28, F-64)", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { app, books, principal, received, replays, run } = account
        const runId = yield* lose(account, ["p0", "p1"])
        assert.deepStrictEqual(books(runId), ["incomplete", 3, 1, 0, 0, 2])
        const [told] = ofType(account, "sync.events.incomplete")
        assert.include(String(told?.eventData["resolution"]), `{"syncRunId":"${runId}","states":["expired"]}`)
        const lost = [...account.state.events.values()].filter(({ record }) => record.state === "expired")

        app.people[0] = { ...app.people[0]!, name: "Renamed" }
        const counted = yield* replays.count(principal, { filter: { runId } })
        assert.strictEqual(counted.expired, 2)
        const { replay } = yield* replays.create(principal, { filter: { runId, states: ["expired"] } })
        yield* run
        const again = account.inbox.events.filter((event) => "replayOf" in event)
        assert.deepStrictEqual(
          again.map((event) => [event.eventType, event.recordId, event.sequence, event.syncRunId]),
          [
            ["record.new", "p0", "2", runId],
            ["record.new", "p1", "2", runId]
          ]
        )
        assert.strictEqual((again[0]!.eventData["profile"] as { name: string }).name, "Renamed")
        assert.sameMembers(
          again.map((event) => (event as unknown as { replayOf: string }).replayOf),
          lost.map(({ record }) => record.id)
        )
        assert.deepStrictEqual(
          received().filter((one) => one.includes("/p2/")),
          ["record.new/p2/1"]
        )
        const [closing, ...others] = ofType(account, "sync.events.allConsumed")
        assert.deepStrictEqual(others, [])
        assert.deepInclude(closing!.eventData, { emitted: 3, consumed: 3, complete: true })
        assert.deepStrictEqual(books(runId), ["completed", 3, 3, 0, 0, 0])
        const view = yield* replays.get(principal, replay.id)
        assert.deepInclude(view.replay, { state: "done", examined: 2, replayed: 2, skipped: {} })
        assert.deepInclude(view.progress, { acknowledged: 2, pending: 0 })

        // What was made up for is not lost any more.
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* replays.count(principal, { filter: { runId } })).expired, 0)
        // The snapshot knows what was sent: nothing is modified.
        yield* account.sync({ syncType: "delta_sync" })
        assert.deepStrictEqual(ofType(account, "record.modified"), [])
      })
    )
  )

  it.effect("leaves the run incomplete while one of its events is still lost", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { books, principal, replays, run, state } = account
        const runId = yield* lose(account, ["p0", "p1"])
        const [one, other] = [...state.events.values()].filter(({ record }) => record.state === "expired")
        yield* replays.create(principal, { filter: { eventIds: [one!.record.id] } })
        yield* run
        assert.deepStrictEqual(books(runId), ["incomplete", 3, 2, 0, 0, 1])
        assert.deepStrictEqual(ofType(account, "sync.events.allConsumed"), [])
        const retried = yield* account.events.retry(principal, other!.record.id)
        assert.match(String(retried.replayId), /^rp_/)
        yield* run
        assert.deepStrictEqual(books(runId), ["completed", 3, 3, 0, 0, 0])
        assert.lengthOf(ofType(account, "sync.events.allConsumed"), 1)
      })
    )
  )

  it.effect("may expire itself, and is made up for by another one", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { books, inbox, principal, replays, run } = account
        const runId = yield* lose(account, ["p0"])
        inbox.answer = () => 500
        yield* replays.create(principal, { filter: { runId } })
        yield* run
        yield* account.lastAttempts
        assert.deepStrictEqual(books(runId), ["incomplete", 3, 2, 0, 0, 1])
        inbox.answer = () => 200
        yield* TestClock.adjust("1 minute")
        yield* replays.create(principal, { filter: { runId } })
        yield* run
        assert.deepStrictEqual(books(runId), ["completed", 3, 3, 0, 0, 0])
        assert.deepStrictEqual(
          account.received().filter((one) => one.includes("/p0/")),
          ["record.new/p0/3"]
        )
      })
    )
  )

  it.effect("makes the events of the run again from its books", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { books, inbox, principal, replays, run } = account
        inbox.answer = (event) => (event.eventType === "sync.events.processed" ? 500 : 200)
        const runId = yield* account.sync()
        yield* account.lastAttempts
        assert.deepStrictEqual(books(runId), ["incomplete", 3, 3, 0, 0, 1])
        inbox.answer = () => 200
        yield* replays.create(principal, { filter: { runId } })
        yield* run
        const [processed] = ofType(account, "sync.events.processed")
        assert.deepInclude(processed!.eventData, { status: "processed", emitted: 3, processed: 3, complete: false })
        assert.deepStrictEqual(books(runId), ["completed", 3, 3, 0, 0, 0])
        assert.lengthOf(ofType(account, "sync.events.allConsumed"), 1)
      })
    )
  )

  it.effect("completes a run whose allConsumed had expired", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { books, inbox, principal, replays, run } = account
        inbox.answer = (event) => (event.eventType === "sync.events.allConsumed" ? 500 : 200)
        const runId = yield* account.sync()
        yield* account.lastAttempts
        assert.deepStrictEqual(books(runId), ["incomplete", 3, 3, 0, 0, 0])
        inbox.answer = () => 200
        yield* replays.create(principal, { filter: { runId } })
        yield* run
        assert.lengthOf(ofType(account, "sync.events.allConsumed"), 1)
        assert.deepStrictEqual(books(runId), ["completed", 3, 3, 0, 0, 0])
      })
    )
  )

  it.effect("repairs a run whose sync.events.incomplete is still on its way", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { books, inbox, principal, replays, run } = account
        inbox.answer = (event) => (event.recordId === "p0" || event.eventType === "sync.events.incomplete" ? 500 : 200)
        const runId = yield* account.sync()
        yield* account.lastAttempts
        inbox.answer = (event) => (event.eventType === "sync.events.incomplete" ? 500 : 200)
        yield* replays.create(principal, { filter: { runId, states: ["expired"] } })
        yield* run
        assert.strictEqual(books(runId)[0], "processed")
        inbox.answer = () => 200
        yield* TestClock.adjust("1 hour")
        yield* run
        assert.lengthOf(ofType(account, "sync.events.incomplete"), 1)
        assert.lengthOf(ofType(account, "sync.events.allConsumed"), 1)
        assert.deepStrictEqual(books(runId), ["completed", 3, 3, 0, 0, 0])
      })
    )
  )
})

describe("a replay of what was acknowledged", () => {
  it.effect("reads the records again and leaves the run's books alone (F-60)", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { app, books, principal, replays, run } = account
        const runId = yield* account.sync()
        const before = books(runId)
        app.people.splice(1, 1)
        account.inbox.events.length = 0
        const { replay } = yield* replays.create(principal, { filter: { runId, states: ["acknowledged"] } })
        yield* run
        assert.sameMembers([...account.received()], ["record.new/p0/2", "record.deleted/p1/2", "record.new/p2/2"])
        assert.deepStrictEqual(books(runId), before)
        const view = yield* replays.get(principal, replay.id)
        assert.deepStrictEqual(view.replay.skipped, { "replay.run_event": 3 })
      })
    )
  )

  it.effect("is one for two clicks, and another one later (F-61)", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { principal, replays } = account
        const runId = yield* account.sync()
        const request = { filter: { runId, states: ["acknowledged"] } } as const
        const first = yield* replays.create(principal, request)
        yield* TestClock.adjust("4 seconds")
        assert.strictEqual((yield* replays.create(principal, request)).replay.id, first.replay.id)
        assert.notStrictEqual(
          (yield* replays.create(principal, { ...request, ratePerSecond: 5 })).replay.id,
          first.replay.id
        )
        yield* TestClock.adjust("1 second")
        assert.notStrictEqual((yield* replays.create(principal, request)).replay.id, first.replay.id)
      })
    )
  )

  it.effect("counts what an app cannot show again, and says what to do", () =>
    withAccount((account) =>
      Effect.gen(function* () {
        const { app, principal, replays, run } = account
        const runId = yield* account.sync()
        app.canGet = false
        const { replay } = yield* replays.create(principal, { filter: { runId, states: ["acknowledged"] } })
        yield* run
        const view = yield* replays.get(principal, replay.id)
        assert.deepStrictEqual(view.replay.skipped, { "capability.unsupported": 3, "replay.run_event": 3 })
        assert.strictEqual(view.replay.state, "done")
      })
    )
  )

  it.effect("keeps its pace, and makes room for others (F-62)", () =>
    withAccount(
      (account) =>
        Effect.gen(function* () {
          const { inbox, principal, replayEngine, replays } = account
          const runId = yield* account.sync()
          inbox.events.length = 0
          const filter = { runId, states: ["acknowledged"], type: "record.new" } as const
          const { replay } = yield* replays.create(principal, { filter, ratePerSecond: 10 })
          const made = () => replays.get(principal, replay.id).pipe(Effect.map((view) => view.replay.replayed))
          const work = Effect.gen(function* () {
            while (yield* replayEngine.runNext) yield* Effect.void
          })
          yield* work
          assert.strictEqual(yield* made(), 10)
          for (let second = 1; second <= 3; second++) {
            yield* TestClock.adjust("999 millis")
            yield* work
            assert.strictEqual(yield* made(), second * 10)
            yield* TestClock.adjust("1 millis")
            yield* work
            assert.strictEqual(yield* made(), second * 10 + 10)
          }
          yield* replays.cancel(principal, replay.id)
          yield* TestClock.adjust("10 seconds")
          yield* work
          assert.strictEqual(yield* made(), 40)
          yield* account.refused(replays.cancel(principal, replay.id), "replay.over", "replayId")

          // Without a pace of its own: no more than so many wait for a receiver that is down.
          inbox.answer = () => 500
          const { replay: free } = yield* replays.create(principal, { filter })
          yield* work
          yield* TestClock.adjust("300 millis")
          yield* work
          assert.strictEqual((yield* replays.get(principal, free.id)).progress.pending, 30)
          inbox.answer = () => 200
        }),
      { people: 100, replaying: { batchSize: 20, maxOutstanding: 30 } }
    )
  )
})

describe("refusals of a replay", () => {
  it.effect("name the field and the remedy", () =>
    withAccount(({ principal, refused, replays }) =>
      Effect.gen(function* () {
        yield* refused(replays.create(principal, { filter: {} }), "replay.no_filter", "syncRunId")
        yield* refused(replays.count(principal, { filter: { states: ["expired"] } }), "replay.no_filter", "syncRunId")
        yield* refused(replays.create(principal, { filter: { eventIds: [] } }), "replay.too_many_events", "eventIds")
        yield* refused(replays.create(principal, { filter: { from: 2, to: 2 } }), "replay.empty_range", "to")
        yield* refused(replays.get(principal, "rp_none"), "replay.not_found", "replayId")
        yield* refused(replays.cancel({ ...principal, workspaceId: "ws_x" }, "rp_none"), "replay.not_found", "replayId")
      })
    )
  )
})
