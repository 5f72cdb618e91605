import { assert, describe, it } from "@effect/vitest"
import { Declare, FormField } from "@crochet/core"
import { Effect } from "effect"
import { connect, startApp } from "./PeopleApp.ts"

const app = { id: "x", name: "X", categories: [], website: "https://x.example", docs: "https://x.example" }
const declared = (http: Declare.ConnectorDeclaration["http"], settings = [Declare.subdomain("x.example")]) =>
  Declare.connector({ app, auth: [Declare.none()], settings, http, validate: { path: "/me" }, resources: [] })
const answer = (status: number, text = "", headers: { readonly [name: string]: string } = {}) => ({
  status,
  headers,
  text
})

describe("a declared connector", () => {
  it.live("validates: whose credentials they are, and what to do when they are refused", () =>
    Effect.gen(function* () {
      const server = yield* startApp
      const { client, clientOf, connector } = yield* connect(server.url)
      assert.deepStrictEqual(yield* connector.validate(client), { name: "Acme", subject: "7" })
      const error = yield* Effect.flip(connector.validate(yield* clientOf("canary-wrong")))
      assert.deepInclude(
        { code: error.code, resolution: error.resolution },
        { code: "auth.invalid_credentials", resolution: "Make a new token." }
      )
      assert.notInclude(JSON.stringify(error), "canary")
    })
  )

  it("fills base URLs with settings, whichever way they were written", () => {
    const { http } = declared({ baseUrl: "https://{subdomain}.x.example/api" })
    for (const subdomain of ["acme", "acme.x.example", "https://ACME.x.example/login?a=b"]) {
      assert.strictEqual(http.baseUrl({ subdomain }), "https://acme.x.example/api")
    }
    for (const subdomain of ["evil.example/", "a@evil.example", "evil.example#", "", "a b"]) {
      assert.notMatch(
        attempt(() => http.baseUrl({ subdomain })),
        /^https:\/\/(?!.*\.x\.example\/api$)/,
        subdomain
      )
    }
    const regional = declared({ baseUrl: "https://{subdomain}.{region}.x.example/o/{org}" }, [
      Declare.subdomain("x.example"),
      { key: "region", label: "Region", help: "" },
      { key: "org", label: "Organisation", help: "" }
    ])
    assert.strictEqual(
      regional.http.baseUrl({ subdomain: "a.eu.x.example", region: "eu", org: "../b" }),
      "https://a.eu.x.example/o/..%2Fb"
    )
  })

  it("accepts a subdomain or the whole address of the app, and nothing else", () => {
    const field = Declare.subdomain("x.example")
    const accepts = (subdomain: string) => "values" in FormField.check([field], { subdomain })
    for (const good of ["acme", "a-1", "acme.x.example", "https://acme.x.example/people"])
      assert.isTrue(accepts(good), good)
    for (const bad of ["acme.y.example", "acme.xzexample", "-a", "a b", "https://evil.example/acme.x.example"]) {
      assert.isFalse(accepts(bad), bad)
    }
  })

  it("refuses a base URL that names a setting that is not there", () => {
    assert.throws(() => declared({ baseUrl: "https://{tenant}.x.example" }), /\{tenant\}, which is no setting/)
  })

  it("reads statuses by its table, code first", () => {
    const { http } = declared({
      baseUrl: "https://x.example",
      classify: ({ status }) => (status === 599 ? answerReason : undefined),
      errors: {
        402: "Forbidden",
        599: "Forbidden",
        200: ({ text }) => (text.includes("slow down") ? answerReason : undefined)
      }
    })
    assert.strictEqual(http.classify!(answer(402))?._tag, "Forbidden")
    assert.strictEqual(http.classify!(answer(599))?._tag, "RateLimited")
    assert.strictEqual(http.classify!(answer(200, "slow down"))?._tag, "RateLimited")
    assert.isUndefined(http.classify!(answer(200, "{}")))
    assert.isUndefined(http.classify!(answer(500)))
  })

  it("knows from the app's clock how long a quota lasts", () => {
    const wait = Declare.resetAt("X-Rate-Limit-Reset")
    const date = "Mon, 02 Mar 2026 12:00:00 GMT"
    const reset = String(Date.parse("2026-03-02T12:00:30Z") / 1000)
    assert.strictEqual(wait(answer(429, "", { date, "x-rate-limit-reset": reset })), 31_000)
    assert.strictEqual(wait(answer(429, "", { date, "x-rate-limit-reset": "1" })), 1_000)
    assert.isUndefined(wait(answer(429, "", { "x-rate-limit-reset": reset })))
    assert.isUndefined(wait(answer(429, "", { date })))
    assert.isUndefined(wait(answer(429, "", { date, "x-rate-limit-reset": "soon" })))
  })
})

const { RateLimited } = await import("@crochet/core").then(({ ConnectorError }) => ConnectorError)
const answerReason = new RateLimited({})

const attempt = (make: () => string): string => {
  try {
    return make()
  } catch (error) {
    return String(error)
  }
}

describe("auth presets", () => {
  it("make the headers that the apps document", () => {
    assert.deepStrictEqual(Declare.bearer({ help: "" }).headers({ token: "t" }), { authorization: "Bearer t" })
    assert.deepStrictEqual(Declare.bearer({ help: "", prefix: "SSWS" }).headers({ token: "t" }), {
      authorization: "SSWS t"
    })
    assert.deepStrictEqual(Declare.apiKey({ header: "x-key", help: "" }).headers({ apiKey: "k" }), { "x-key": "k" })
    const keyed = Declare.basic({ username: { label: "API key", help: "", secret: true }, password: "x" })
    assert.deepStrictEqual(keyed.headers({ username: "k" }), { authorization: `Basic ${btoa("k:x")}` })
    assert.deepStrictEqual(
      keyed.fields.map(({ key, secret }) => [key, secret]),
      [["username", true]]
    )
    const pair = Declare.basic({ username: { label: "User", help: "" }, password: { label: "Password", help: "" } })
    assert.deepStrictEqual(
      pair.fields.map(({ key, secret }) => [key, secret]),
      [
        ["username", false],
        ["password", true]
      ]
    )
  })

  it("describe OAuth 2 by templates", () => {
    const code = Declare.oauth2({
      authorizeUrl: "https://{subdomain}.x.example/authorize",
      tokenUrl: "https://{subdomain}.x.example/token",
      scopes: ["people"],
      revocation: { url: "https://{subdomain}.x.example/revoke", ends: "grant" }
    })
    assert.deepInclude(
      { ...code },
      { grant: "authorization_code", pkce: true, clientAuthentication: "basic", scopes: ["people"] }
    )
    assert.strictEqual(code.authorizeUrl?.({ subdomain: "a" }), "https://a.x.example/authorize")
    assert.strictEqual(code.tokenUrl({ subdomain: "a" }), "https://a.x.example/token")
    assert.strictEqual(code.revocation?.url({ subdomain: "a" }), "https://a.x.example/revoke")
    assert.strictEqual(code.revocation?.ends, "grant")
    const machine = Declare.clientCredentials({ tokenUrl: "https://x.example/token", clientAuthentication: "body" })
    assert.deepInclude(
      { ...machine },
      { grant: "client_credentials", id: "client_credentials", clientAuthentication: "body", scopes: [] }
    )
    assert.strictEqual(machine.authorizeUrl, undefined)
    assert.strictEqual(machine.revocation, undefined)
  })
})
