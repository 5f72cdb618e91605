import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Redacted, Scope } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import type { Credentials } from "../../src/index.ts"
import { Connector, CredentialsSource, OAuthToken, Pkce } from "../../src/index.ts"
import type { Seen } from "./Fakes.ts"
import { clientOn, connector, failing, oauthScheme, ok, transport } from "./Fakes.ts"

const oauthClient = { clientId: "crochet", clientSecret: Redacted.make("client+secret") }
const tokens = (access: string, refresh?: string, expiresAt?: number): Credentials.OAuth2Credentials => ({
  kind: "oauth2",
  scheme: "oauth",
  accessToken: Redacted.make(access),
  ...(refresh === undefined ? {} : { refreshToken: Redacted.make(refresh) }),
  ...(expiresAt === undefined ? {} : { expiresAt })
})

/** A vault that writes down what was stored, in the order of everything else that happens. */
const vault = (first: Credentials.OAuth2Credentials, log: Array<string> = []) => {
  const memory = CredentialsSource.memory(first)
  const source: CredentialsSource.CredentialsSource = {
    ...memory,
    refreshed: (next, previous) =>
      Effect.andThen(
        Effect.sync(() => log.push(next.kind === "oauth2" ? `stored ${Redacted.value(next.accessToken)}` : "stored?")),
        memory.refreshed(next, previous)
      )
  }
  const stored = Effect.map(memory.current, (now) =>
    now.kind !== "oauth2"
      ? []
      : [Redacted.value(now.accessToken), now.refreshToken && Redacted.value(now.refreshToken), now.expiresAt]
  )
  return { source, stored, log }
}

/** An app that takes only `good` tokens and answers token requests with `grant`. */
const app = (
  good: (token: string) => boolean,
  grant: (form: URLSearchParams, nth: number, seen: Seen) => Response | Effect.Effect<Response>,
  log: Array<string> = []
) => {
  let grants = 0
  return transport((seen) => {
    if (seen.url.pathname === "/token") {
      grants += 1
      return grant(new URLSearchParams(seen.body), grants, seen)
    }
    const token = (seen.headers["authorization"] ?? "").replace("Bearer ", "")
    log.push(`used ${token}`)
    return good(token) ? ok({}) : failing(401, '{"error":"expired"}')
  })
}
const get = { operation: "employee.list", path: "/employees" }

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

  it.effect("asks the operator's override for tokens too, when they come from the connector's own host", () =>
    Effect.gen(function* () {
      const fake = transport((seen) => (seen.url.pathname === "/sim/token" ? ok({ access_token: "new" }) : ok({})))
      const client = yield* clientOn(fake, {
        baseUrlOverride: "http://127.0.0.1:9/sim",
        credentials: vault(tokens("old", "r1", 1)).source,
        oauthClient
      })
      yield* client.json(get)
      assert.deepStrictEqual(
        fake.seen.map((one) => one.url.href),
        ["http://127.0.0.1:9/sim/token", "http://127.0.0.1:9/sim/employees"]
      )
    })
  )

  it.effect("asks the operator's token URL when the app has a host of its own for tokens", () =>
    Effect.gen(function* () {
      const fake = transport((seen) => (seen.url.port === "8" ? ok({ access_token: "new" }) : ok({})))
      const client = yield* clientOn(fake, {
        connector: connector({}, [{ ...oauthScheme, tokenUrl: () => "https://login.example.com/token" }]),
        tokenUrlOverride: "http://127.0.0.1:8/token",
        credentials: vault(tokens("old", "r1", 1)).source,
        oauthClient
      })
      yield* client.json(get)
      assert.deepStrictEqual(
        fake.seen.map((one) => one.url.host),
        ["127.0.0.1:8", "acme.example.com"]
      )
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

describe("settings that come with the tokens", () => {
  const scheme: typeof oauthScheme = { ...oauthScheme, settingsFrom: { answer: { instanceUrl: "instance_url" } } }
  const instances = Connector.make({
    ...connector(),
    auth: [scheme],
    settings: [{ key: "instanceUrl", label: "Instance URL", help: "From the token answer.", required: false }],
    http: {
      baseUrl: ({ instanceUrl }) => {
        if (instanceUrl === undefined) throw new TypeError("no instance yet")
        return instanceUrl
      }
    }
  })
  const moving = (log: Array<string> = []) =>
    transport((seen) => {
      if (seen.url.pathname === "/token") return ok({ access_token: "new", instance_url: "https://eu2.example.com" })
      log.push(`${seen.url.host} ${seen.headers["authorization"]}`)
      return seen.url.host === "eu2.example.com" ? ok({}) : failing(401, '{"error":"moved"}')
    })

  it.effect("send the repeated request, and all after it, to the address that the refresh told", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const { source } = vault({ ...tokens("old", "r1"), settings: { instanceUrl: "https://eu1.example.com" } })
      const client = yield* clientOn(moving(log), { connector: instances, credentials: source, oauthClient })
      yield* client.json(get)
      yield* client.json(get)
      assert.deepStrictEqual(log, [
        "eu1.example.com Bearer old",
        "eu2.example.com Bearer new",
        "eu2.example.com Bearer new"
      ])
      assert.strictEqual(client.settings.instanceUrl, "https://eu2.example.com")
      const stored = yield* source.current
      assert.deepStrictEqual(stored.kind === "oauth2" && stored.settings, { instanceUrl: "https://eu2.example.com" })
      assert.strictEqual(client.statistics().tokenRefreshes, 1)
    })
  )

  it.effect("are asked for before the first request when nobody knows them", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const { source } = vault(tokens("old", "r1"))
      const client = yield* clientOn(moving(log), { connector: instances, credentials: source, oauthClient })
      yield* client.json(get)
      assert.deepStrictEqual(log, ["eu2.example.com Bearer new"])
    })
  )

  it.effect("are asked for once only from an app that does not tell them", () =>
    Effect.gen(function* () {
      const fake = transport((seen) => ok(seen.url.pathname === "/token" ? { access_token: "new" } : {}))
      const client = yield* clientOn(fake, {
        connector: instances,
        credentials: vault(tokens("old", "r1")).source,
        oauthClient,
        baseUrlOverride: "https://override.example.com",
        settings: {}
      })
      yield* client.json(get)
      yield* client.json(get)
      assert.strictEqual(client.statistics().tokenRefreshes, 1)
    })
  )

  it.effect("may come from the operator's token endpoint", () =>
    Effect.gen(function* () {
      const fake = moving()
      const client = yield* clientOn(fake, {
        connector: instances,
        credentials: vault(tokens("old", "r1")).source,
        oauthClient: { ...oauthClient, tokenUrl: "https://sandbox.example.com/token" }
      })
      yield* client.json(get)
      assert.strictEqual(fake.seen[0]?.url.host, "sandbox.example.com")
    })
  )

  it("must be declared as settings", () => {
    assert.throws(() => Connector.make({ ...instances, settings: [] }), /settingsFrom of oauth names instanceUrl/)
  })
})

describe("OAuth 2 authorisation code", () => {
  it.effect("exchanges a code with its PKCE verifier and hands over what else the app told", () =>
    Effect.gen(function* () {
      const fake = transport(() =>
        ok({ access_token: "a", refresh_token: "r", id_token: "i", instance_url: "https://eu1.example.com" })
      )
      const pkce = yield* Pkce.make
      const granted = yield* OAuthToken.exchangeCode(
        { scheme: oauthScheme, url: "https://acme.example.com/token", client: oauthClient },
        { code: Redacted.make("code-1"), redirectUri: "https://crochet.example.com/callback", verifier: pkce.verifier }
      ).pipe(Effect.provideService(HttpClient.HttpClient, fake.client))
      const form = Object.fromEntries(new URLSearchParams(fake.seen[0]?.body))
      assert.deepStrictEqual(form, {
        grant_type: "authorization_code",
        code: "code-1",
        redirect_uri: "https://crochet.example.com/callback",
        code_verifier: Redacted.value(pkce.verifier)
      })
      assert.deepStrictEqual(granted.extra, { instance_url: "https://eu1.example.com" })
      assert.notInclude(JSON.stringify(granted), '"a"')
    })
  )

  it.effect("takes settings from the answer and from the redirect, and keeps them with the tokens", () =>
    Effect.gen(function* () {
      const scheme = {
        ...oauthScheme,
        settingsFrom: { answer: { instanceUrl: "instance_url" }, callback: { realmId: "realmId" } }
      }
      const fake = transport((_, nth) =>
        ok(
          nth === 1
            ? { access_token: "a", refresh_token: "r", instance_url: "https://eu1.example.com" }
            : { access_token: "b" }
        )
      )
      const endpoint = { scheme, url: "https://acme.example.com/token", client: oauthClient }
      const { credentials } = yield* OAuthToken.exchangeCode(endpoint, {
        code: Redacted.make("code-1"),
        redirectUri: "https://crochet.example.com/callback",
        callback: { code: "code-1", realmId: "4620816365", state: "s" }
      }).pipe(Effect.provideService(HttpClient.HttpClient, fake.client))
      assert.deepStrictEqual(credentials.settings, { realmId: "4620816365", instanceUrl: "https://eu1.example.com" })
      // An answer that leaves a setting out does not take it away.
      const renewed = yield* OAuthToken.renew(endpoint, credentials).pipe(
        Effect.provideService(HttpClient.HttpClient, fake.client)
      )
      assert.deepStrictEqual(renewed.settings, credentials.settings)
    })
  )

  it.effect("makes the challenge of RFC 7636, appendix B", () =>
    Effect.gen(function* () {
      const challenge = yield* Pkce.challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
      assert.strictEqual(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    })
  )
})
