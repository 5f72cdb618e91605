import type { Credentials } from "@crochet/core"
import { CredentialsSource, FormField } from "@crochet/core"
import type { Scope } from "effect"
import { Effect, Redacted, Schema } from "effect"
import { assert, describe, it } from "vitest"
import { baseUrl, oauth, settings, subdomainOf } from "../src/BambooHRSettings.ts"
import { connector } from "../src/index.ts"
import {
  type Account,
  clientOf,
  collect,
  connect,
  contextOf,
  employee,
  failure,
  hurried,
  keyOf,
  profileOnly,
  withAccount
} from "./Account.ts"

const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>) => Effect.runPromise(hurried(Effect.scoped(effect)))

describe("settings", () => {
  it("take the subdomain however it is written", () => {
    for (const written of [
      "acme",
      "ACME",
      " acme ",
      "acme.bamboohr.com",
      "https://acme.bamboohr.com",
      "https://acme.bamboohr.com/home?x=1"
    ]) {
      assert.isTrue("values" in FormField.check(settings, { subdomain: written }), written)
      assert.strictEqual(baseUrl({ subdomain: written }), "https://acme.bamboohr.com/api")
    }
  })

  it("refuse what would lead to another host, with a sentence that helps", () => {
    for (const written of [
      "acme.example.com",
      "https://evil.test/.bamboohr.com",
      "a@b",
      "acme/..",
      "-acme",
      "acme.bamboohr.com.evil.test"
    ]) {
      const checked = FormField.check(settings, { subdomain: written })
      assert.isTrue("issues" in checked && checked.issues[0]!.message.includes("acme.bamboohr.com"), written)
      assert.strictEqual(subdomainOf(written), "")
    }
  })

  it("know where to sign in and where tokens come from", () => {
    assert.strictEqual(oauth.authorizeUrl!({ subdomain: "acme" }), "https://acme.bamboohr.com/authorize.php")
    assert.strictEqual(oauth.tokenUrl({ subdomain: "acme" }), "https://acme.bamboohr.com/token.php?request=token")
    assert.include(oauth.scopes, "offline_access")
  })
})

describe("validation", () => {
  const validate = (account: Account) => connector.validate(account.client)

  it("names the account and whose key it is", () =>
    withAccount({ companyName: "Weavers" }, (account) =>
      Effect.gen(function* () {
        const { name, subject } = yield* validate(account)
        assert.strictEqual(name, "Weavers")
        assert.isString(subject)
      })
    ))

  it("takes a key whose user has no employee record, and one that may not see the company", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        const { subject } = yield* validate(account)
        account.sim.control.fault({ kind: "status", status: 404, match: { path: "/v1/employees/0" } })
        assert.deepStrictEqual(yield* validate(account), { name: "Acme", subject: null })
        account.sim.control.fault({ kind: "status", status: 403, match: { path: "/v1/company_information" } })
        assert.deepStrictEqual(yield* validate(account), { name: "acme", subject })
      })
    ))

  it("explains a wrong key, and does not show it", () =>
    run(
      Effect.gen(function* () {
        const account = yield* connect({}, CredentialsSource.memory(keyOf("wrong-key-canary")))
        const error = yield* failure(validate(account))
        assert.strictEqual(error.reason._tag, "Unauthorized")
        assert.include(error.resolution, "API Keys")
        assert.notInclude(`${error.message} ${JSON.stringify(error)}`, "wrong-key-canary")
      })
    ))

  it("explains a lock-out after too many wrong keys, and never tries a refused key again", () =>
    run(
      Effect.gen(function* () {
        const account = yield* connect(
          { lockout: { after: 2, forMillis: 60_000 } },
          CredentialsSource.memory(keyOf("wrong"))
        )
        yield* failure(validate(account))
        assert.strictEqual(account.sim.requests.length, 1)
        yield* failure(validate(account))
        const error = yield* failure(validate(account))
        assert.strictEqual(error.reason._tag, "Forbidden")
        assert.include(error.resolution, "wait 15 minutes")
      })
    ))

  const cases = [
    [{ kind: "html" }, "BadPayload", "first part of the address"],
    [{ kind: "html", status: 404 }, "NotFound", "first part of the address"],
    [{ kind: "status", status: 302 }, "BadPayload", "first part of the address"],
    [{ kind: "status", status: 429 }, "RateLimited", "few minutes"],
    [{ kind: "status", status: 503 }, "RateLimited", "few minutes"],
    [{ kind: "status", status: 500 }, "Unavailable", "few minutes"],
    [{ kind: "reset" }, "Unavailable", "Check its spelling"]
  ] as const
  for (const [fault, reason, hint] of cases) {
    it(`explains ${JSON.stringify(fault)} as ${reason}`, () =>
      withAccount({}, (account) =>
        Effect.gen(function* () {
          account.sim.control.fault({ ...fault, times: Infinity })
          const error = yield* failure(validate(account))
          assert.strictEqual(error.reason._tag, reason)
          assert.include(error.resolution, hint)
        })
      ))
  }

  it("does not accept an address where neither the key's owner nor the company is known", () =>
    withAccount({}, (account) =>
      Effect.gen(function* () {
        account.sim.control.fault({ kind: "html", status: 404, times: Infinity })
        assert.strictEqual((yield* failure(validate(account))).reason._tag, "NotFound")
      })
    ))
})

describe("OAuth 2", () => {
  it("renews the access token when it has ended, once, and goes on", () =>
    run(
      Effect.gen(function* () {
        const { sim } = yield* connect({ employees: 20 })
        const redirect = "http://127.0.0.1/callback"
        const authorize = new URL(`${sim.url}/authorize.php`)
        for (const [name, value] of Object.entries({
          request: "authorize",
          response_type: "code",
          client_id: "crochet",
          redirect_uri: redirect,
          scope: oauth.scopes.join(" "),
          state: "s"
        }))
          authorize.searchParams.set(name, value)
        const code = yield* Effect.promise(async () => {
          const response = await fetch(authorize, { redirect: "manual" })
          return new URL(response.headers.get("location")!).searchParams.get("code")!
        })
        const granted = yield* Effect.promise(async () =>
          Schema.decodeUnknownSync(Schema.Struct({ access_token: Schema.String, refresh_token: Schema.String }))(
            await (
              await fetch(`${sim.url}/token.php?request=token`, {
                method: "POST",
                body: new URLSearchParams({
                  grant_type: "authorization_code",
                  code,
                  redirect_uri: redirect,
                  client_id: "crochet",
                  client_secret: "x"
                })
              })
            ).json()
          )
        )
        const credentials: Credentials.Credentials = {
          kind: "oauth2",
          scheme: "oauth2",
          accessToken: Redacted.make(granted.access_token),
          refreshToken: Redacted.make(granted.refresh_token)
        }
        const client = yield* clientOf(sim.url, CredentialsSource.memory(credentials))
        assert.strictEqual((yield* connector.validate(client)).name, "Acme")
        sim.control.expireTokens()
        const { rows } = yield* collect(employee.list(contextOf(client, [])({ models: profileOnly })))
        assert.strictEqual(rows.length, 20)
        assert.strictEqual(client.statistics().tokenRefreshes, 1)
        sim.control.expireTokens({ refresh: true })
        const error = yield* failure(connector.validate(client))
        assert.strictEqual(error.reason._tag, "Unauthorized")
        assert.notInclude(JSON.stringify(error), granted.access_token)
      })
    ))
})
