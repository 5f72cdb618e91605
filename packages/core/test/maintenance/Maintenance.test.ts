import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Authorizations, Maintenance, OutboxStore, Run, StoreError, TestAccounts } from "@crochet/core"
import { inWorld } from "../engine/World.ts"

const day = 24 * 60 * 60 * 1000
const request = { appId: "madeup", originOrgId: "org" }
const maintenance = Maintenance.defaultSettings

/** Maintenance whose log and test accounts are made up. */
const started = (
  prune: (before: number, limit: number) => Effect.Effect<number, StoreError.StoreError>,
  expire: Effect.Effect<number> = Effect.succeed(0),
  settings: Partial<Maintenance.MaintenanceSettings> = {}
) =>
  Layer.build(Maintenance.Maintenance.layer({ eventRetentionDays: 2, ...settings })).pipe(
    Effect.provide(Layer.mock(OutboxStore.OutboxStore, { prune })),
    Effect.provide(Layer.mock(TestAccounts.TestAccounts, { expire })),
    Effect.provide(Layer.mock(Authorizations.Authorizations, { removeExpired: Effect.succeed(0) }))
  )

describe("the event log", () => {
  it.effect("loses what was settled before the retention, in batches, at the start and every hour", () =>
    Effect.gen(function* () {
      const left = [1000, 1000, 3]
      const asked: Array<number> = []
      yield* TestClock.setTime(10 * day)
      yield* started((before, limit) =>
        Effect.sync(() => {
          assert.strictEqual(limit, 1000)
          asked.push(before)
          return left.shift() ?? 0
        })
      )
      for (let i = 0; i < 10; i++) yield* Effect.yieldNow
      yield* TestClock.adjust("59 minutes")
      assert.deepStrictEqual(asked, [8 * day, 8 * day, 8 * day])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(asked.slice(3), [8 * day + day / 24])
    }).pipe(Effect.scoped)
  )

  it.effect("is looked at as often as the settings say", () =>
    Effect.gen(function* () {
      let asked = 0
      const prune = () => Effect.sync(() => (asked++, 0))
      yield* started(prune, Effect.succeed(0), { everyMillis: day })
      yield* TestClock.adjust("23 hours")
      assert.strictEqual(asked, 1)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(asked, 2)
    }).pipe(Effect.scoped)
  )

  it.effect("is tried again after an hour when the store was away, which holds up nothing else", () =>
    Effect.gen(function* () {
      const calls = { prune: 0, expire: 0 }
      const away = new StoreError.StoreError({ operation: "prune", reason: new StoreError.StoreUnavailable({}) })
      yield* started(
        () => Effect.suspend(() => (++calls.prune === 1 ? Effect.fail(away) : Effect.succeed(0))),
        Effect.sync(() => {
          calls.expire++
          return 0
        })
      )
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(calls, { prune: 1, expire: 1 })
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(calls, { prune: 2, expire: 2 })
    }).pipe(Effect.scoped)
  )
})

describe("test accounts", () => {
  it.effect("end after their days: expired, without credentials, said once, and never revived", () =>
    inWorld(
      ({ destinations, integrations, key, principal, refused, state }) =>
        Effect.gen(function* () {
          yield* destinations.register(principal, key, { category: "HRIS", url: "https://receiver.test/hook" })
          const { id } = yield* integrations.import(principal, request)
          const production = yield* integrations.import(principal, { ...request, accountType: "production" })
          yield* TestClock.adjust("29 days")
          assert.strictEqual((yield* integrations.get(principal, id)).state, "active")
          yield* TestClock.adjust("2 days")
          const ended = yield* integrations.get(principal, id)
          assert.strictEqual(ended.state, "expired")
          assert.isNotNull(ended.deactivatedAt)
          assert.lengthOf(state.credentials.get(id)!, 0)
          const reading = [...state.runs.values()].filter(({ run }) => Run.reading.includes(run.status))
          assert.deepStrictEqual(
            reading.map(({ run }) => run.integrationId),
            [production.id]
          )
          const said = [...state.events.values()].filter(({ record }) => record.type === "integration.deactivated")
          assert.deepStrictEqual(
            said.map(({ record }) => record.integrationId),
            [id]
          )
          for (const accountType of ["test", "production"] as const) {
            const refusal = yield* refused(
              integrations.import(principal, { ...request, integrationId: id, accountType }),
              "integration.expired",
              "integrationId"
            )
            assert.strictEqual(refusal.status, 409)
          }
          yield* refused(integrations.validate(principal, id), "integration.inactive", "X-Knit-Integration-Id")
        }),
      { maintenance }
    )
  )

  it.effect("count their days from when they became test accounts, also across a deactivation", () =>
    inWorld(
      ({ integrations, principal, refused }) =>
        Effect.gen(function* () {
          const { id } = yield* integrations.import(principal, { ...request, accountType: "production" })
          const other = yield* integrations.import(principal, request)
          yield* TestClock.adjust("20 days")
          yield* integrations.update(principal, id, { accountType: "test" })
          yield* integrations.deactivate(principal, other.id)
          yield* TestClock.adjust("20 days")
          assert.strictEqual((yield* integrations.get(principal, id)).state, "active", "a test account for 20 days")
          assert.strictEqual((yield* integrations.get(principal, other.id)).state, "deactivated")
          const again = { ...request, integrationId: other.id }
          yield* refused(integrations.import(principal, again), "integration.expired", "integrationId")
          const kept = yield* integrations.import(principal, { ...again, accountType: "production" })
          assert.strictEqual(kept.state, "active", "as a production account it may come back")
          yield* TestClock.adjust("11 days")
          assert.strictEqual((yield* integrations.get(principal, id)).state, "expired")
          assert.strictEqual((yield* integrations.get(principal, kept.id)).state, "active")
        }),
      { maintenance }
    )
  )

  it.effect("live for ever where the operator lifts the limit", () =>
    inWorld(
      ({ integrations, principal }) =>
        Effect.gen(function* () {
          const { id } = yield* integrations.import(principal, request)
          yield* TestClock.adjust("400 days")
          assert.strictEqual((yield* integrations.get(principal, id)).state, "active")
        }),
      { limits: { atOnce: 3, days: null }, maintenance }
    )
  )
})
