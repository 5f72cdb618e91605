import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { ConnectorError } from "../../src/index.ts"
import { clientOn, failing, ok, transport } from "./Fakes.ts"
import { get, html, eventually } from "./Answering.ts"

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
