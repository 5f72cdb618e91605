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

describe("webhook.rotateSecret and webhook.rotateKey", () => {
  it.effect("give a new secret, keep the old one for a day, and refuse what cannot be meant", () =>
    inWorld(({ destinations, key, principal, refused, state }) =>
      Effect.gen(function* () {
        const { destination, secret } = yield* destinations.register(principal, key, hook)
        const rotate = (change: object = {}) =>
          destinations.rotateSecret(principal, { destinationId: destination.id, ...change })
        const first = yield* rotate()
        assert.match(Redacted.value(first.secret), /^whsec_[A-Za-z0-9+/]{43}=$/)
        assert.notStrictEqual(Redacted.value(first.secret), Redacted.value(secret))
        assert.deepStrictEqual(
          first.destination.previousSecrets.map(({ until }) => until),
          [86_400_000]
        )
        yield* refused(
          rotate({ expireNow: true, overlapSeconds: 1 }),
          "webhook.overlap_with_expire_now",
          "overlapSeconds"
        )
        yield* refused(
          destinations.rotateSecret(principal, { destinationId: "dest_none" }),
          "destination.not_found",
          "destinationId"
        )
        yield* refused(
          destinations.rotateSecret({ ...principal, workspaceId: "ws_other" }, { destinationId: destination.id }),
          "destination.not_found",
          "destinationId"
        )
        for (let i = 0; i < 8; i++) yield* rotate({ overlapSeconds: 604_800 })
        yield* refused(rotate(), "webhook.too_many_secrets", "overlapSeconds")
        const last = yield* rotate({ expireNow: true })
        assert.deepStrictEqual(last.destination.previousSecrets, [])
        assert.deepStrictEqual(state.destinations.get(destination.id), last.destination)
      })
    )
  )

  it.effect("are not undone by a change of the destination at the same time", () =>
    inWorld(({ destinations, key, principal, state }) =>
      Effect.gen(function* () {
        const { destination } = yield* destinations.register(principal, key, hook)
        const { id: destinationId } = destination
        // Another process commits its rotation right after this one has read the destination.
        const read = state.destinations.get.bind(state.destinations)
        const secret = new Uint8Array([1, 2, 3])
        state.destinations.get = (id) => {
          const known = read(id)
          state.destinations.get = read
          if (known !== undefined) {
            const previousSecrets = [{ sealed: "AAEC", until: 9 }]
            state.destinations.set(id, { ...known, secret, previousSecrets, updatedAt: 50 })
          }
          return known
        }
        yield* destinations.update(principal, { destinationId, ack: "2xx", signatures: ["v1", "v1a", "v1"] })
        const stored = state.destinations.get(destinationId)!
        assert.deepStrictEqual(stored.secret, secret)
        assert.lengthOf(stored.previousSecrets, 1)
        assert.strictEqual(stored.updatedAt, 51)
        assert.strictEqual(stored.ack, "2xx")
        assert.deepStrictEqual(stored.signatures, ["v1", "v1a"])
      })
    )
  )

  it.effect("publish a key as soon as a destination is to be signed with it", () =>
    inWorld(({ destinations, key, principal, refused }) =>
      Effect.gen(function* () {
        const published = destinations.publishedKeys(principal.workspaceId)
        assert.deepStrictEqual(yield* published, [])
        yield* destinations.register(principal, key, { ...hook, signatures: ["v1a"] })
        const [first] = yield* published
        assert.deepStrictEqual(yield* destinations.keys(principal), [first!])
        const both = yield* destinations.rotateKey(principal, { overlapSeconds: 60 })
        assert.sameMembers(
          both.map(({ retiresAt }) => retiresAt),
          [60_000, null]
        )
        assert.deepStrictEqual(yield* published, both)
        assert.lengthOf(yield* destinations.rotateKey(principal, { expireNow: true }), 1)
        yield* refused(destinations.publishedKeys("ws_other"), "workspace.not_found", "workspaceId")
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
