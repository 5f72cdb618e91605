import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { SyncStore } from "@crochet/core"
import { ConnectorError, Integrations, RunEngine, Syncs, type Run } from "@crochet/core"
import { failing, layer, login, makeApp, makeInbox, type Person, type App, type Inbox } from "./Harness.ts"

const people = (count: number): ReadonlyArray<Person> =>
  Array.from({ length: count }, (_, i) => ({ id: `p${i}`, name: `Name ${i}` }))

/** Connects the made-up app and starts its sync; `run` reads what is queued, `delta` runs another delta, `settle` delivers. */
const connect = Effect.gen(function* () {
  const { key, principal } = yield* login
  const integrations = yield* Integrations.Integrations
  const syncs = yield* Syncs.Syncs
  const engine = yield* RunEngine.RunEngine
  const integration = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
  const start = (request: Partial<Syncs.StartRequest> = {}) =>
    syncs.start(principal, key, integration.id, {
      dataType: "employee",
      destination: "https://receiver.test/hook",
      ...request
    })
  const settle = Effect.forEach(
    Array.from({ length: 20 }),
    () => Effect.andThen(TestClock.adjust("500 millis"), Effect.yieldNow),
    { discard: true }
  )
  const run = Effect.gen(function* () {
    while (yield* engine.runNext) yield* Effect.void
    yield* settle
  })
  const sync = (request: Partial<Syncs.StartRequest> = {}) =>
    Effect.gen(function* () {
      const { run: started } = yield* start(request)
      yield* run
      return yield* syncs.run(principal, started.id)
    })
  const delta = sync({ syncType: "delta_sync" })
  return { principal, key, integration, integrations, syncs, engine, start, run, sync, delta, settle }
})

/** Runs a test against a made-up company of so many people. */
const scenario = (
  count: number,
  test: (
    world: { readonly app: App; readonly inbox: Inbox } & Effect.Success<typeof connect>
  ) => Effect.Effect<void, unknown, SyncStore.SyncStore>,
  settings: Partial<RunEngine.RunSettings> = {}
) => {
  const { app, connector } = makeApp(people(count))
  const inbox = makeInbox()
  return Effect.flatMap(connect, (world) => test({ ...world, app, inbox })).pipe(
    Effect.provide(layer(connector, inbox, settings))
  )
}

const types = (inbox: Inbox, run?: Run.Run) =>
  inbox.events.filter((event) => run === undefined || event.syncRunId === run.id).map((event) => event.eventType)
const records = (inbox: Inbox, run: Run.Run, type: string) =>
  inbox.events
    .filter((event) => event.syncRunId === run.id && event.eventType === type)
    .map((event) => event.recordId)
    .sort()
const closing = ["sync.events.processed", "sync.events.allEmitted", "sync.events.allConsumed"]

describe("an initial run", () => {
  it.effect("sends every active person once, then processed and, last, allConsumed", () =>
    scenario(8, ({ app, inbox, sync }) =>
      Effect.gen(function* () {
        app.people.push({ id: "former", name: "Former", active: false })
        const run = yield* sync()
        assert.strictEqual(run.status, "completed")
        assert.deepStrictEqual(
          records(inbox, run, "record.new"),
          people(8)
            .map(({ id }) => id)
            .sort()
        )
        assert.deepStrictEqual(
          types(inbox).filter((type) => !type.startsWith("record.")),
          closing
        )
        assert.strictEqual(types(inbox).at(-1), "sync.events.allConsumed")
        const last = inbox.events.at(-1)!
        assert.deepInclude(last.eventData, {
          processed: 9,
          emitted: 8,
          consumed: 8,
          complete: true,
          status: "completed"
        })
      })
    )
  )

  it.effect("happens again with each sync.start, under the same job", () =>
    scenario(4, ({ inbox, run, start, sync }) =>
      Effect.gen(function* () {
        const first = yield* start()
        const again = yield* start()
        assert.strictEqual(again.run.id, first.run.id, "a call while a run is going on answers with it")
        yield* run
        const second = yield* sync()
        assert.strictEqual(second.jobId, first.job.id)
        assert.lengthOf(records(inbox, second, "record.new"), 4)
        assert.deepStrictEqual(
          inbox.events.filter((event) => event.recordId === "p0").map((event) => event.sequence),
          ["1", "2"]
        )
      })
    )
  )

  it.effect("leaves deletions to the next delta", () =>
    scenario(6, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        app.people.splice(1, 1)
        app.people[0] = { ...app.people[0]!, active: false }
        const second = yield* sync()
        assert.deepStrictEqual(records(inbox, second, "record.deleted"), [])
        const third = yield* delta
        assert.deepStrictEqual(records(inbox, third, "record.deleted"), ["p0", "p1"])
      })
    )
  )

  it.effect("quarantines what cannot be read, and reads on", () =>
    scenario(4, ({ app, inbox, sync, syncs, principal }) =>
      Effect.gen(function* () {
        app.people.push({ id: "", name: "Nobody" }, { id: "p9", name: 9 as never })
        const run = yield* sync()
        assert.lengthOf(records(inbox, run, "record.new"), 4)
        assert.strictEqual(run.counts.quarantined, 2)
        const { issues } = yield* syncs.run(principal, run.id)
        assert.sameMembers(
          issues.map((issue) => issue.message),
          [
            "1 record(s) left out: it has no id.",
            "1 record(s) left out: profile does not fit its model (at name).",
            "The listing had rows without an id: no deletions were inferred from it."
          ]
        )
      })
    )
  )
})

describe("a delta run that lists everything", () => {
  it.effect("says only what changed", () =>
    scenario(6, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        const idle = yield* delta
        assert.deepStrictEqual(types(inbox, idle), closing)
        app.people[2] = { ...app.people[2]!, name: "Changed" }
        app.people[3] = { ...app.people[3]!, active: false }
        app.people.splice(4, 1)
        app.people.push({ id: "p9", name: "Hired" })
        const run = yield* delta
        assert.deepStrictEqual(records(inbox, run, "record.modified"), ["p2"])
        assert.deepStrictEqual(records(inbox, run, "record.new"), ["p9"])
        assert.deepStrictEqual(records(inbox, run, "record.deleted"), ["p3", "p4"])
        const deleted = inbox.events
          .filter((event) => event.eventType === "record.deleted")
          .map((event) => event.eventData)
        assert.deepInclude(deleted, { employeeId: "p3", workEmail: "p3@example.test", reason: "inactive" })
        assert.deepInclude(deleted, { employeeId: "p4", workEmail: "p4@example.test", reason: "gone" })
        assert.deepInclude(run.counts, { new: 1, modified: 1, deleted: 2 })
        assert.deepStrictEqual(run.counts.models, { profile: 1 })
        assert.deepStrictEqual(types(inbox, yield* delta), closing)
      })
    )
  )

  it.effect("is silent for key order, volatile fields and a new mapper", () =>
    scenario(5, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        app.shuffleKeys = true
        assert.deepStrictEqual(types(inbox, yield* delta), closing, "key order")
        app.people = app.people.map((person) => ({ ...person, photo: `https://photos.test/${person.id}?signature=2` }))
        assert.deepStrictEqual(types(inbox, yield* delta), closing, "signed photo URLs")
        app.mapperVersion = 2
        assert.deepStrictEqual(types(inbox, yield* delta), closing, "a new mapper version")
        app.people[1] = { ...app.people[1]!, name: "Changed" }
        assert.deepStrictEqual(records(inbox, yield* delta, "record.modified"), ["p1"])
      })
    )
  )

  it.effect("deletes nobody when the listing stops without proof, whatever was read", () =>
    scenario(9, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        for (const pages of [0, 1, 2]) {
          app.cutAfter = pages
          const run = yield* delta
          assert.strictEqual(run.status, "failed")
          assert.deepStrictEqual(
            run.issues.map((issue) => issue.code),
            ["listing.incomplete"]
          )
          assert.deepStrictEqual(types(inbox, run), ["sync.failed"])
        }
        app.cutAfter = Number.POSITIVE_INFINITY
        assert.deepStrictEqual(types(inbox, yield* delta), closing, "nothing was lost either")
      })
    )
  )

  it.effect("holds deletions that look like a mistake until a second listing agrees", () =>
    scenario(40, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        const everybody = app.people
        app.people = everybody.slice(0, 20)
        app.canGet = false
        const absent = everybody.slice(20).map(({ id }) => id)
        const held = yield* delta
        assert.strictEqual(held.heldDeletions, 20)
        assert.deepStrictEqual(types(inbox, held), closing)
        const agreed = yield* delta
        assert.deepStrictEqual(records(inbox, agreed, "record.deleted"), absent.sort())
      })
    )
  )

  it.effect("goes on holding them while the app, asked about single people, still has them", () =>
    scenario(40, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        const everybody = app.people
        Object.defineProperty(app, "people", {
          configurable: true,
          get: () => Object.assign([] as Array<Person>, { find: () => everybody[0] }),
          set: () => {}
        })
        for (const again of [1, 2, 3]) {
          const held = yield* delta
          assert.strictEqual(held.heldDeletions, 40, `listing ${again}`)
          assert.deepStrictEqual(types(inbox, held), closing)
        }
        Object.defineProperty(app, "people", { configurable: true, writable: true, value: everybody })
        assert.deepStrictEqual(types(inbox, yield* delta), closing, "nobody was ever gone")
      })
    )
  )

  it.effect("releases them at once when the app itself confirms a sample as gone", () =>
    scenario(40, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        app.people = app.people.slice(0, 20)
        const run = yield* delta
        assert.strictEqual(run.heldDeletions, 0)
        assert.lengthOf(records(inbox, run, "record.deleted"), 20)
        assert.lengthOf(app.gets, 20)
      })
    )
  )

  it.effect("confirms single absences one by one where paging may skip rows", () =>
    scenario(6, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        app.paging = "offset"
        yield* sync()
        app.people.splice(2, 1)
        const run = yield* delta
        assert.deepStrictEqual(app.gets, ["p2"])
        assert.deepStrictEqual(records(inbox, run, "record.deleted"), ["p2"])
      })
    )
  )

  it.effect("asks the app before two listings by offset are believed that lost the same row", () =>
    scenario(6, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        app.paging = "offset"
        yield* sync()
        const everybody = app.people
        const listed = everybody.filter(({ id }) => id !== "p2")
        const find = (wanted: (person: Person) => boolean) => everybody.find(wanted)
        app.people = Object.assign(listed, { find })
        yield* sync()
        const run = yield* delta
        assert.deepStrictEqual(app.gets, ["p2"])
        assert.deepStrictEqual(types(inbox, run), closing, "nobody was ever gone")
        everybody.splice(2, 1)
        yield* sync()
        assert.deepStrictEqual(records(inbox, yield* delta, "record.deleted"), ["p2"])
      })
    )
  )

  it.effect("brings back who reappears, as new", () =>
    scenario(4, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        yield* sync()
        const [gone] = app.people.splice(1, 1)
        yield* delta
        app.people.push(gone!)
        const run = yield* delta
        assert.deepStrictEqual(records(inbox, run, "record.new"), ["p1"])
        assert.deepStrictEqual(
          inbox.events.filter((event) => event.recordId === "p1").map((event) => event.sequence),
          ["1", "2", "3"]
        )
      })
    )
  )
})

describe("a delta run that reads changes", () => {
  it.effect("reads only what the app reports, drops what is the same, and obeys explicit deletions", () =>
    scenario(6, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        app.changes = []
        yield* sync()
        const lists = app.lists
        app.people[1] = { ...app.people[1]!, name: "Changed" }
        app.people.splice(4, 1)
        app.changes = [{ id: "p0" }, { id: "p1" }, { id: "p4", deleted: true }, { id: "unknown", deleted: true }]
        const run = yield* delta
        assert.strictEqual(run.mode, "changes")
        assert.strictEqual(app.lists, lists)
        assert.deepStrictEqual(records(inbox, run, "record.modified"), ["p1"])
        assert.deepStrictEqual(records(inbox, run, "record.deleted"), ["p4"])
      })
    )
  )

  it.effect("is followed by a full listing after so many deltas", () =>
    scenario(
      3,
      ({ app, delta, sync }) =>
        Effect.gen(function* () {
          app.changes = []
          yield* sync()
          const modes = []
          for (let i = 0; i < 4; i++) modes.push((yield* delta).mode)
          assert.deepStrictEqual(modes, ["changes", "changes", "listing", "changes"])
        }),
      { reconcileEvery: 2 }
    )
  )
})

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

describe("pause, cancel, update, resync", () => {
  it.effect("pause stops a run, resume lets it go on", () =>
    scenario(9, ({ app, engine, inbox, integration, principal, run, start, syncs }) =>
      Effect.gen(function* () {
        const { run: started } = yield* start()
        app.beforePage = (page) =>
          page === 1
            ? Effect.orDie(syncs.pause(principal, integration.id, "employee")).pipe(Effect.asVoid)
            : Effect.void
        yield* engine.runNext
        assert.isFalse(yield* engine.runNext)
        app.beforePage = () => Effect.void
        yield* syncs.resume(principal, integration.id, "employee")
        yield* TestClock.adjust("11 seconds")
        yield* run
        const ended = yield* syncs.run(principal, started.id)
        assert.strictEqual(ended.status, "completed")
        assert.lengthOf(records(inbox, ended, "record.new"), 9)
      })
    )
  )

  it.effect("an update starts a run only when models, fields or filters change", () =>
    scenario(3, ({ inbox, integration, key, principal, run, sync, syncs }) =>
      Effect.gen(function* () {
        yield* sync()
        const update = (request: Omit<Syncs.UpdateRequest, "dataType">) =>
          syncs.update(principal, key, integration.id, { dataType: "employee", ...request })
        assert.isNull((yield* update({ frequency: "high" })).run)
        assert.isNull((yield* update({ destination: "https://other.test/hook" })).run)
        const changed = yield* update({
          models: ["employee_profile"],
          filters: { fields: { exclude: ["$.profile.name"] } }
        })
        assert.strictEqual(changed.run?.type, "initial_sync")
        yield* run
        const event = inbox.events.find(
          (candidate) => candidate.syncRunId === changed.run?.id && candidate.recordId === "p0"
        )
        assert.deepStrictEqual(event?.eventData, {
          profile: { id: "p0", workEmail: "p0@example.test", photo: null, employmentStatus: "ACTIVE" }
        })
      })
    )
  )

  it.effect("watched fields alone give record.modified, and watching causes no storm", () =>
    scenario(3, ({ app, delta, inbox, integration, principal, sync, syncs }) =>
      Effect.gen(function* () {
        yield* sync()
        yield* syncs.watchFields(principal, integration.id, "employee", ["$.profile.workEmail"])
        assert.deepStrictEqual(types(inbox, yield* delta), closing)
        app.people[0] = { ...app.people[0]!, name: "Changed" }
        app.people[1] = { ...app.people[1]!, email: "new@example.test" }
        assert.deepStrictEqual(records(inbox, yield* delta, "record.modified"), ["p1"])
      })
    )
  )

  it.effect("resync sends one record again, or its deletion", () =>
    scenario(3, ({ app, inbox, integration, principal, run, sync, syncs }) =>
      Effect.gen(function* () {
        yield* sync()
        const one = yield* syncs.resync(principal, integration.id, "employee", "p1")
        yield* run
        assert.deepStrictEqual(records(inbox, one.run, "record.modified"), ["p1"])
        app.people.splice(1, 1)
        const gone = yield* syncs.resync(principal, integration.id, "employee", "p1")
        yield* run
        assert.deepStrictEqual(records(inbox, gone.run, "record.deleted"), ["p1"])
      })
    )
  )

  it.effect("filters by an expression over the unified record, and deletes what falls out", () =>
    scenario(4, ({ app, delta, inbox, sync }) =>
      Effect.gen(function* () {
        const virtual = {
          data: "contains",
          type: "string_operator",
          left: { data: "profile.name", type: "key" },
          right: { data: "Name", type: "value_string" }
        }
        app.people[3] = { ...app.people[3]!, name: "Other" }
        const first = yield* sync({ filters: { virtual } })
        assert.deepStrictEqual(records(inbox, first, "record.new"), ["p0", "p1", "p2"])
        app.people[0] = { ...app.people[0]!, name: "Renamed" }
        const run = yield* delta
        assert.deepStrictEqual(records(inbox, run, "record.deleted"), ["p0"])
      })
    )
  )
})
