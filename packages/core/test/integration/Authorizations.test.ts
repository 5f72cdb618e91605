import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Access } from "@crochet/core"
import { codeOf, inWorld, redirectUri, refusal, request, returnUrl } from "./AuthorizationWorld.ts"

describe("a sign-in", () => {
  it.effect("asks with state, PKCE and scopes; the code is exchanged with the verifier of that challenge", () =>
    inWorld(({ back, begin, principal, seen, state }) =>
      Effect.gen(function* () {
        const { asked, id, url } = yield* begin({ settings: { site: "eu" }, returnUrl })
        assert.strictEqual(url.host, "eu.acme.example.com")
        assert.deepStrictEqual(
          { ...Object.fromEntries(asked), state: "", code_challenge: "" },
          {
            fixed: "1",
            prompt: "consent",
            response_type: "code",
            client_id: "me",
            redirect_uri: redirectUri("acme"),
            scope: "read",
            state: "",
            code_challenge: "",
            code_challenge_method: "S256"
          }
        )
        assert.match(asked.get("state")!, /^[\w-]{43}$/)
        const kept = state.authorizations.get(id)!
        assert.strictEqual(kept.apiKeyId, principal.apiKeyId)
        assert.strictEqual(kept.stateHash, createHash("sha256").update(asked.get("state")!).digest("hex"))
        assert.notInclude(JSON.stringify({ ...kept, pending: new TextDecoder().decode(kept.pending) }), "eu")

        const completion = yield* back(asked)
        assert.strictEqual(codeOf(completion), "connected")
        assert.strictEqual(completion.returnUrl, returnUrl)
        const exchange = new URLSearchParams(seen.find(({ url }) => url.pathname === "/token")!.body)
        const verifier = exchange.get("code_verifier")!
        assert.strictEqual(createHash("sha256").update(verifier).digest("base64url"), asked.get("code_challenge"))
        assert.deepInclude(Object.fromEntries(exchange), { code: "the-code", redirect_uri: redirectUri("acme") })
        const [integration] = [...state.integrations.values()]
        assert.deepInclude(integration!, {
          accountName: "c1 42",
          subject: "c1/u1",
          settings: { site: "eu", realm: "42" }
        })
        assert.lengthOf(state.authorizations.get(id)!.pending, 0)
        assert.strictEqual(codeOf(yield* back(asked)), "oauth.state_used")
        assert.strictEqual(state.integrations.size, 1)
      })
    )
  )

  it.effect("lives ten minutes, and is forgotten an hour later", () =>
    inWorld(({ back, begin, seen, state }) =>
      Effect.gen(function* () {
        const last = yield* begin()
        yield* TestClock.adjust(10 * 60_000 - 1)
        assert.strictEqual(codeOf(yield* back(last.asked)), "connected")
        const late = yield* begin({ returnUrl })
        yield* TestClock.adjust("10 minutes")
        const before = seen.length
        const completion = yield* back(late.asked)
        assert.strictEqual(codeOf(completion), "oauth.state_expired")
        assert.strictEqual(completion.returnUrl, returnUrl)
        assert.strictEqual(seen.length, before, "the code was not exchanged")
        assert.strictEqual(state.integrations.size, 1)
        yield* TestClock.adjust("2 hours")
        assert.strictEqual(state.authorizations.size, 0)
        assert.strictEqual(codeOf(yield* back(late.asked)), "oauth.state_unknown")
      })
    )
  )

  it.effect("is refused before the code is spent: another app's callback, no code, an error, a foreign state", () =>
    inWorld(({ back, begin, seen }) =>
      Effect.gen(function* () {
        const tries: ReadonlyArray<[code: string, parameters: { readonly [name: string]: string }, appId?: string]> = [
          ["oauth.redirect_mismatch", { code: "c" }, "other"],
          ["oauth.refused", {}],
          ["oauth.refused", { code: "" }],
          ["oauth.denied", { error: "access_denied", code: "c" }],
          ["oauth.refused", { error: "server_error" }],
          ["oauth.state_unknown", { state: "x", code: "c" }],
          ["oauth.state_unknown", { state: "", code: "c" }]
        ]
        for (const [code, parameters, appId] of tries) {
          const { asked } = yield* begin()
          assert.strictEqual(codeOf(yield* back(asked, parameters, appId)), code)
          const { state: own } = { state: asked.get("state")! }
          if (parameters["state"] === undefined) {
            const again = yield* back(asked, { code: "c", state: own })
            assert.strictEqual(codeOf(again), "oauth.state_used", "a try spends the sign-in")
          }
        }
        assert.deepStrictEqual(seen, [])
      })
    )
  )

  it.effect("of a server that names itself comes from exactly that one (RFC 9207)", () =>
    inWorld(
      ({ back, begin, seen }) =>
        Effect.gen(function* () {
          for (const iss of [{}, { iss: "https://eu.acme.example.com/" }, { iss: "https://evil.example.com" }]) {
            const { asked } = yield* begin({ settings: { site: "eu" } })
            assert.strictEqual(codeOf(yield* back(asked, { code: "c", ...iss })), "oauth.issuer_mismatch")
          }
          assert.deepStrictEqual(seen, [])
          const { asked } = yield* begin({ settings: { site: "eu" } })
          const right = yield* back(asked, { code: "c", realmId: "42", iss: "https://eu.acme.example.com" })
          assert.strictEqual(codeOf(right), "connected")
        }),
      { scheme: { issuer: ({ site }) => `https://${site ?? "login"}.acme.example.com` } }
    )
  )

  it.effect("again is to the same account: same realm, same company, whoever of its people it is", () =>
    inWorld(({ back, begin, me, state }) =>
      Effect.gen(function* () {
        yield* back((yield* begin()).asked)
        const [first] = [...state.integrations.values()]
        const again = { integrationId: first!.id }
        assert.strictEqual(
          codeOf(yield* back((yield* begin(again)).asked, { code: "c", realmId: "43" })),
          "oauth.wrong_account"
        )
        me.company = "c2"
        assert.strictEqual(codeOf(yield* back((yield* begin(again)).asked)), "oauth.wrong_account")
        Object.assign(me, { company: "c1", user: "u2" })
        const right = yield* back((yield* begin(again)).asked)
        assert.strictEqual(codeOf(right), "connected")
        assert.deepStrictEqual(
          [...state.integrations.values()].map(({ id, subject }) => [id, subject]),
          [[first!.id, "c1/u2"]]
        )
        assert.strictEqual(
          codeOf(yield* back((yield* begin()).asked, { code: "c", realmId: "4/../2" })),
          "oauth.exchange_failed"
        )
      })
    )
  )

  it.effect("has its tokens revoked when it comes to nothing, and no other ones", () =>
    inWorld(
      ({ back, begin, me, seen, state }) =>
        Effect.gen(function* () {
          const revoked = Effect.map(TestClock.adjust(1), () =>
            seen.flatMap(({ body, url }) =>
              url.pathname === "/revoke" ? [new URLSearchParams(body).get("token")] : []
            )
          )
          const come = (more?: { readonly [name: string]: string }) =>
            Effect.gen(function* () {
              const [first] = state.integrations.keys()
              const { asked } = yield* begin(first === undefined ? {} : { integrationId: first })
              return codeOf(yield* back(asked, more))
            })
          assert.strictEqual(yield* come(), "connected")
          assert.strictEqual(yield* come({ error: "access_denied" }), "oauth.denied", "there are none yet")
          assert.deepStrictEqual(yield* revoked, [])
          assert.strictEqual(yield* come({ code: "c", realmId: "43" }), "oauth.wrong_account")
          assert.deepStrictEqual(yield* revoked, ["kept-2"])
          me.company = "c2"
          assert.strictEqual(yield* come(), "oauth.wrong_account")
          Object.assign(me, { company: "c1", refused: true })
          assert.strictEqual(yield* come(), "auth.missing_permission")
          assert.deepStrictEqual(yield* revoked, ["kept-2", "kept-3", "kept-4"])
          me.refused = false
          assert.strictEqual(yield* come(), "connected")
          assert.lengthOf(yield* revoked, 3)
          assert.strictEqual(state.revocations.size, 0)
        }),
      { scheme: { revocation: { url: () => "https://acme.example.com/revoke", ends: "grant" } } }
    )
  )

  it.effect("is begun only where it can end", () =>
    inWorld(({ access, authorizations, back, begin, integrations, principal, state }) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* refusal(authorizations.begin(principal, request, null)), "oauth.public_url_missing")
        assert.strictEqual(yield* refusal(begin({ returnUrl: `${returnUrl}/` })), "oauth.return_url")
        assert.strictEqual(yield* refusal(begin({ authScheme: "api_key" })), "oauth.not_offered")
        assert.strictEqual(yield* refusal(begin({ appId: "nobody" })), "app.unknown")
        assert.strictEqual(yield* refusal(begin({ settings: { realm: "x" } })), "integration.invalid_settings")
        assert.strictEqual(yield* refusal(begin({ settings: { site: "not a host" } })), "integration.invalid_settings")
        assert.strictEqual(yield* refusal(begin({ integrationId: "int_none" })), "integration.not_found")
        assert.strictEqual(
          yield* refusal(authorizations.begin(principal, { originOrgId: "org" }, redirectUri)),
          "request.invalid"
        )
        assert.strictEqual(state.authorizations.size, 0)

        // Meanwhile the account is purged: the sign-in goes with it, or finds nothing to connect.
        yield* back((yield* begin()).asked)
        const [{ id } = { id: "" }] = [...state.integrations.values()]
        const { key } = yield* access.create({ workspaceId: "ws_other", name: "other", scopes: ["admin"] })
        const foreign: Access.Principal = { workspaceId: "ws_other", apiKeyId: key.id, scopes: ["admin"] }
        assert.strictEqual(
          yield* refusal(authorizations.begin(foreign, { integrationId: id }, redirectUri)),
          "integration.not_found"
        )
        const { asked } = yield* begin({ integrationId: id })
        yield* integrations.purge(principal, id)
        assert.strictEqual(codeOf(yield* back(asked)), "oauth.state_unknown")
        assert.strictEqual(state.integrations.size, 0)
      })
    )
  )

  it.effect("needs the operator's OAuth app", () =>
    inWorld(
      ({ begin, integrations, principal }) =>
        Effect.gen(function* () {
          assert.strictEqual(yield* refusal(begin()), "oauth.not_configured")
          const list = yield* integrations.list(principal, {}, { limit: 1 })
          assert.deepStrictEqual(list.items, [])
        }),
      { client: false }
    )
  )
})
