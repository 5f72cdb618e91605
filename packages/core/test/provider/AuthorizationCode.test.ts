import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { OAuthToken, Pkce } from "../../src/index.ts"
import { oauthScheme, ok, transport } from "./Fakes.ts"
import { oauthClient } from "./TokenApp.ts"

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
