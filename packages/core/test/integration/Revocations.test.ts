import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import {
  Access,
  Accounts,
  type AuthScheme,
  Connector,
  Connectors,
  CoreServices,
  DestinationPolicy,
  Integrations,
  MemoryStore,
  PortableCrypto,
  type Refusal,
  Revoker,
  RunEngine,
  TestAccounts,
  Transport
} from "@crochet/core"
import { empty, type MemoryState } from "../../src/store/memory/MemoryState.ts"
import { failing, keyScheme, oauthScheme, ok, type Seen, transport } from "../provider/Fakes.ts"

const hour = 60 * 60_000
const token = "canary-refresh-token-4711"
const tokens = { accessToken: "canary-access-token", refreshToken: token }
const revocation: AuthScheme.Revocation = { url: () => "https://acme.example.com/revoke", ends: "grant" }

const acme = (how: Partial<AuthScheme.Revocation> | null) => {
  const scheme: AuthScheme.OAuth2Scheme =
    how === null ? oauthScheme : { ...oauthScheme, revocation: { ...revocation, ...how } }
  return Connector.make({
    app: { id: "acme", name: "Acme", categories: ["CRM"], website: "https://a.example", docs: "https://a.example" },
    auth: [scheme, keyScheme],
    settings: [],
    http: { baseUrl: () => "https://acme.example.com/api" },
    validate: (client) =>
      Effect.map(client.json({ operation: "validate", path: "/me" }), (me) => me as { name: string; subject: string }),
    resources: []
  })
}

interface Process {
  readonly access: Access.Access["Service"]
  readonly accounts: Accounts.Accounts["Service"]
  readonly integrations: Integrations.Integrations["Service"]
  readonly principal: Access.Principal
  readonly testAccounts: TestAccounts.TestAccounts["Service"]
  readonly connect: (originOrgId: string, credentials?: object, id?: string) => Effect.Effect<string, unknown>
}

/** Stores that outlive processes, an app that answers `revoke` as told, and what was logged. */
const install = (how: Partial<AuthScheme.Revocation> | null = {}) => {
  const state = empty()
  const logged: Array<string> = []
  let key: Redacted.Redacted<string> | undefined
  const app = {
    revoke: (_: Seen, __: number): Response | Effect.Effect<Response> => ok({}),
    refresh: (): Response | Effect.Effect<Response> => ok({ access_token: "fresh", refresh_token: "rotated" }),
    subject: "c1/u1",
    client: true,
    urls: {} as { readonly tokenUrl?: string; readonly revokeUrl?: string },
    refuses: "Bearer expired"
  }
  const { client, seen } = transport((asked) => {
    if (asked.url.pathname === "/revoke") return app.revoke(asked, revoked().length)
    if (asked.url.pathname === "/token") return app.refresh()
    return asked.headers["authorization"] === app.refuses ? failing(401) : ok({ name: "Co", subject: app.subject })
  })
  const revoked = () => seen.filter(({ url }) => url.pathname === "/revoke")
  const connector = acme(how)
  const services = CoreServices.layer({
    masterKey: Redacted.make(new Uint8Array(32).fill(7)),
    apps: {
      baseUrl: () => undefined,
      oauthClient: () =>
        app.client ? { clientId: "me", clientSecret: Redacted.make("canary-secret"), ...app.urls } : undefined
    },
    runs: RunEngine.defaultSettings("test"),
    testAccounts: { ...TestAccounts.defaultLimits, days: 1 }
  }).pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        Layer.succeedContext(MemoryStore.over(state)),
        PortableCrypto.layer,
        Connectors.Connectors.layer([connector]),
        Layer.succeed(DestinationPolicy.DestinationPolicy, { check: () => Effect.succeed(null) }),
        Layer.succeed(HttpClient.HttpClient, client),
        Layer.succeed(Transport.Transport, { post: () => Effect.succeed({ status: 200 }) })
      )
    )
  )
  /** Runs a process from its start to its end; `loop: false` is one that dies before it tells the app anything. */
  const process = <A>(body: (process: Process) => Effect.Effect<A, unknown>, { loop = true } = {}) =>
    Effect.gen(function* () {
      const access = yield* Access.Access
      const integrations = yield* Integrations.Integrations
      const { created } = yield* access.bootstrap()
      key ??= created!
      const principal = yield* access.authenticate(key)
      return yield* body({
        access,
        accounts: yield* Accounts.Accounts,
        integrations,
        principal,
        testAccounts: yield* TestAccounts.TestAccounts,
        connect: (originOrgId, credentials = tokens, integrationId) =>
          Effect.map(
            integrations.import(principal, {
              appId: "acme",
              originOrgId,
              credentials: { ...credentials },
              ...(integrationId === undefined ? {} : { integrationId })
            }),
            ({ id }) => id
          )
      })
    }).pipe(
      Effect.provide(loop ? Layer.provideMerge(Revoker.Revoker.layer, services) : Layer.fresh(services)),
      Effect.scoped,
      Effect.provide(Logger.layer([Logger.map(Logger.formatJson, (line) => void logged.push(line))]))
    )
  return { app, connector, logged, process, revoked, seen, state }
}
const settle = TestClock.adjust(1)
const dump = (state: MemoryState) =>
  JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value
  )
/** Makes the stored account another workspace's. */
const elsewhere = (state: MemoryState, id: string, over: object = {}) =>
  state.integrations.set(`${id}_else`, {
    ...state.integrations.get(id)!,
    id: `${id}_else`,
    workspaceId: "ws_else",
    ...over
  })

describe("an account that ends", () => {
  it.effect("has its refresh token revoked, by RFC 7009, and nothing else of it is told", () =>
    Effect.gen(function* () {
      const { logged, process, revoked, seen, state } = install()
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const id = yield* connect("org")
          yield* integrations.deactivate(principal, id)
          yield* settle
          assert.lengthOf(revoked(), 1)
          const [asked] = revoked()
          assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(asked!.body)), {
            token,
            token_type_hint: "refresh_token"
          })
          assert.strictEqual(asked!.headers["authorization"], `Basic ${btoa("me:canary-secret")}`)
          assert.strictEqual(asked!.method, "POST")
          assert.strictEqual(state.revocations.size, 0)
          assert.lengthOf(state.credentials.get(id)!, 0)
          yield* integrations.purge(principal, id)
          yield* TestClock.adjust("2 days")
          assert.lengthOf(revoked(), 1, "what is over is not told twice")
        })
      )
      for (const text of [dump(state), logged.join(), ...seen.map(({ url }) => url.href)])
        assert.notMatch(text, /canary-/)
      assert.isTrue(logged.some((line) => line.includes("revoked") && line.includes("rv_")))
    })
  )

  it.effect("has it revoked when it is purged or its days are over, and an access token where there is no other", () =>
    Effect.gen(function* () {
      const { process, revoked, state } = install({ body: "json", clientAuthentication: "body" })
      yield* process(({ connect, integrations, principal, testAccounts }) =>
        Effect.gen(function* () {
          const id = yield* connect("a", { accessToken: "only-access" })
          const report = yield* integrations.purge(principal, id)
          assert.strictEqual(report["credentials"], 1)
          yield* settle
          assert.deepStrictEqual(
            revoked().map(({ body }) => JSON.parse(body)),
            [{ token: "only-access", client_id: "me", client_secret: "canary-secret" }]
          )
          assert.isFalse(state.integrations.has(id))
          assert.strictEqual(state.revocations.size, 0)
          yield* connect("b")
          yield* TestClock.adjust("1 day")
          assert.strictEqual(yield* testAccounts.expire, 1)
          yield* settle
          assert.strictEqual((JSON.parse(revoked()[1]!.body) as { readonly token: string }).token, token)
        })
      )
    })
  )

  it.effect("is tried again by the schedule, never before Retry-After, and given up after a day", () =>
    Effect.gen(function* () {
      const { app, logged, process, revoked, state } = install()
      const at: Array<number> = []
      let now = 0
      app.revoke = (_, nth) => {
        at.push(now)
        return nth === 2 ? failing(503, "", { "retry-after": "900" }) : nth === 3 ? failing(429) : failing(500)
      }
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          yield* integrations.deactivate(principal, yield* connect("org"))
          yield* settle
          while (now < 26 * hour) {
            now += 60_000
            yield* TestClock.adjust("1 minute")
          }
        })
      )
      const minutes = at.map((time) => Math.round(time / 60_000))
      assert.deepStrictEqual(minutes, [0, 1, 16, 30, 120, 360, 1440])
      assert.lengthOf(revoked(), 7)
      assert.strictEqual(state.revocations.size, 0)
      const warnings = logged.filter((line) => line.includes('"WARN"'))
      assert.lengthOf(warnings, 1, warnings.join("\n"))
      assert.include(warnings[0], "given up")
      assert.notMatch(logged.join(), /canary-/)
    })
  )

  it.effect("is not lost with the process: before it was told, and in the middle of it", () =>
    Effect.gen(function* () {
      const { app, process, revoked, state } = install()
      yield* process(
        ({ connect, integrations, principal }) =>
          Effect.gen(function* () {
            yield* integrations.deactivate(principal, yield* connect("org"))
          }),
        { loop: false }
      )
      assert.strictEqual(state.revocations.size, 1)
      assert.lengthOf(revoked(), 0)
      app.revoke = () => Effect.never
      yield* process(() => settle)
      assert.lengthOf(revoked(), 1, "it is told at the start")
      app.revoke = () => ok({})
      yield* process(() => settle)
      assert.lengthOf(revoked(), 1, "the lease of who was killed is not over")
      yield* TestClock.adjust("2 minutes")
      yield* process(() => settle)
      assert.lengthOf(revoked(), 2)
      assert.strictEqual(state.revocations.size, 0)
    })
  )

  it.effect("is given up after a day, when it does not open or its app has no connector any more", () =>
    Effect.gen(function* () {
      for (const [change, says] of [
        [{ sealed: new Uint8Array(60) }, /do not open/],
        [{ appId: "gone" }, /no connector/]
      ] as const) {
        const { logged, process, revoked, state } = install()
        yield* process(
          ({ connect, integrations, principal }) =>
            Effect.gen(function* () {
              yield* integrations.deactivate(principal, yield* connect("org"))
            }),
          { loop: false }
        )
        for (const [id, one] of state.revocations) state.revocations.set(id, { ...one, ...change })
        yield* process(() => TestClock.adjust("23 hours"))
        assert.strictEqual(state.revocations.size, 1)
        yield* process(() => TestClock.adjust("62 minutes"))
        assert.strictEqual(state.revocations.size, 0)
        assert.lengthOf(revoked(), 0)
        const warnings = logged.filter((line) => line.includes('"WARN"'))
        assert.lengthOf(warnings, 2, warnings.join("\n"))
        assert.match(warnings[0]!, says)
        assert.match(warnings[1]!, /given up/)
      }
    })
  )

  it.effect("is done when the app does not know the token, and asked again when it does not accept the client", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [Response, Partial<AuthScheme.Revocation>, "done" | "again"]> = [
        [failing(200), {}, "done"],
        [new Response(null, { status: 204 }), {}, "done"],
        [failing(400, '{"error":"invalid_token"}'), {}, "done"],
        [failing(400, "error=unsupported_token_type&error_description=x"), {}, "done"],
        [failing(400, ""), { isUnknown: ({ text }) => text === "" }, "done"],
        [failing(400, ""), {}, "again"],
        [failing(400, '{"error":"invalid_client"}'), {}, "again"],
        [failing(401, ""), { isUnknown: ({ text }) => text === "" }, "again"],
        [failing(403, ""), {}, "again"],
        [failing(302, "", { location: "https://evil.example/" }), {}, "again"]
      ]
      for (const [answer, how, what] of cases) {
        const { app, logged, process, revoked, state } = install(how)
        app.revoke = () => answer.clone()
        const label = `${answer.status} ${JSON.stringify(how)}`
        yield* process(({ connect, integrations, principal }) =>
          Effect.gen(function* () {
            yield* integrations.deactivate(principal, yield* connect("org"))
            yield* settle
            assert.strictEqual(state.revocations.size, what === "done" ? 0 : 1, label)
            yield* TestClock.adjust("10 minutes")
          })
        )
        assert.lengthOf(revoked(), what === "done" ? 1 : 3, label)
        const warnings = logged.filter((line) => line.includes('"WARN"'))
        assert.lengthOf(warnings, what === "done" ? 0 : 1, `${label}: ${warnings.join("\n")}`)
      }
    })
  )

  it.effect("ends no connection of a company that another live account needs, whose ever it is", () =>
    Effect.gen(function* () {
      const { process, revoked, state } = install({ ends: "connection" })
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const id = yield* connect("org")
          elsewhere(state, id, { subject: "c1/somebody else" })
          yield* integrations.deactivate(principal, id)
          yield* settle
          assert.lengthOf(revoked(), 0)
          assert.strictEqual(state.revocations.size, 0, "it is dropped")
          elsewhere(state, id, { subject: "c2/u1", state: "active" })
          const again = yield* connect("org", tokens, id)
          yield* integrations.deactivate(principal, again)
          yield* settle
          assert.lengthOf(revoked(), 1, "another company's account does not matter")
        })
      )
    })
  )

  it.effect("ends no connection that has been made again meanwhile", () =>
    Effect.gen(function* () {
      const { app, process, revoked, state } = install({ ends: "connection" })
      app.revoke = () => failing(503)
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const id = yield* connect("org")
          yield* integrations.deactivate(principal, id)
          yield* settle
          yield* connect("org", { accessToken: "new", refreshToken: "new-refresh" }, id)
          yield* TestClock.adjust("2 minutes")
          assert.lengthOf(revoked(), 1)
          assert.strictEqual(state.revocations.size, 0)
        })
      )
    })
  )

  it.effect("leaves a grant alone that a live account still holds, and revokes an older one", () =>
    Effect.gen(function* () {
      const { app, process, revoked, state } = install()
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          const first = yield* connect("a")
          const second = yield* connect("b")
          yield* integrations.deactivate(principal, first)
          yield* settle
          assert.lengthOf(revoked(), 0, "the second holds the same token")
          assert.strictEqual(state.revocations.size, 0)
          app.revoke = () => failing(503)
          yield* integrations.deactivate(principal, second)
          yield* settle
          assert.lengthOf(revoked(), 1)
          app.revoke = () => ok({})
          yield* connect("b", { accessToken: "new", refreshToken: "new-refresh" }, second)
          yield* TestClock.adjust("2 minutes")
          assert.lengthOf(revoked(), 2, "the token of before is not the one of now")
          yield* connect("b", { accessToken: "newer", refreshToken: "newer-refresh" }, second)
          yield* TestClock.adjust("1 hour")
          assert.lengthOf(revoked(), 2, "a live account whose tokens are replaced ends nothing")
        })
      )
    })
  )

  it.effect("also takes the tokens along that come from a refresh which was under way", () =>
    Effect.gen(function* () {
      for (const way of ["deactivate", "purge"] as const) {
        const { app, connector, process, revoked } = install()
        yield* process(({ accounts, connect, integrations, principal }) =>
          Effect.gen(function* () {
            const id = yield* connect("org", { accessToken: "expired", refreshToken: "old" })
            app.refuses = "Bearer fresh"
            const account = yield* integrations.get(principal, id)
            app.refresh = () =>
              Effect.as(
                Effect.orDie(Effect.asVoid<unknown, Refusal.Refusal, never>(integrations[way](principal, id))),
                ok({ access_token: "last", refresh_token: "last-refresh" })
              )
            yield* Effect.scoped(
              Effect.gen(function* () {
                const client = yield* accounts.client(connector, account)
                yield* Effect.exit(client.request({ operation: "x", path: "/x" }))
              })
            )
            yield* TestClock.adjust("1 minute")
          })
        )
        const told = revoked()
          .map(({ body }) => new URLSearchParams(body).get("token"))
          .sort()
        assert.deepStrictEqual(told, ["last-refresh", "rotated"], way)
      }
    })
  )

  it.effect("is not told where there is no way to tell, or nothing to revoke", () =>
    Effect.gen(function* () {
      const without = install(null)
      yield* without.process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          yield* integrations.deactivate(principal, yield* connect("org"))
          yield* settle
        })
      )
      const { app, process, revoked, state } = install()
      yield* process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          yield* integrations.deactivate(principal, yield* connect("key", { apiKey: "k" }))
          app.client = false
          yield* integrations.deactivate(principal, yield* connect("no client"))
          yield* settle
        })
      )
      assert.lengthOf([...without.revoked(), ...revoked()], 0)
      assert.strictEqual(without.state.revocations.size + state.revocations.size, 0)
      const anybody = install({ clientAuthentication: "none" })
      anybody.app.client = false
      yield* anybody.process(({ connect, integrations, principal }) =>
        Effect.gen(function* () {
          yield* integrations.deactivate(principal, yield* connect("org"))
          yield* settle
        })
      )
      assert.deepStrictEqual(
        anybody.revoked().map(({ body, headers }) => [body, headers["authorization"]]),
        [[`token=${token}&token_type_hint=refresh_token`, undefined]]
      )
    })
  )
})

describe("tokens of another server", () => {
  it.effect("are not sent to the app: with the token URL alone replaced nothing is revoked", () =>
    Effect.gen(function* () {
      const tokenUrl = "https://simulator.example/token"
      const revokeUrl = "https://simulator.example/revoke"
      for (const [urls, told] of [
        [{ tokenUrl }, []],
        [{ tokenUrl, revokeUrl }, [revokeUrl]],
        [{ revokeUrl }, [revokeUrl]]
      ] as const) {
        const { app, process, revoked, state } = install()
        app.urls = urls
        yield* process(({ connect, integrations, principal }) =>
          Effect.gen(function* () {
            yield* integrations.deactivate(principal, yield* connect("org"))
            yield* settle
          })
        )
        assert.deepStrictEqual(
          revoked().map(({ url }) => url.href),
          [...told]
        )
        assert.strictEqual(state.revocations.size, 0)
      }
    })
  )
})

describe("the schedule of revocations", () => {
  it("is at once, after 1, 5 and 30 minutes, 2, 6 and 24 hours", () => {
    let age = 0
    const ages = [age]
    for (let delay = Revoker.nextDelay(age); delay !== undefined; delay = Revoker.nextDelay(age))
      ages.push((age += delay))
    assert.deepStrictEqual(
      ages,
      [0, 1 / 60, 5 / 60, 0.5, 2, 6, 24].map((hours) => hours * hour)
    )
    assert.strictEqual(Revoker.nextDelay(0, 90_000), 90_000)
    assert.strictEqual(Revoker.nextDelay(2 * 24 * hour), undefined)
  })
})
