import { CredentialsSource, FormField } from "@crochet/core"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { clientOf, tokenOf, withAccount } from "./Account.ts"
import { connector } from "../src/index.ts"
import { baseUrl, subdomainOf } from "../src/WorkableSettings.ts"

const validate = (client: Parameters<typeof connector.validate>[0]) => connector.validate(client)

describe("the subdomain", () => {
  it.each([
    ["acme", "acme"],
    [" Acme ", "acme"],
    ["acme.workable.com", "acme"],
    ["https://acme.workable.com/backend/jobs", "acme"]
  ])("%j is %s", (written, subdomain) => {
    assert.strictEqual(subdomainOf(written), subdomain)
    assert.isTrue("values" in FormField.check(connector.settings, { subdomain: written }))
    assert.strictEqual(baseUrl({ subdomain: written }), `https://${subdomain}.workable.com/spi/v3`)
  })

  it.each(["", "evil.example", "acme.workable.com.evil.example", "a b", "https://acme@evil.example"])(
    "%j is refused",
    (written) => {
      const checked = FormField.check(connector.settings, { subdomain: written })
      assert.isTrue("issues" in checked && checked.issues[0]?.field === "subdomain")
    }
  )
})

describe("validation", () => {
  it("names the account", () =>
    withAccount({ companyName: "Acme Looms" }, ({ client, sim }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* validate(client), { name: "Acme Looms", subject: "b4e8e" })
        assert.isAtMost(sim.requests.length, 2)
        assert.isTrue(sim.requests.every(({ authorization }) => authorization === "bearer"))
      })
    ))

  it("says that a token is not known", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.revokeKey()
        const error = yield* Effect.flip(validate(client))
        assert.strictEqual(error.reason._tag, "Unauthorized")
        assert.match(error.resolution, /generate a new one/)
        assert.notInclude(JSON.stringify(error), sim.token)
      })
    ))

  it("tells whose token it is when the subdomain is another one's", () =>
    withAccount({}, ({ sim }) =>
      Effect.gen(function* () {
        const client = yield* clientOf(sim.url, CredentialsSource.memory(tokenOf(sim.token)), "other")
        const error = yield* Effect.flip(validate(client))
        assert.strictEqual(error.reason._tag, "NotFound")
        assert.match(error.resolution, /belongs to acme and not to "other"/)
      })
    ))

  it("takes a web page for a wrong subdomain", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.fault({ kind: "html", status: 404, times: Infinity })
        const error = yield* Effect.flip(validate(client))
        assert.strictEqual(error.reason._tag, "BadPayload")
        assert.match(error.resolution, /No Workable account answers/)
      })
    ))

  it("is content with a token for recruiting only, for employees only, and without the account's name", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.forbid(["/employees"])
        assert.strictEqual((yield* validate(client)).name, "Acme")
        sim.control.forbid(["/jobs", "/candidates", "/accounts"])
        assert.deepStrictEqual(yield* validate(client), { name: "acme", subject: null })
      })
    ))

  it("names the scopes when the token may read nothing", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.forbid(["/jobs", "/candidates", "/employees"])
        const error = yield* Effect.flip(validate(client))
        assert.strictEqual(error.reason._tag, "Forbidden")
        assert.match(error.resolution, /r_jobs and r_candidates/)
      })
    ))

  it.each([
    ["rate-limit", "RateLimited", /asked too much/],
    ["status", "Unavailable", /does not answer/],
    ["reset", "Unavailable", /could not be reached/]
  ] as const)("%s for good is %s", (kind, reason, hint) =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.fault({ kind, times: Infinity, retryAfter: 1 })
        const error = yield* Effect.flip(validate(client))
        assert.strictEqual(error.reason._tag, reason)
        assert.match(error.resolution, hint)
      })
    )
  )
})

describe("the declaration", () => {
  it("has its schemes, their scopes and data types", () => {
    assert.deepStrictEqual(
      connector.auth.map(({ id }) => id),
      ["api_token", "oauth2"]
    )
    assert.deepStrictEqual(
      connector.resources.map(({ dataType }) => dataType.id),
      [
        "ats_jobs",
        "ats_candidates",
        "ats_applications",
        "ats_activities",
        "ats_users",
        "ats_departments",
        "ats_rejectReasons",
        "employee"
      ]
    )
    const oauth = connector.auth.find((scheme) => scheme.kind === "oauth2")!
    assert.strictEqual(oauth.tokenUrl({ subdomain: "acme" }), "https://www.workable.com/oauth/token")
  })

  it("says of every field of every model whether it is read, by a name that the model has", () => {
    for (const { dataType, support } of connector.resources) {
      for (const key of Object.keys(dataType.models)) assert.isDefined(support[key], `${dataType.id} ${key}`)
    }
  })
})
