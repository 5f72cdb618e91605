import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Syncs } from "@crochet/core"
import { inWorld, type Services } from "../engine/World.ts"

const connected = (
  test: (
    world: Services & {
      readonly id: string
      readonly start: (request?: Partial<Syncs.StartRequest>) => ReturnType<Syncs.Syncs["Service"]["start"]>
    }
  ) => Effect.Effect<void, unknown>,
  options: Parameters<typeof inWorld>[1] = {}
) =>
  inWorld(
    (world) =>
      Effect.flatMap(world.integrations.import(world.principal, { appId: "madeup", originOrgId: "org" }), ({ id }) =>
        test({
          ...world,
          id,
          start: (request = {}) =>
            world.syncs.start(world.principal, world.key, id, {
              dataType: "employee",
              destination: "https://receiver.test",
              ...request
            })
        })
      ),
    options
  )
const key = (data: string) => ({
  type: "string_operator",
  data: "eq",
  left: { type: "key", data },
  right: { type: "value_string", data: "x" }
})
const hour = 3_600_000

describe("refusals", () => {
  it.effect("of sync.start name the field and the remedy, and change nothing", () =>
    connected(({ id, integrations, key: apiKey, principal, refused, start, syncs }) =>
      Effect.gen(function* () {
        yield* refused(
          syncs.start(principal, apiKey, "int_none", { dataType: "employee" }),
          "integration.not_found",
          "X-Knit-Integration-Id"
        )
        yield* refused(start({ dataType: "crm_deals" }), "sync.unknown_data_type", "dataType")
        yield* refused(
          syncs.start(principal, apiKey, id, { dataType: "employee" }),
          "destination.missing",
          "destination"
        )
        yield* refused(start({ destination: "http://receiver.test" }), "destination.invalid_url", "url")
        yield* refused(start({ models: ["employee_profile", "employee_shoes"] }), "sync.unknown_model", "models[1]")
        yield* refused(start({ models: [] }), "sync.no_models", "models")
        yield* refused(start({ frequency: { cron: "0 0 30 2 *" } }), "sync.invalid_frequency", "frequency")
        yield* refused(start({ filters: { native: { team: "x" } } }), "sync.unknown_filter", "filters.native.team")
        yield* refused(
          start({ filters: { passthrough: { query: { a: "b" } } } }),
          "sync.no_passthrough",
          "filters.passthrough"
        )
        yield* refused(
          start({ filters: { fields: { exclude: ["$.profile.name", "$.shoes"] } } }),
          "sync.invalid_path",
          "filters.fields.exclude[1]"
        )
        yield* refused(
          start({ filters: { virtual: { type: "key", data: "x" } } }),
          "sync.invalid_filter",
          "filters.virtual.type"
        )
        yield* refused(
          start({ filters: { virtual: key("profil.name") } }),
          "sync.invalid_filter",
          "filters.virtual.left.data"
        )
        const unread = yield* refused(
          start({ models: ["employee_profile"], filters: { virtual: key("extra.note") } }),
          "sync.invalid_filter",
          "filters.virtual.left.data"
        )
        assert.include(unread.resolution, "employee_extra")
        yield* refused(syncs.update(principal, apiKey, id, { dataType: "employee" }), "sync.not_found", "dataType")
        yield* integrations.deactivate(principal, id)
        yield* refused(start(), "integration.inactive", "X-Knit-Integration-Id")
      })
    )
  )

  it.effect("of the calls on a sync that exists", () =>
    connected(({ id, key: apiKey, principal, refused, run, start, syncs }) =>
      Effect.gen(function* () {
        const { run: first } = yield* start({ models: ["employee_extra"] })
        yield* refused(syncs.resync(principal, id, "employee", "p0"), "sync.running", "dataType")
        yield* run
        yield* refused(syncs.cancel(principal, id, "employee"), "sync.not_running", "dataType")
        yield* refused(syncs.releaseDeletions(principal, first.id), "deletions.none_held", "syncRunId")
        yield* refused(syncs.discardDeletions(principal, first.id), "deletions.none_held", "syncRunId")
        yield* refused(syncs.watchFields(principal, id, "employee", ["$.x"]), "sync.invalid_path", "jsonPaths[0]")
        yield* refused(
          syncs.update(principal, apiKey, id, { dataType: "employee", models: ["x"] }),
          "sync.unknown_model",
          "models[0]"
        )
        yield* refused(syncs.run(principal, "sr_none"), "run.not_found", "syncRunId")
        yield* refused(syncs.job(principal, "sj_none"), "sync.not_found", "syncJobId")
      })
    )
  )

  it.effect("of a release while another run reads: the deletions would not have been sent", () =>
    connected(({ id, app, principal, refused, run, start, syncs }) =>
      Effect.gen(function* () {
        yield* start()
        yield* run
        app.people.splice(0, 1)
        const { run: second } = yield* start()
        yield* run
        yield* start({ syncType: "delta_sync" })
        yield* refused(syncs.releaseDeletions(principal, second.id), "sync.running", "dataType")
        yield* syncs.cancel(principal, id, "employee")
        assert.strictEqual((yield* syncs.releaseDeletions(principal, second.id)).mode, "release")
      })
    )
  )
})

describe("the timetable", () => {
  it.effect("is moved by a new frequency, not by every update", () =>
    connected(({ id, key: apiKey, principal, run, start, syncs }) =>
      Effect.gen(function* () {
        const { job } = yield* start()
        yield* run
        const due = (yield* syncs.job(principal, job.id)).nextRunAt
        yield* TestClock.adjust("1 hour")
        const update = (request: object) => syncs.update(principal, apiKey, id, { dataType: "employee", ...request })
        assert.strictEqual((yield* update({ destination: "https://other.test" })).job.nextRunAt, due)
        assert.strictEqual((yield* update({ models: ["employee_profile"] })).job.nextRunAt, due)
        assert.isBelow((yield* update({ frequency: "high" })).job.nextRunAt!, due!)
      })
    )
  )

  it.effect("stays with honorScheduler, starts over without", () =>
    connected(({ principal, run, start, syncs }) =>
      Effect.gen(function* () {
        const { job } = yield* start({ honorScheduler: true })
        yield* run
        const due = job.nextRunAt!
        yield* TestClock.adjust("2 hours")
        yield* start({ syncType: "delta_sync" })
        yield* run
        assert.strictEqual((yield* syncs.job(principal, job.id)).nextRunAt, due)
        yield* start({ syncType: "delta_sync", honorScheduler: false })
        yield* run
        assert.isAtLeast((yield* syncs.job(principal, job.id)).nextRunAt!, due + 2 * hour)
      })
    )
  )
})

describe("races", () => {
  it.effect("two calls for a new sync at once get one job and one run", () => {
    let waiting = 0
    return connected(
      ({ start }) =>
        Effect.gen(function* () {
          const [a, b] = yield* Effect.all([start(), start()], { concurrency: 2 })
          assert.strictEqual(a.job.id, b.job.id)
          assert.strictEqual(a.run.id, b.run.id)
        }),
      {
        // Both have looked before either has written.
        sync: (store) => ({
          ...store,
          jobFor: (...args) =>
            Effect.tap(store.jobFor(...args), () =>
              waiting++ < 2
                ? Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })
                : Effect.void
            )
        })
      }
    )
  })

  it.effect("a start with other models ends the run that reads by the old ones", () =>
    connected(({ inbox, principal, run, start, syncs }) =>
      Effect.gen(function* () {
        const { run: old } = yield* start({ models: ["employee_profile"] })
        const again = yield* start({ models: ["employee_profile"] })
        assert.strictEqual(again.run.id, old.id)
        const { run: next } = yield* start({ models: ["employee_profile", "employee_extra"], syncType: "delta_sync" })
        assert.notStrictEqual(next.id, old.id)
        assert.strictEqual(next.type, "initial_sync")
        yield* run
        assert.strictEqual((yield* syncs.run(principal, old.id)).status, "cancelled")
        assert.isTrue(
          inbox.events.filter(({ recordId }) => recordId !== undefined).every(({ eventData }) => "extra" in eventData)
        )
      })
    )
  )
})
