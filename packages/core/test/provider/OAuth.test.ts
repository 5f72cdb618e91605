import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import { CredentialsSource } from "../../src/index.ts"
import { clientOn, connector, failing, oauthScheme, ok } from "./Fakes.ts"
import { app, get, oauthClient, tokens, vault } from "./TokenApp.ts"

describe("OAuth 2 refresh", () => {
  it.effect("refreshes once for many requests that fail together, and stores before use", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const { source, stored } = vault(tokens("old", "r1"), log)
      const slowly = Effect.delay(
        Effect.sync(() => ok({ access_token: "new", expires_in: 3600 })),
        1_000
      )
      const fake = app(
        (token) => token === "new",
        () => slowly,
        log
      )
      const client = yield* clientOn(fake, { credentials: source, oauthClient })
      const all = Effect.all(
        Array.from({ length: 8 }, () => client.json(get)),
        { concurrency: "unbounded" }
      )
      const run = yield* Effect.forkChild(all, { startImmediately: true })
      yield* TestClock.adjust(10_000)
      yield* Fiber.join(run)
      assert.lengthOf(
        fake.seen.filter((one) => one.url.pathname === "/token"),
        1
      )
      assert.isBelow(log.indexOf("stored new"), log.indexOf("used new"))
      assert.deepStrictEqual(yield* stored, ["new", "r1", 3_601_000], "a refresh token that is not replaced is kept")
      assert.strictEqual(client.statistics().tokenRefreshes, 1)
    })
  )

  it.effect("authenticates at the token endpoint in the header or in the body, as the scheme says", () =>
    Effect.gen(function* () {
      for (const clientAuthentication of ["basic", "body"] as const) {
        const fake = app(
          (token) => token === "new",
          () => ok({ access_token: "new" })
        )
        const client = yield* clientOn(fake, {
          connector: connector({}, [{ ...oauthScheme, clientAuthentication }]),
          credentials: vault(tokens("old", "r1")).source,
          oauthClient
        })
        yield* client.json(get)
        const asked = fake.seen.find((one) => one.url.pathname === "/token")
        const form = Object.fromEntries(new URLSearchParams(asked?.body))
        const basic = asked?.headers["authorization"]
        if (clientAuthentication === "basic") {
          assert.deepStrictEqual(form, { grant_type: "refresh_token", refresh_token: "r1" })
          assert.strictEqual(basic, `Basic ${btoa("crochet:client%2Bsecret")}`)
        } else {
          assert.deepInclude(form, { client_id: "crochet", client_secret: "client+secret" })
          assert.isUndefined(basic)
        }
        assert.strictEqual(asked?.url.search, "")
      }
    })
  )

  it.effect("refreshes before the token expires, keeps a rotated refresh token, and writes expiry by our clock", () =>
    Effect.gen(function* () {
      const { source, stored } = vault(tokens("old", "r1", 100_000))
      const fake = app(
        () => true,
        () => ok({ access_token: "new", refresh_token: "r2", expires_in: "600" })
      )
      const client = yield* clientOn(fake, { credentials: source, oauthClient })
      yield* client.json(get)
      assert.strictEqual(fake.seen[0]?.headers["authorization"], "Bearer old")
      yield* TestClock.adjust(45_000)
      yield* client.json(get)
      assert.deepStrictEqual(yield* stored, ["new", "r2", 645_000])
      assert.strictEqual(fake.seen.at(-1)?.headers["authorization"], "Bearer new")
    })
  )

  it.effect("ends with Unauthorized when the grant is gone, and never sends that refresh token again", () =>
    Effect.gen(function* () {
      const fake = app(
        () => false,
        () => failing(400, '{"error":"invalid_grant","error_description":"Token revoked"}')
      )
      const client = yield* clientOn(fake, { credentials: vault(tokens("old", "r1")).source, oauthClient })
      for (let nth = 0; nth < 3; nth++) {
        const error = yield* Effect.flip(client.json(get))
        assert.strictEqual(error.reason._tag, "Unauthorized")
        assert.strictEqual(error.reason.message, "Token revoked")
        assert.isFalse(error.isRetryable)
        assert.include(error.resolution, "Connect the account again")
      }
      assert.lengthOf(
        fake.seen.filter((one) => one.url.pathname === "/token"),
        1
      )
    })
  )

  it.effect("blames the installation, not the account, for a wrong client", () =>
    Effect.gen(function* () {
      const fake = app(
        () => false,
        () => failing(401, '{"error":"invalid_client"}')
      )
      const client = yield* clientOn(fake, { credentials: vault(tokens("old", "r1")).source, oauthClient })
      const error = yield* Effect.flip(client.json(get))
      assert.include(error.resolution, "operator")
    })
  )

  it.effect("refreshes once only when the app refuses the fresh token too", () =>
    Effect.gen(function* () {
      const fake = app(
        () => false,
        (_, nth) => ok({ access_token: `new${nth}` })
      )
      const client = yield* clientOn(fake, { credentials: vault(tokens("old", "r1")).source, oauthClient })
      assert.strictEqual((yield* Effect.flip(client.json(get))).reason._tag, "Unauthorized")
      assert.lengthOf(fake.seen, 3)
    })
  )

  it.effect("uses what another process has refreshed meanwhile", () =>
    Effect.gen(function* () {
      const memory = CredentialsSource.memory(tokens("old", "r1"))
      const fake = app(
        (token) => token === "theirs",
        () => failing(500)
      )
      const client = yield* clientOn(fake, {
        oauthClient,
        credentials: {
          ...memory,
          exclusively: (refresh) =>
            Effect.andThen(memory.refreshed(tokens("theirs", "r2"), tokens("old", "r1")), refresh)
        }
      })
      yield* client.json(get)
      assert.lengthOf(
        fake.seen.filter((one) => one.url.pathname === "/token"),
        0
      )
    })
  )

  it.effect("stores a rotated token even when the asking run is interrupted", () =>
    Effect.gen(function* () {
      const { source, stored } = vault(tokens("old", "r1"))
      const asked = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<Response>()
      const fake = app(
        (token) => token === "new",
        () => Effect.andThen(Deferred.succeed(asked, undefined), Deferred.await(answer))
      )
      const client = yield* clientOn(fake, { credentials: source, oauthClient })
      const run = yield* Effect.forkChild(client.json(get))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(run)
      const next = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(1)
      yield* Deferred.succeed(answer, ok({ access_token: "new", refresh_token: "r2" }))
      yield* Fiber.join(next)
      assert.deepStrictEqual(yield* stored, ["new", "r2", undefined])
      assert.lengthOf(
        fake.seen.filter((one) => one.url.pathname === "/token"),
        1
      )
    })
  )

  it.effect("does not spend the refresh token again when the vault failed after the app had answered", () =>
    Effect.gen(function* () {
      const { source, stored } = vault(tokens("old", "r1"))
      let down = true
      const fake = app(
        (token) => token === "new",
        () => ok({ access_token: "new", refresh_token: "r2" })
      )
      const client = yield* clientOn(fake, {
        oauthClient,
        credentials: {
          ...source,
          refreshed: (next, previous) => (down ? Effect.die("vault is down") : source.refreshed(next, previous))
        }
      })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(client.json(get))))
      assert.notInclude(
        fake.seen.map((one) => one.headers["authorization"]),
        "Bearer new",
        "used before it was stored"
      )
      down = false
      yield* client.json(get)
      assert.deepStrictEqual(yield* stored, ["new", "r2", undefined])
      assert.lengthOf(
        fake.seen.filter((one) => one.url.pathname === "/token"),
        1
      )
    })
  )

  it.effect("tries again when only the token endpoint is down", () =>
    Effect.gen(function* () {
      const fake = app(
        (token) => token === "new",
        (_, nth) => (nth === 1 ? failing(503) : ok({ access_token: "new" }))
      )
      const client = yield* clientOn(fake, { credentials: vault(tokens("old", "r1")).source, oauthClient })
      const run = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* TestClock.adjust(60_000)
      yield* Fiber.join(run)
    })
  )

  it.effect("uses a token to its end while the token endpoint is down", () =>
    Effect.gen(function* () {
      const fake = app(
        () => true,
        () => failing(503)
      )
      const client = yield* clientOn(fake, { credentials: vault(tokens("old", "r1", 30_000)).source, oauthClient })
      yield* client.json(get)
      assert.strictEqual(fake.seen.at(-1)?.headers["authorization"], "Bearer old")
    })
  )

  it.effect("says that a token without refresh token cannot be renewed", () =>
    Effect.gen(function* () {
      const fake = app(
        () => false,
        () => ok({})
      )
      const client = yield* clientOn(fake, { credentials: vault(tokens("old", undefined, 1)).source, oauthClient })
      const error = yield* Effect.flip(client.json(get))
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.lengthOf(fake.seen, 1)
    })
  )

  it.effect("gets its first token by client credentials", () =>
    Effect.gen(function* () {
      const fake = app(
        (token) => token === "new",
        () => ok({ access_token: "new", expires_in: 60 * 60 })
      )
      const client = yield* clientOn(fake, {
        connector: connector({}, [{ ...oauthScheme, grant: "client_credentials" }]),
        credentials: vault(tokens("")).source,
        oauthClient
      })
      yield* client.json(get)
      assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(fake.seen[0]?.body)), {
        grant_type: "client_credentials",
        scope: "read"
      })
      assert.lengthOf(fake.seen, 2)
    })
  )

  it.effect("ends a refresh with the client's scope", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const fake = app(
        () => false,
        () => Effect.never
      )
      const client = yield* Scope.provide(
        clientOn(fake, { credentials: vault(tokens("old", "r1")).source, oauthClient }),
        scope
      )
      const run = yield* Effect.forkChild(client.json(get), { startImmediately: true })
      yield* Effect.yieldNow
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(run)))
    })
  )
})
