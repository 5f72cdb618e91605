import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { RateLimiter } from "effect/persistence"
import { TestClock } from "effect/testing"
import { Traffic } from "../../src/index.ts"
import { clientOn, failing, ok, transport } from "./Fakes.ts"
import { get, eventually } from "./Answering.ts"

describe("Traffic of one account", () => {
  it.effect("sends at most as many requests at once as the profile says", () =>
    Effect.gen(function* () {
      let now = 0
      let most = 0
      const app = transport(() =>
        Effect.gen(function* () {
          most = Math.max(most, ++now)
          yield* Effect.sleep(10)
          now -= 1
          return ok({})
        })
      )
      const client = yield* clientOn(app, { http: { concurrency: 3 } })
      const all = Effect.all(
        Array.from({ length: 10 }, () => client.json(get)),
        { concurrency: "unbounded" }
      )
      yield* eventually(all, 1_000)
      assert.strictEqual(most, 3)
    })
  )

  it.effect("keeps to the quota, and counts its waits", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app, { http: { rateLimit: { limit: 2, windowMillis: 1_000 }, concurrency: 10 } })
      const all = Effect.all(
        Array.from({ length: 6 }, () => client.json(get)),
        { concurrency: "unbounded" }
      )
      const fiber = yield* Effect.forkChild(all, { startImmediately: true })
      yield* TestClock.adjust(0)
      assert.lengthOf(app.seen, 2)
      yield* TestClock.adjust(1_000)
      assert.lengthOf(app.seen, 4)
      yield* TestClock.adjust(1_000)
      yield* Fiber.join(fiber)
      assert.strictEqual(client.statistics().rateLimitWaits, 4)
      assert.strictEqual(client.statistics().rateLimitWaitMillis, 500 + 1_000 + 1_500 + 2_000)
    })
  )

  it.effect("shares one quota between clients of one account, and only of one account", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const http = { rateLimit: { limit: 2, windowMillis: 1_000 } }
      const limiter = RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory))
      const clients = yield* Effect.all(["a", "a", "b"].map((account) => clientOn(app, { http, account }))).pipe(
        Effect.provide(limiter)
      )
      const twice = clients.flatMap((client) => [client.json(get), client.json(get)])
      const fiber = yield* Effect.forkChild(Effect.all(twice, { concurrency: "unbounded" }), { startImmediately: true })
      yield* TestClock.adjust(0)
      assert.lengthOf(app.seen, 4, "two of account a, two of account b")
      yield* TestClock.adjust(1_000)
      yield* Fiber.join(fiber)
      assert.lengthOf(app.seen, 6)
    })
  )

  it.effect("shares one pause between clients that share their traffic control", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) => (nth === 1 ? failing(429, "", { "retry-after": "5" }) : ok({})))
      const traffic = yield* Traffic.make({})
      const [one, other] = yield* Effect.all([clientOn(app, { traffic }), clientOn(app, { traffic })])
      const first = yield* Effect.forkChild(one.json(get), { startImmediately: true })
      yield* TestClock.adjust(1)
      const second = yield* Effect.forkChild(other.json(get), { startImmediately: true })
      yield* TestClock.adjust(4_998)
      assert.lengthOf(app.seen, 1)
      yield* TestClock.adjust(1)
      yield* Effect.all([Fiber.join(first), Fiber.join(second)])
    })
  )

  it.effect("understands Retry-After as a date", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) =>
        nth === 1 ? failing(503, "", { "retry-after": "Thu, 01 Jan 1970 00:01:30 GMT" }) : ok({})
      )
      const client = yield* clientOn(app)
      const fiber = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(89_999)
      assert.lengthOf(app.seen, 1)
      yield* TestClock.adjust(1)
      yield* Fiber.join(fiber)
    })
  )
})
