import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { clientOn, failing, ok, SECRET, transport } from "./Fakes.ts"

const get = { operation: "employee.list", path: "/employees" }

describe("ProviderClients requests", () => {
  it.effect("joins the path below the base URL, authenticates and asks for JSON", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({ id: 1 }))
      const client = yield* clientOn(app, { http: { headers: { "x-app": "crochet" } } })
      const body = yield* client.json({ ...get, query: { limit: 5, tag: ["a", "b"], none: undefined } })
      assert.deepStrictEqual(body, { id: 1 })
      const [sent] = app.seen
      assert.strictEqual(sent?.url.href, "https://acme.example.com/api/v1/employees?limit=5&tag=a&tag=b")
      assert.strictEqual(sent?.headers["authorization"], `Basic ${btoa(`${SECRET}:x`)}`)
      assert.strictEqual(sent?.headers["accept"], "application/json")
      assert.strictEqual(sent?.headers["x-app"], "crochet")
      assert.isUndefined(sent?.headers["traceparent"])
      assert.isUndefined(sent?.headers["b3"])
    })
  )

  it.effect("lets no request header replace the authentication", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app)
      yield* client.json({ ...get, headers: { Authorization: "Bearer mine", Host: "evil.example.org" } })
      assert.strictEqual(app.seen[0]?.headers["authorization"], `Basic ${btoa(`${SECRET}:x`)}`)
      assert.isUndefined(app.seen[0]?.headers["host"])
    })
  )

  it.effect("sends JSON and form bodies", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app)
      yield* client.json({ operation: "a", method: "POST", path: "x", body: { a: 1 } })
      yield* client.json({ operation: "a", method: "POST", path: "x", form: { q: "a b&c" } })
      assert.deepStrictEqual(
        app.seen.map((one) => [one.headers["content-type"], one.body]),
        [
          ["application/json", '{"a":1}'],
          ["application/x-www-form-urlencoded", "q=a+b%26c"]
        ]
      )
    })
  )

  it.effect("decodes, and names the path but not the value of what does not fit", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({ data: [{ id: "private-value" }] }))
      const client = yield* clientOn(app)
      const error = yield* Effect.flip(
        client.decode(get, Schema.Struct({ data: Schema.Array(Schema.Struct({ id: Schema.Finite })) }))
      )
      assert.strictEqual(error.reason._tag, "BadPayload")
      assert.include(error.message, '["id"]')
      assert.notInclude(error.message, "private-value")
      assert.lengthOf(app.seen, 1, "a misfit is not a cut-off body: asking again cannot help")
    })
  )
})

describe("ProviderClients retries", () => {
  const eventually = <A, E>(effect: Effect.Effect<A, E>, millis: number) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
      yield* TestClock.adjust(millis)
      return yield* Fiber.join(fiber)
    })

  it.effect("tries an idempotent request five times, then says what happened", () =>
    Effect.gen(function* () {
      const app = transport(() => failing(503, '{"message":"maintenance"}'))
      const client = yield* clientOn(app)
      const error = yield* eventually(Effect.flip(client.json(get)), 60_000)
      assert.lengthOf(app.seen, 5)
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.strictEqual(error.reason.message, "maintenance")
      assert.strictEqual(error.reason.status, 503)
      assert.deepInclude(client.statistics(), { calls: 5, retries: 4 })
    })
  )

  it.effect("never repeats a write that may have been carried out, but repeats one that was turned away", () =>
    Effect.gen(function* () {
      const down = transport(() => failing(503))
      const first = yield* clientOn(down)
      yield* eventually(Effect.flip(first.json({ ...get, method: "POST", body: {} })), 60_000)
      assert.lengthOf(down.seen, 1)
      const busy = transport((_, nth) => (nth === 1 ? failing(429, "", { "retry-after": "3" }) : ok({})))
      const second = yield* clientOn(busy)
      yield* eventually(second.json({ ...get, method: "POST", body: {} }), 3_000)
      assert.lengthOf(busy.seen, 2)
    })
  )

  it.effect("waits as long as the app asks, for all requests of the account", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) => (nth === 1 ? failing(429, "", { "retry-after": "30" }) : ok({})))
      const client = yield* clientOn(app)
      const first = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(1)
      const second = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(29_998)
      assert.lengthOf(app.seen, 1, "somebody asked before the 30 s were over")
      yield* TestClock.adjust(2)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      assert.lengthOf(app.seen, 3)
      assert.strictEqual(client.statistics().rateLimitWaits, 2)
    })
  )

  it.effect("gives up at once when the app asks for more than ten minutes, and says how long", () =>
    Effect.gen(function* () {
      const app = transport(() => failing(429, "", { "retry-after": "1200" }))
      const client = yield* clientOn(app)
      const error = yield* Effect.flip(client.json(get))
      assert.isTrue(error.reason._tag === "RateLimited" && error.reason.retryAfterMillis === 1_200_000)
      yield* TestClock.adjust(1_000)
      const next = yield* Effect.flip(client.json(get))
      assert.isTrue(next.reason._tag === "RateLimited" && next.reason.retryAfterMillis === 1_199_000)
      assert.lengthOf(app.seen, 1)
    })
  )
})
