import { CredentialsSource, ProviderClients } from "@crochet/core"
import { startSalesforce } from "@crochet/simulators"
import { Effect, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { assert, describe, it } from "vitest"
import { connector } from "../src/index.ts"
import { baseUrl, objectsOf } from "../src/SalesforceSettings.ts"
import { classify } from "../src/SalesforceErrors.ts"
import { clientOf, collect, failure, hurried, resourceOf, tokensOf, withAccount } from "./Account.ts"

const validate = connector.validate
const contacts = resourceOf("crm_contacts")

describe("validation", () => {
  it("names the org and whose tokens they are", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        const account = yield* validate(client)
        assert.strictEqual(account.name, "Acme")
        const user = sim.control.list("User", { limit: 1 })[0]!.id
        assert.match(account.subject ?? "", new RegExp(`^00D.*/${user}$`))
      })
    ))

  it("renews an ended session without anybody's doing", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.expireTokens()
        assert.strictEqual((yield* validate(client)).name, "Acme")
        assert.strictEqual(client.statistics().tokenRefreshes, 1)
      })
    ))

  it("says what to do about each known failure", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        const said = Effect.map(failure(validate(client)), ({ code, resolution }) => [code, resolution] as const)
        sim.control.disableApi(true)
        const disabled = yield* said
        assert.deepStrictEqual([disabled[0], /API Enabled/.test(disabled[1])], ["auth.missing_permission", true])
        sim.control.disableApi(false)
        sim.control.fault({ kind: "html", status: 404, times: Infinity })
        const wrong = yield* said
        assert.match(wrong[1], /myDomain and instanceUrl/)
        sim.control.clearFaults()
        sim.control.expireTokens({ refresh: true })
        const ended = yield* said
        assert.strictEqual(ended[0], "auth.invalid_credentials")
        assert.match(ended[1], /Connect the account again|Sign in again/)
      })
    ))

  it("tells the daily quota from too many long requests", () =>
    withAccount({}, ({ client, sim }) =>
      Effect.gen(function* () {
        sim.control.exceedLimit("daily")
        const daily = yield* failure(validate(client))
        assert.strictEqual(daily.reason._tag, "RateLimited")
        assert.isAtLeast(daily.reason._tag === "RateLimited" ? (daily.reason.retryAfterMillis ?? 0) : 0, 600_000)
        assert.match(daily.resolution, /24 hours/)
      })
    ))

  it("asks for the address where no setting and no token tells it", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const client = yield* ProviderClients.make({
            connector,
            settings: { environment: "production" },
            credentials: CredentialsSource.memory({ kind: "oauth2", scheme: "oauth2", accessToken: Redacted.make("t") })
          }).pipe(Effect.provide(FetchHttpClient.layer))
          const error = yield* failure(validate(client))
          assert.include(error.resolution, "instanceUrl")
        })
      )
    ))
})

describe("tokens", () => {
  it("are renewed when a session ends in the middle of a listing, once, and rotate", () =>
    withAccount({ records: { Contact: 6000 }, oauth: { rotateRefreshTokens: true } }, (account) =>
      Effect.gen(function* () {
        yield* collect(contacts.list(account.context("crm_contacts")))
        account.sim.control.expireTokens()
        yield* collect(contacts.list(account.context("crm_contacts")))
        account.sim.control.expireTokens()
        const { rows } = yield* collect(contacts.list(account.context("crm_contacts")))
        assert.strictEqual(rows.length, 6000)
        assert.strictEqual(account.client.statistics().tokenRefreshes, 2)
      })
    ))

  it("bring the instance's address along, and it is kept with them", () =>
    Effect.runPromise(
      hurried(
        Effect.scoped(
          Effect.gen(function* () {
            const sim = yield* Effect.acquireRelease(
              Effect.promise(() => startSalesforce()),
              (running) => Effect.promise(() => running.close())
            )
            const source = CredentialsSource.memory(tokensOf(sim))
            const client = yield* clientOf(sim, source)
            sim.control.moveInstance("https://acme-moved.my.salesforce.com")
            sim.control.expireTokens()
            yield* validate(client)
            const stored = yield* source.current
            const moved = { instanceUrl: "https://acme-moved.my.salesforce.com" }
            assert.deepStrictEqual(stored.kind === "oauth2" ? stored.settings : undefined, moved)
            assert.strictEqual(baseUrl(client.settings), moved.instanceUrl)
          })
        )
      )
    ))
})

describe("settings", () => {
  it("never lead tokens to a host that is not Salesforce's", () => {
    assert.strictEqual(baseUrl({ instanceUrl: "https://acme.my.salesforce.com/" }), "https://acme.my.salesforce.com")
    assert.strictEqual(baseUrl({ myDomain: "acme--uat.sandbox" }), "https://acme--uat.sandbox.my.salesforce.com")
    for (const instanceUrl of [
      "http://acme.my.salesforce.com",
      "https://salesforce.com.evil.example",
      "https://evil.example/.salesforce.com",
      "https://user@acme.my.salesforce.com",
      "https://evilsalesforce.com"
    ]) {
      assert.throws(() => baseUrl({ instanceUrl }), TypeError, undefined, instanceUrl)
    }
  })

  it("choose the host of tokens, and name objects once", () => {
    const [scheme] = connector.auth
    const url = (settings: { readonly [key: string]: string }) => scheme?.kind === "oauth2" && scheme.tokenUrl(settings)
    assert.strictEqual(url({}), "https://login.salesforce.com/services/oauth2/token")
    assert.strictEqual(url({ environment: "sandbox" }), "https://test.salesforce.com/services/oauth2/token")
    assert.strictEqual(url({ myDomain: "acme" }), "https://acme.my.salesforce.com/services/oauth2/token")
    assert.strictEqual(
      url({ myDomain: "https://acme.lightning.force.com/lightning/page/home" }),
      "https://acme.my.salesforce.com/services/oauth2/token"
    )
    assert.deepStrictEqual(objectsOf({ objects: " Loom__c, Fabric__c ,Loom__c" }), ["Loom__c", "Fabric__c"])
  })
})

describe("answers", () => {
  const answer = (status: number, errorCode: string, message = "said") =>
    classify({ status, headers: {}, text: JSON.stringify([{ message, errorCode }]) })

  it("mean what their body says", () => {
    const table: ReadonlyArray<readonly [number, string, string, string | undefined]> = [
      [401, "INVALID_SESSION_ID", "Session expired or invalid", "Unauthorized"],
      [401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API", "Forbidden"],
      [403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", "RateLimited"],
      [403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", "RateLimited"],
      [403, "API_DISABLED_FOR_ORG", "", "Forbidden"],
      [400, "INVALID_QUERY_LOCATOR", "", "CursorExpired"],
      [400, "EXCEEDED_ID_LIMIT", "", "CursorExpired"],
      [400, "INVALID_TYPE", "", "Unsupported"],
      [400, "INVALID_FIELD", "", "InvalidRequest"],
      [400, "QUERY_TIMEOUT", "", "Unavailable"],
      [404, "NOT_FOUND", "", "NotFound"],
      [418, "SOMETHING_NEW", "", undefined]
    ]
    for (const [status, code, message, expected] of table) {
      assert.strictEqual(answer(status, code, message)?._tag, expected, `${status} ${code}`)
    }
    const daily = answer(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    const short = answer(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.")
    assert.deepStrictEqual(
      [daily, short].map((reason) => reason?._tag === "RateLimited" && reason.retryAfterMillis),
      [3_600_000, 15_000]
    )
  })

  it("are not repeated with the query, which may name people", () => {
    const said = answer(
      400,
      "INVALID_FIELD",
      "\nWHERE Email = 'ada@example.com' AND Foo = 1\n      ^\nERROR at Row:1:Column:40\nNo such column 'Foo' on entity 'Contact'."
    )
    assert.strictEqual(said?.message, "INVALID_FIELD: No such column 'Foo' on entity 'Contact'.")
  })

  it("that are pages of a web site are no data", () => {
    assert.strictEqual(classify({ status: 200, headers: {}, text: "<html></html>" })?._tag, "BadPayload")
    assert.strictEqual(classify({ status: 404, headers: {}, text: "<!DOCTYPE html>" })?._tag, "BadPayload")
    assert.strictEqual(classify({ status: 403, headers: {}, text: "Bad_OAuth_Token" })?._tag, "Unauthorized")
  })
})
