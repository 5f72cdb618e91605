import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { StoreError } from "@crochet/core"
import { TestClock } from "effect/testing"
import { inWorld } from "../engine/World.ts"

const hook = { category: "HRIS", url: "https://receiver.test" } as const

describe("webhook.register", () => {
  it.effect("starts the automatic syncs of accounts that were connected before", () =>
    inWorld(({ destinations, inbox, integrations, key, principal, run, state }) =>
      Effect.gen(function* () {
        for (let i = 0; i < 3; i++) yield* integrations.import(principal, { appId: "madeup", originOrgId: `org ${i}` })
        assert.strictEqual(state.runs.size, 0)
        yield* destinations.register(principal, key, { category: "CRM", url: hook.url })
        assert.strictEqual(state.runs.size, 0, "not by a destination of another category")
        yield* destinations.register(principal, key, hook)
        assert.deepStrictEqual(
          [...state.runs.values()].map(({ run }) => [run.trigger, run.type]),
          Array(3).fill(["validation", "initial_sync"])
        )
        yield* destinations.register(principal, key, hook)
        assert.strictEqual(state.runs.size, 3, "once")
        yield* run
        assert.lengthOf(
          inbox.events.filter(({ eventType }) => eventType === "record.new"),
          9
        )
      })
    )
  )

  it.effect("answers its secret even when a first sync cannot be started", () =>
    inWorld(
      ({ destinations, integrations, key, principal, state }) =>
        Effect.gen(function* () {
          yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
          const { secret } = yield* destinations.register(principal, key, hook)
          assert.match(Redacted.value(secret), /^whsec_/)
          assert.strictEqual(state.destinations.size, 1)
        }),
      {
        sync: (store) => ({
          ...store,
          startRun: () =>
            Effect.fail(
              new StoreError.StoreError({ operation: "startRun", reason: new StoreError.StoreUnavailable({}) })
            )
        })
      }
    )
  )

  it.effect("refuses what cannot be delivered to, and keeps nothing of it", () =>
    inWorld(({ destinations, key, principal, refused }) =>
      Effect.gen(function* () {
        const register = (change: object) => destinations.register(principal, key, { ...hook, ...change })
        yield* refused(register({ url: "http://receiver.test" }), "destination.invalid_url", "url")
        yield* refused(register({ events: ["record.new", "record.old"] }), "destination.unknown_event", "events")
        yield* refused(register({ aliases: { "record.old": "x" } }), "destination.unknown_event", "events")
        yield* refused(register({ headers: { Host: "x" } }), "destination.invalid_header", "headers.Host")
        yield* refused(register({ headers: { "X-A": "b\r\nc" } }), "destination.invalid_header", "headers.X-A")
      })
    )
  )

  it.effect("is not removed under a run that still sends there: its events would never be delivered, nor erased", () =>
    inWorld(({ destinations, integrations, key, principal, refused, run, state, syncs }) =>
      Effect.gen(function* () {
        const { destination } = yield* destinations.register(principal, key, hook)
        const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        yield* syncs.update(principal, key, id, { dataType: "employee", destination: "https://other.test" })
        yield* refused(destinations.remove(principal, destination.id), "destination.in_use", "destinationId")
        yield* run
        assert.deepStrictEqual(yield* destinations.remove(principal, destination.id), { discarded: 0 })
        assert.deepStrictEqual(
          [...state.runs.values()].map(({ run }) => run.status),
          ["completed"]
        )
      })
    )
  )

  it.effect("update and remove refuse what would lose events", () =>
    inWorld(({ destinations, integrations, key, principal, refused }) =>
      Effect.gen(function* () {
        const { destination } = yield* destinations.register(principal, key, hook)
        const update = (change: object) => destinations.update(principal, { destinationId: destination.id, ...change })
        yield* refused(update({ url: "http://x" }), "destination.invalid_url", "url")
        yield* update({ mode: "standard" })
        yield* refused(update({ mode: "knit" }), "destination.mode_needs_key", "mode")
        yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        yield* refused(destinations.remove(principal, destination.id), "destination.in_use", "destinationId")
        yield* refused(destinations.remove(principal, "dest_none"), "destination.not_found", "destinationId")
      })
    )
  )
})

describe("webhook.update", () => {
  it.effect("pauses and resumes once, tells the other destinations, and keeps the rest", () =>
    inWorld(({ destinations, key, principal, state }) =>
      Effect.gen(function* () {
        const pace = { concurrency: 3, ratePerSecond: 40 }
        const { destination } = yield* destinations.register(principal, key, { ...hook, ...pace })
        assert.deepInclude(destination, pace)
        const { destination: other } = yield* destinations.register(principal, key, { ...hook, category: "CRM" })
        const told = () =>
          [...state.events.values()]
            .filter(({ record }) => record.type.startsWith("destination."))
            .map(({ record }) => [record.destinationId, record.type, record.integrationId])
        const { id: destinationId } = destination
        yield* TestClock.adjust("1 minute")
        const update = (change: object) => destinations.update(principal, { destinationId, ...change })
        const paused = yield* update({ state: "paused", ratePerSecond: null })
        assert.deepInclude(paused, { state: "paused", pausedReason: "operator", concurrency: 3, ratePerSecond: null })
        assert.isNotNull(paused.pausedAt)
        assert.strictEqual((yield* update({ state: "paused" })).pausedAt, paused.pausedAt)
        assert.deepStrictEqual(told(), [[other.id, "destination.paused", null]])
        yield* TestClock.adjust("1 hour")
        assert.deepInclude(yield* update({ concurrency: null }), { state: "paused", concurrency: null })
        assert.deepInclude(yield* update({ state: "active" }), { state: "active", pausedReason: null, pausedAt: null })
        yield* update({ state: "active" })
        assert.deepStrictEqual(
          told().slice(1).toSorted(),
          [
            [destinationId, "destination.resumed", null],
            [other.id, "destination.resumed", null]
          ].toSorted()
        )
        const health = yield* destinations.health(principal, [destination, { ...other, workspaceId: "ws_other" }])
        assert.deepStrictEqual([...health.keys()], [destinationId])
        assert.isNotNull(health.get(destinationId)?.closedAt)
      })
    )
  )
})
