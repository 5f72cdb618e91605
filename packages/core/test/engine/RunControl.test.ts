import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Syncs } from "@crochet/core"
import { scenario, types, records, closing } from "./RunScenario.ts"

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
