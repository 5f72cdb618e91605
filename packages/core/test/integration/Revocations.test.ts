import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type AuthScheme, Revoker } from "@crochet/core"
import { failing, ok } from "../provider/Fakes.ts"
import { dump, hour, install, settle, token } from "./RevocationWorld.ts"

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
