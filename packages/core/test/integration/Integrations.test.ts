import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { ConnectorError } from "@crochet/core"
import { failing } from "../engine/Harness.ts"
import { dump, inWorld, type Services } from "../engine/World.ts"

const request = { appId: "madeup", originOrgId: "org" }
const register = ({ destinations, key, principal }: Services) =>
  destinations.register(principal, key, { category: "HRIS", url: "https://receiver.test/hook" })
const unauthorized = failing(new ConnectorError.Unauthorized({ status: 401, message: "bad key" }))

describe("import", () => {
  it.effect("sends app.integration.activate and starts the first syncs", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        yield* register(world)
        const integration = yield* world.integrations.import(world.principal, request)
        yield* world.run
        const types = world.inbox.events.map(({ eventType }) => eventType)
        assert.strictEqual(types[0], "app.integration.activate")
        assert.strictEqual(types.filter((type) => type === "record.new").length, 3)
        assert.deepStrictEqual(world.inbox.events[0]!.eventData, {
          integrationId: integration.id,
          appId: "madeup",
          categoryId: "HRIS",
          originOrgId: "org",
          success: true,
          errors: []
        })
      })
    )
  )

  it.effect("keeps nothing of credentials that the app rejects, and says what to do", () =>
    inWorld(
      ({ integrations, principal, refused }) =>
        Effect.gen(function* () {
          const refusal = yield* refused(
            integrations.import(principal, request),
            "auth.invalid_credentials",
            "credentials"
          )
          assert.strictEqual(refusal.status, 422)
          assert.deepStrictEqual(refusal.upstream, { status: 401, message: "bad key" })
          yield* refused(integrations.import(principal, { ...request, appId: "nobody" }), "app.unknown", "appId")
          yield* refused(
            integrations.import(principal, { ...request, integrationId: "int_none" }),
            "integration.not_found",
            "X-Knit-Integration-Id"
          )
          yield* refused(
            integrations.import(principal, { ...request, authScheme: "x" }),
            "integration.invalid_credentials",
            "credentials.authScheme"
          )
        }),
      { connector: (connector) => ({ ...connector, validate: () => unauthorized }) }
    )
  )

  it.effect("is refused above the limit of live test accounts, in whatever way one comes to life", () =>
    inWorld(
      ({ integrations, principal, refused }) =>
        Effect.gen(function* () {
          const first = yield* integrations.import(principal, request)
          yield* refused(integrations.import(principal, request), "integration.test_limit", "accountType")
          yield* integrations.import(principal, { ...request, integrationId: first.id })
          const production = yield* integrations.import(principal, { ...request, accountType: "production" })
          yield* refused(
            integrations.update(principal, production.id, { accountType: "test" }),
            "integration.test_limit",
            "accountType"
          )
          yield* integrations.deactivate(principal, first.id)
          yield* integrations.update(principal, production.id, { accountType: "test" })
          yield* refused(
            integrations.import(principal, { ...request, integrationId: first.id }),
            "integration.test_limit",
            "accountType"
          )
          yield* refused(
            integrations.import(principal, { ...request, integrationId: first.id, originOrgId: "other" }),
            "integration.mismatch",
            "integrationId"
          )
        }),
      { limits: { atOnce: 1, days: 30 } }
    )
  )

  it.effect("holds to the limit when many validate at once", () => {
    const gate = Deferred.makeUnsafe<void>()
    return inWorld(
      ({ integrations, principal, state }) =>
        Effect.gen(function* () {
          const all = Effect.all(
            Array.from({ length: 4 }, () => Effect.result(integrations.import(principal, request))),
            { concurrency: 4 }
          )
          const fiber = yield* Effect.forkChild(all)
          for (let i = 0; i < 30; i++) yield* Effect.yieldNow
          yield* Deferred.succeed(gate, undefined)
          yield* Effect.yieldNow
          yield* Fiber.join(fiber)
          assert.isAtMost(state.integrations.size, 1)
        }),
      {
        limits: { atOnce: 1, days: 30 },
        connector: (connector) => ({
          ...connector,
          validate: (client) => Effect.andThen(Deferred.await(gate), connector.validate(client))
        })
      }
    )
  })
})

describe("validate", () => {
  it.effect("says so when the stored credentials do not work any more", () => {
    let valid = true
    return inWorld(
      (world) =>
        Effect.gen(function* () {
          yield* register(world)
          const { id } = yield* world.integrations.import(world.principal, request)
          valid = false
          const validation = yield* world.integrations.validate(world.principal, id)
          assert.isFalse(validation.success)
          assert.strictEqual(validation.integration.state, "needs_reconnect")
          yield* world.run
          const activations = world.inbox.events.filter(({ eventType }) => eventType === "app.integration.activate")
          assert.deepStrictEqual(
            activations.map(({ eventData }) => eventData["success"]),
            [true, false]
          )
          assert.deepNestedInclude(activations[1]!.eventData, { "errors[0].code": "auth.invalid_credentials" })
        }),
      {
        connector: (connector) => ({
          ...connector,
          validate: (client) => (valid ? connector.validate(client) : unauthorized)
        })
      }
    )
  })

  it.effect("does not bring an account back to life that was deactivated meanwhile", () => {
    let during: Effect.Effect<unknown, unknown> = Effect.void
    return inWorld(
      ({ integrations, principal }) =>
        Effect.gen(function* () {
          const { id } = yield* integrations.import(principal, request)
          during = integrations.deactivate(principal, id)
          const refusal = yield* Effect.flip(integrations.validate(principal, id))
          assert.strictEqual(refusal.code, "integration.inactive")
          assert.strictEqual((yield* integrations.get(principal, id)).state, "deactivated")
        }),
      {
        connector: (connector) => ({
          ...connector,
          validate: (client) => Effect.andThen(Effect.orDie(during), connector.validate(client))
        })
      }
    )
  })
})

describe("deactivate and purge", () => {
  it.effect("deactivate destroys the credentials, stops runs and says so", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { inbox, integrations, principal, refused, run, state } = world
        yield* register(world)
        const { id } = yield* integrations.import(principal, request)
        assert.isAbove(state.credentials.get(id)!.length, 0)
        const after = yield* integrations.deactivate(principal, id)
        assert.strictEqual(after.state, "deactivated")
        assert.lengthOf(state.credentials.get(id)!, 0)
        assert.deepStrictEqual(
          [...state.runs.values()].map(({ run }) => run.status),
          ["cancelled"]
        )
        yield* run
        assert.include(
          inbox.events.map(({ eventType }) => eventType),
          "integration.deactivated"
        )
        assert.notInclude(
          inbox.events.map(({ eventType }) => eventType),
          "record.new"
        )
        yield* refused(integrations.validate(principal, id), "integration.inactive", "X-Knit-Integration-Id")
        assert.deepStrictEqual(yield* integrations.deactivate(principal, id), after, "twice is once")
      })
    )
  )

  it.effect("purge leaves nothing, and reports what went", () =>
    inWorld((world) =>
      Effect.gen(function* () {
        const { inbox, integrations, principal, refused, run, state } = world
        yield* register(world)
        inbox.answer = ({ recordId }) => (recordId === "p1" ? 500 : 200)
        const { id } = yield* integrations.import(principal, request)
        yield* run
        const jobs = [...state.jobs.keys()]
        const runs = [...state.runs.keys()]
        const report = yield* integrations.purge(principal, id)
        assert.deepInclude(report, { integrations: 1, credentials: 1, jobs: 1, runs: 1, snapshot: 3 })
        const left = dump(state)
        for (const trace of [id, ...jobs, ...runs]) assert.notInclude(left, trace)
        yield* refused(integrations.get(principal, id), "integration.not_found", "X-Knit-Integration-Id")
        yield* refused(integrations.purge(principal, id), "integration.not_found", "X-Knit-Integration-Id")
      })
    )
  )
})
