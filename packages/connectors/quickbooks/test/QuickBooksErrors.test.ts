import type { Connector } from "@crochet/core"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { classify, messageOf, retryAfterMillis } from "../src/QuickBooksErrors.ts"
import { failure, resource, withAccount } from "./Account.ts"

const answer = (
  status: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {}
): Connector.UpstreamAnswer => ({
  status,
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body)
})
const data = (code: string, type = "ValidationFault") => ({
  Fault: { Error: [{ Message: "Bad", Detail: "Very bad", code }], type },
  time: "2026-05-05T03:20:11.171-07:00"
})
const gateway = (code: string, message: string, type = "SERVICE") => ({
  warnings: null,
  intuitObject: null,
  fault: { error: [{ message, detail: null, code, element: null }], type },
  time: 1730024394085
})
const xml = (code: string, message: string) =>
  `<IntuitResponse time="2016-10-27T15:07:56.120-07:00"><Fault type="SERVICE"><Error code="${code}"><Message>${message}</Message><Detail>Wait</Detail></Error></Fault></IntuitResponse>`

describe("classify", () => {
  const cases: ReadonlyArray<readonly [name: string, answer: Connector.UpstreamAnswer, tag: string | undefined]> = [
    ["a page of data", answer(200, { QueryResponse: {} }), undefined],
    ["data about faults", answer(200, { QueryResponse: { Item: [{ Name: '"Fault": broken' }] } }), undefined],
    ["an expired token", answer(401, gateway("003200", "AuthenticationFailed", "AUTHENTICATION")), "Unauthorized"],
    ["an expired token in a success", answer(200, gateway("3200", "AuthenticationFailed")), "Unauthorized"],
    ["another realm", answer(403, gateway("3100", "ApplicationAuthorizationFailed")), "Forbidden"],
    ["throttling", answer(429, data("3001", "SERVICE")), "RateLimited"],
    ["throttling of old", answer(403, gateway("", "message=ThrottleExceeded; errorCode=003001")), "RateLimited"],
    ["throttling in a success", answer(200, data("3001", "SERVICE")), "RateLimited"],
    ["throttling in XML", answer(403, xml("3001", "message=ThrottleExceeded; errorCode=003001")), "RateLimited"],
    ["a record that is gone", answer(400, data("610")), "NotFound"],
    ["a bad query", answer(400, data("4001")), "InvalidRequest"],
    ["a server's fault", answer(500, data("10000", "SystemFault")), "Unavailable"],
    ["a server's fault in a success", answer(200, data("10000", "SystemFault")), "Unavailable"],
    ["a feature that is switched off", answer(400, data("5030")), "Unsupported"],
    ["a page of a gateway", answer(200, "<!DOCTYPE html><html></html>"), "BadPayload"],
    ["a page for a missing address", answer(404, "<html></html>"), "BadPayload"],
    ["an address that does not exist", answer(404, ""), "InvalidRequest"],
    ["XML where JSON was asked for", answer(200, "<?xml version='1.0'?><IntuitResponse/>"), "BadPayload"],
    ["a fault without errors", answer(400, { Fault: {} }), "InvalidRequest"],
    ["truncated JSON", answer(400, '{"Fault":{"Error":[{'), undefined]
  ]
  it.each(cases)("%s", (_name, given, tag) => {
    assert.strictEqual(classify(given)?._tag, tag)
  })

  it("asks for a minute when the app throttles and does not say how long", () => {
    assert.strictEqual(retryAfterMillis(answer(429, data("3001"))), 60_000)
    assert.strictEqual(retryAfterMillis(answer(403, gateway("3001", "ThrottleExceeded"))), 60_000)
    assert.strictEqual(retryAfterMillis(answer(429, "")), 60_000)
    assert.isUndefined(retryAfterMillis(answer(429, data("3001"), { "retry-after": "5" })))
    assert.isUndefined(retryAfterMillis(answer(400, data("610"))))
  })

  it("says the app's words with code and trace", () => {
    assert.strictEqual(
      messageOf(answer(400, data("610"), { intuit_tid: "1-abc" })),
      "Bad: Very bad [code 610] (intuit_tid 1-abc)"
    )
    assert.isUndefined(messageOf(answer(500, "")))
  })
})

describe("throttling", () => {
  it.each([
    [429, "Fault"],
    [403, "fault"],
    [200, "Fault"],
    [403, "xml"]
  ] as const)("by %s in the style %s is waited out for a minute", (status, style) =>
    withAccount({ customers: 2 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.refuse({ code: "3001", status, style })
        yield* resource("accounting_contacts").get!(account.context(), "customer-1")
        const { calls, rateLimitWaitMillis, rateLimitWaits } = account.client.statistics()
        assert.strictEqual(calls, 2)
        assert.isAtLeast(rateLimitWaits, 1)
        assert.isAtLeast(rateLimitWaitMillis, 59_000)
      })
    )
  )

  it("is told from a fault in a success that waiting does not help", () =>
    withAccount({ customers: 2 }, (account) =>
      Effect.gen(function* () {
        account.sim.control.refuse({ code: "2020", status: 200, message: "Required param missing" })
        const error = yield* failure(resource("accounting_contacts").get!(account.context(), "customer-1"))
        assert.strictEqual(error.reason._tag, "InvalidRequest")
        assert.match(error.message, /Required param missing/)
      })
    ))
})
