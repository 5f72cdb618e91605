import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schema } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import { RateLimiter } from "effect/persistence"
import { TestClock } from "effect/testing"
import { type AuthScheme, ConnectorError, Traffic } from "../../src/index.ts"
import { clientOn, connector, failing, keyScheme, ok, SECRET, transport } from "./Fakes.ts"

const get = { operation: "employee.list", path: "/employees" }
const html = "<!doctype html><html><body>Sign in</body></html>"

/** Runs to its end however long it waits. */
const eventually = <A, E>(effect: Effect.Effect<A, E>, millis = 300_000) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    yield* TestClock.adjust(millis)
    return yield* Fiber.join(fiber)
  })

describe("Reading an answer", () => {
  it.effect.each([
    [301, "InvalidRequest"],
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [406, "InvalidRequest"],
    [408, "Unavailable"],
    [409, "InvalidRequest"],
    [410, "NotFound"],
    [422, "InvalidRequest"],
    [429, "RateLimited"],
    [500, "Unavailable"],
    [502, "Unavailable"],
    [598, "Unavailable"]
  ] as const)("HTTP %s means %s", ([status, tag]) =>
    Effect.gen(function* () {
      const client = yield* clientOn(transport(() => failing(status)))
      const error = yield* eventually(Effect.flip(client.json(get)))
      assert.strictEqual(error.reason._tag, tag)
      assert.strictEqual(error.reason.status, status)
      assert.strictEqual(error.appId, "acme")
      assert.strictEqual(error.operation, "employee.list")
    })
  )

  it.effect.each([
    ['{"message":"No such field"}', "No such field"],
    ['{"error":{"code":"BadRequest","message":"Bad page"}}', "Bad page"],
    ['{"error":"invalid","error_description":"Why it is"}', "Why it is"],
    ['[{"message":"Session expired","errorCode":"INVALID_SESSION_ID"}]', "Session expired"],
    ['{"Fault":{"Error":[{"Message":"Duplicate","Detail":"Same name","code":"6240"}]}}', "Duplicate"],
    ['{"errors":{"message":["first","second"]}}', "first"],
    ['{"title":"Too much data","status":413}', "Too much data"],
    ["Employee   not\nfound", "Employee not found"],
    [html, undefined],
    ["{broken", undefined],
    ["", undefined]
  ] as const)("takes the app's words from %s", ([body, words]) =>
    Effect.gen(function* () {
      const client = yield* clientOn(transport(() => failing(400, body)))
      const error = yield* Effect.flip(client.json(get))
      assert.strictEqual(error.reason.message, words ?? "")
      assert.strictEqual(error.message.endsWith("InvalidRequest (HTTP 400)"), words === undefined)
    })
  )

  it.effect("asks the profile first: its reading, its words, its wait", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) =>
        nth === 1 ? ok({ error: { code: 429 } }, { "x-reset": "7", "x-error": "slow down" }) : ok({ fine: true })
      )
      const client = yield* clientOn(app, {
        http: {
          classify: ({ text }) => (text.includes("429") ? new ConnectorError.RateLimited({}) : undefined),
          retryAfterMillis: ({ headers }) => Number(headers["x-reset"]) * 1000,
          errorMessage: ({ headers }) => headers["x-error"]
        }
      })
      const fiber = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(6_999)
      assert.lengthOf(app.seen, 1)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* Fiber.join(fiber), { fine: true })
    })
  )

  it.effect("pauses after a success that says that the quota is spent, and not after one that it cannot read", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) => ok({ nth }, { "x-remaining": nth === 1 ? "0" : nth === 2 ? "what" : "9" }))
      const client = yield* clientOn(app, {
        http: {
          pauseMillis: ({ headers }) => {
            if (headers["x-remaining"] === "what") throw new TypeError("unreadable")
            return headers["x-remaining"] === "0" ? 4_000 : undefined
          }
        }
      })
      assert.deepStrictEqual(yield* client.json(get), { nth: 1 })
      const fiber = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(3_999)
      assert.lengthOf(app.seen, 1)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* Fiber.join(fiber), { nth: 2 })
      assert.deepStrictEqual(yield* client.json(get), { nth: 3 })
      assert.strictEqual(client.statistics().rateLimitWaitMillis, 4_000)
    })
  )

  it.effect("falls back to the status when the profile's own reading throws", () =>
    Effect.gen(function* () {
      const client = yield* clientOn(
        transport(() => failing(404, html)),
        {
          http: {
            classify: ({ text }) => JSON.parse(text),
            errorMessage: ({ text }) => JSON.parse(text).message
          }
        }
      )
      assert.strictEqual((yield* Effect.flip(client.json(get))).reason._tag, "NotFound")
    })
  )

  it.effect("hands accepted statuses back, except when the app throttles under that status", () =>
    Effect.gen(function* () {
      const gone = yield* clientOn(transport(() => failing(404, "gone")))
      const answer = yield* gone.request({ ...get, accept: [404] })
      assert.deepInclude(answer, { status: 404, text: "gone" })
      const busy = yield* clientOn(
        transport(() => failing(403, "REQUEST_LIMIT_EXCEEDED")),
        {
          http: { classify: ({ text }) => (text.includes("LIMIT") ? new ConnectorError.RateLimited({}) : undefined) }
        }
      )
      const error = yield* eventually(Effect.flip(busy.request({ ...get, accept: [403] })))
      assert.strictEqual(error.reason._tag, "RateLimited")
    })
  )

  it.effect.each([html, '{"data":[{"id":1},', "", "<xml/>"])("calls %j BadPayload after two more tries", (body) =>
    Effect.gen(function* () {
      const app = transport(() => failing(200, body))
      const client = yield* clientOn(app)
      const error = yield* eventually(Effect.flip(client.json(get)))
      assert.strictEqual(error.reason._tag, "BadPayload")
      assert.lengthOf(app.seen, 3)
    })
  )

  it.effect("reads a truncated answer again", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) => (nth === 1 ? failing(200, '{"data":[') : ok({ data: [] })))
      const client = yield* clientOn(app)
      assert.deepStrictEqual(yield* eventually(client.json(get)), { data: [] })
    })
  )

  it.effect("reads 204 as empty text and honours the declared charset", () =>
    Effect.gen(function* () {
      const app = transport((_, nth) =>
        nth === 1
          ? new Response(null, { status: 204 })
          : new Response(new Uint8Array([0x22, 0xe9, 0x22]), {
              headers: { "content-type": "application/json; charset=iso-8859-1" }
            })
      )
      const client = yield* clientOn(app)
      assert.strictEqual((yield* client.request(get)).text, "")
      assert.strictEqual(yield* client.json(get), "é")
    })
  )

  it.effect("stops reading an answer that is too large", () =>
    Effect.gen(function* () {
      let chunks = 0
      const app = transport(() => {
        const body = new ReadableStream({
          pull(controller) {
            chunks += 1
            controller.enqueue(new Uint8Array(1_000).fill(32))
          }
        })
        return new Response(body)
      })
      const client = yield* clientOn(app, { http: { maxAnswerBytes: 10_000 } })
      const error = yield* eventually(Effect.flip(client.request(get)))
      assert.strictEqual(error.reason._tag, "BadPayload")
      assert.lengthOf(app.seen, 1, "an answer that is too large is not asked for again")
      assert.isBelow(chunks, 20)
    })
  )

  it.effect("times the whole answer, not only its beginning", () =>
    Effect.gen(function* () {
      const app = transport(
        () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) }))
      )
      const client = yield* clientOn(app, { http: { timeoutMillis: 1_000 } })
      const error = yield* eventually(Effect.flip(client.json({ ...get, idempotent: false })), 1_000)
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.include(error.message, "1000 ms")
    })
  )

  it.effect("keeps the app's clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      const client = yield* clientOn(transport(() => ok({}, { date: "Thu, 01 Jan 1970 00:20:00 GMT" })))
      assert.strictEqual(yield* client.providerTime, 1_000_000)
      yield* client.json(get)
      assert.strictEqual(yield* client.providerTime, 1_200_000)
      yield* TestClock.adjust(5_000)
      assert.strictEqual(yield* client.providerTime, 1_205_000)
    })
  )
})

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

describe("Secrets", () => {
  it.effect("never leave in an error, whatever the app echoes", () =>
    Effect.gen(function* () {
      const basic = btoa(`${SECRET}:x`)
      const echoes = [
        SECRET,
        `Basic ${basic}`,
        basic,
        encodeURIComponent(SECRET),
        btoa(SECRET),
        "x".repeat(295) + SECRET
      ]
      for (const echo of echoes) {
        for (const status of [400, 401, 403, 404, 429, 500]) {
          const client = yield* clientOn(
            transport(() => failing(status, JSON.stringify({ message: `You sent ${echo}` })))
          )
          const error = yield* eventually(Effect.flip(client.json(get)))
          const shown = `${error.message} ${JSON.stringify(error)} ${JSON.stringify(Schema.encodeSync(ConnectorError.ConnectorError)(error))} ${error.stack} ${String(error)}`
          assert.notInclude(shown, "canary", `${status} ${echo}`)
          assert.notInclude(shown, basic.slice(0, 12), `${status} ${echo}`)
          assert.isAtMost(error.reason.message?.length ?? 0, 300)
        }
      }
    })
  )

  it.effect("never leave in a transport's error or in what a connector says itself", () =>
    Effect.gen(function* () {
      const client = yield* clientOn({
        client: HttpClient.make((request) =>
          Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.TransportError({
                request,
                description: SECRET,
                cause: new Error(JSON.stringify(request.headers))
              })
            })
          )
        )
      })
      const error = yield* eventually(Effect.flip(client.json(get)))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.notInclude(`${error.message} ${JSON.stringify(error)} ${error.stack}`, "canary")
      const own = client.fail("validate", new ConnectorError.Unauthorized({ message: `Bad key ${SECRET}` }))
      assert.strictEqual(own.reason.message, "Bad key ***")
    })
  )

  it.effect("says what is wrong with a key that cannot be sent, without the key", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app, {
        connector: connector({}, [
          { ...keyScheme, headers: (values: AuthScheme.Values) => ({ "x-key": `${values["apiKey"] ?? ""}\n` }) }
        ])
      })
      const error = yield* Effect.flip(client.json(get))
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.include(error.message, "line break")
      assert.notInclude(error.message, "canary")
      assert.isEmpty(app.seen)
    })
  )
})

describe("Addresses", () => {
  const sends = (path: string, options: { readonly baseUrl?: string; readonly override?: string } = {}) =>
    Effect.gen(function* () {
      const app = transport(() => ok({}))
      const client = yield* clientOn(app, {
        http: options.baseUrl === undefined ? {} : { baseUrl: () => options.baseUrl ?? "" },
        ...(options.override === undefined ? {} : { baseUrlOverride: options.override })
      })
      const exit = yield* Effect.result(client.request({ operation: "x", path }))
      if (exit._tag === "Failure") {
        assert.isEmpty(app.seen, "something was sent although the address is refused")
        return exit.failure.reason._tag
      }
      return [app.seen[0]?.url.href, exit.success.url]
    })
  const base = "https://acme.example.com/api/v1"

  it.effect("resolves paths and links", () =>
    Effect.gen(function* () {
      const at = (url: string) => [url, url]
      assert.deepStrictEqual(yield* sends("/a?b=c#d"), at(`${base}/a?b=c`))
      assert.deepStrictEqual(yield* sends("a/b"), at(`${base}/a/b`))
      assert.deepStrictEqual(yield* sends("//evil.example.org/a"), at(`${base}/evil.example.org/a`))
      assert.deepStrictEqual(
        yield* sends("https://acme.example.com/other?x=1"),
        at("https://acme.example.com/other?x=1")
      )
    })
  )

  it.effect("refuses to leave the base, before anything is sent", () =>
    Effect.gen(function* () {
      for (const path of [
        "/../admin",
        "/a/%2e%2e/%2e%2e/%2e%2e/admin",
        "https://evil.example.org/api/v1/a",
        "http://acme.example.com/api/v1/a",
        "https://acme.example.com:8443/api/v1/a",
        "https://acme.example.com@evil.example.org/",
        "https://user:pass@acme.example.com/api/v1/a",
        "ftp://acme.example.com/a"
      ]) {
        assert.strictEqual(yield* sends(path), "InvalidRequest", path)
      }
    })
  )

  it.effect("maps the connector's own links onto an operator's override, and refuses others", () =>
    Effect.gen(function* () {
      const override = "http://127.0.0.1:8080/sim/"
      assert.deepStrictEqual(yield* sends("/a", { override }), ["http://127.0.0.1:8080/sim/a", `${base}/a`])
      assert.deepStrictEqual(yield* sends(`${base}/a?page=2`, { override }), [
        "http://127.0.0.1:8080/sim/a?page=2",
        `${base}/a?page=2`
      ])
      assert.deepStrictEqual(
        (yield* sends("http://127.0.0.1:8080/sim/a", { override }))[0],
        "http://127.0.0.1:8080/sim/a"
      )
      assert.strictEqual(yield* sends("https://evil.example.org/a", { override }), "InvalidRequest")
    })
  )

  it.effect("says that a base URL is wrong", () =>
    Effect.gen(function* () {
      for (const baseUrl of ["", "acme", "ftp://acme.example.com", "https://user:pass@acme.example.com"]) {
        assert.strictEqual(yield* sends("/a", { baseUrl }), "InvalidRequest", baseUrl)
      }
    })
  )

  it.effect("gives up at once when the guard forbids the address", () =>
    Effect.gen(function* () {
      let asked = 0
      const client = yield* clientOn({
        client: HttpClient.make((request) => {
          asked += 1
          return Effect.fail(
            new HttpClientError.HttpClientError({
              reason: new HttpClientError.InvalidUrlError({ request, description: "The address is internal." })
            })
          )
        })
      })
      const error = yield* Effect.flip(client.json(get))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.strictEqual(error.reason.message, "The address is internal.")
      assert.strictEqual(asked, 1)
    })
  )
})
