import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Person } from "./Harness.ts"
import { people, scenario, types, records, closing } from "./RunScenario.ts"

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
