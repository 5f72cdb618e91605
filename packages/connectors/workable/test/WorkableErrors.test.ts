import { CredentialsSource } from "@crochet/core"
import { Effect, Redacted, Stream } from "effect"
import { assert, describe, it } from "vitest"
import { candidates, clientOf, collect, connect, hurried, impatient, jobs, withAccount } from "./Account.ts"
import { classify, messageOf, pauseMillis, retryAfterMillis } from "../src/WorkableErrors.ts"

const answer = (status: number, text: string, headers: { readonly [name: string]: string } = {}) => ({
  status,
  text,
  headers
})

describe("what an answer means", () => {
  it("a 404 counts only in the app's own words", () => {
    assert.isUndefined(classify(answer(404, '{"error":"Not found"}')), "the kit reads the status")
    for (const page of ["<html>Not found</html>", "", "Not found"]) {
      assert.strictEqual(classify(answer(404, page))?._tag, "BadPayload", page)
    }
    assert.strictEqual(classify(answer(302, ""))?._tag, "BadPayload")
    assert.strictEqual(classify(answer(200, '{"error":"Something went wrong"}'))?._tag, "BadPayload")
    assert.isUndefined(classify(answer(200, '{"candidates":[]}')))
  })

  it("a refused field is named, its value is not", () => {
    const text = '{"error":"Validation failed","validation_errors":{"limit":["must be between 1 and 100"]}}'
    assert.strictEqual(messageOf(answer(422, text)), "Validation failed (limit must be between 1 and 100)")
    assert.isUndefined(messageOf(answer(500, "<html>")))
  })

  it("the wait lasts until the next window of the app's clock, whatever ours says", () => {
    const date = "Tue, 01 Sep 2026 12:00:03 GMT"
    const reset = String(Date.parse("2026-09-01T12:00:10Z") / 1000)
    const headers = { date, "x-rate-limit-reset": reset, "x-rate-limit-remaining": "0" }
    assert.strictEqual(retryAfterMillis(answer(429, "", headers)), 7_000)
    assert.strictEqual(retryAfterMillis(answer(429, "")), 10_000, "a whole window when it does not say")
    assert.strictEqual(retryAfterMillis(answer(429, "", { date, "x-rate-limit-reset": "soon" })), 10_000)
    assert.isUndefined(retryAfterMillis(answer(429, "", { ...headers, "retry-after": "3" })), "the kit's to read")
    assert.isUndefined(retryAfterMillis(answer(503, "", headers)))
    assert.strictEqual(pauseMillis(answer(200, "{}", headers)), 7_000)
    assert.isUndefined(pauseMillis(answer(200, "{}", { ...headers, "x-rate-limit-remaining": "4" })))
    assert.isUndefined(pauseMillis(answer(200, "{}")))
  })
})

describe("a throttled account", () => {
  it("is read to its end: the headers of successes pace the requests, and hardly one is refused", () => {
    const time = impatient(Date.parse("2026-09-01T12:00:00Z"))
    return withAccount(
      { candidates: 60, now: time.now, rateLimit: { requests: 10, perMillis: 10_000 } },
      ({ client, context, sim }) =>
        Effect.gen(function* () {
          const { rows } = yield* collect(candidates.list(context(candidates)))
          assert.strictEqual(rows.length, 60)
          const refused = sim.requests.filter(({ status }) => status === 429).length
          assert.isAbove(client.statistics().rateLimitWaits, 3)
          assert.isAtMost(refused, 12, "at most the requests that were under way")
        }),
      time
    )
  })

  it("obeys the app's 429, which has no Retry-After", () =>
    withAccount({}, ({ client, context, sim }) =>
      Effect.gen(function* () {
        sim.control.fault({ kind: "rate-limit", times: 2, retryAfter: 4, match: { path: "/candidates" } })
        const { end } = yield* collect(candidates.list(context(candidates, { models: ["candidate_info"] })))
        assert.isDefined(end)
        assert.strictEqual(client.statistics().retries, 2)
      })
    ))
})

describe("trouble on the way", () => {
  it.each(["status", "reset", "truncate", "html"] as const)("%s once is tried again", (kind) =>
    withAccount({ candidates: 120 }, ({ context, sim }) =>
      Effect.gen(function* () {
        sim.control.fault({ kind, after: 1, match: { path: "/candidates" } })
        const { rows } = yield* collect(candidates.list(context(candidates, { models: ["candidate_info"] })))
        assert.strictEqual(rows.length, 120)
      })
    )
  )

  it.each(["status", "html"] as const)("%s for good fails the run and proves nothing", (kind) =>
    withAccount({ candidates: 120 }, ({ context, sim }) =>
      Effect.gen(function* () {
        sim.control.fault({ kind, after: 1, times: Infinity, match: { path: "/candidates" } })
        const error = yield* Effect.flip(
          Stream.runDrain(candidates.list(context(candidates, { models: ["candidate_info"] })))
        )
        assert.oneOf(error.reason._tag, ["Unavailable", "BadPayload"])
      })
    )
  )

  it("an answer without its list is not an empty list", () =>
    withAccount({}, ({ client, context }) =>
      Effect.gen(function* () {
        const odd = { ...client, request: () => client.request({ operation: "x", path: "/stages" }) }
        const error = yield* Effect.flip(Stream.runDrain(jobs.list({ ...context(jobs), client: odd })))
        assert.strictEqual(error.reason._tag, "BadPayload")
      })
    ))
})

describe("OAuth", () => {
  it("renews an expired access token once, although several requests meet it, and stores the new refresh token", () => {
    const tokens = (of: { readonly accessToken: string; readonly refreshToken: string }) =>
      ({
        kind: "oauth2",
        scheme: "oauth2",
        accessToken: Redacted.make(of.accessToken),
        refreshToken: Redacted.make(of.refreshToken)
      }) as const
    const test = Effect.gen(function* () {
      const { context, sim } = yield* connect()
      const first = sim.control.issueTokens()
      const memory = CredentialsSource.memory(tokens(first))
      const stored: Array<string> = []
      const client = yield* clientOf(sim.url, {
        ...memory,
        refreshed: (next, previous) => {
          if (next.kind === "oauth2" && next.refreshToken) stored.push(Redacted.value(next.refreshToken))
          return memory.refreshed(next, previous)
        }
      })
      const read = candidates.list({ ...context(candidates), client })
      sim.control.expireTokens()
      assert.strictEqual((yield* collect(read)).rows.length, 30)
      assert.strictEqual(client.statistics().tokenRefreshes, 1)
      assert.strictEqual(stored.length, 1)
      assert.notStrictEqual(stored[0], first.refreshToken, "rotated")
      sim.control.expireTokens({ refresh: true })
      const error = yield* Effect.flip(Stream.runDrain(read))
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.notInclude(JSON.stringify(error), stored[0]!)
    })
    return Effect.runPromise(hurried(Effect.scoped(test)))
  })
})
