import { assert, describe, it } from "vitest"
import { classify, messageOf } from "../src/BambooHRErrors.ts"

const answer = (status: number, text = "", headers: { readonly [name: string]: string } = {}) => ({
  status,
  text,
  headers
})

describe("what an answer means", () => {
  const cases = [
    [200, undefined],
    [204, undefined],
    [302, "BadPayload"],
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [405, "Unsupported"],
    [406, "InvalidRequest"],
    [413, "InvalidRequest"],
    [422, "InvalidRequest"],
    [408, "Unavailable"],
    [429, "RateLimited"],
    [500, "Unavailable"],
    [502, "Unavailable"],
    [503, "RateLimited"],
    [504, "Unavailable"],
    [522, "Unavailable"],
    [507, "Unavailable"],
    [598, "Unavailable"],
    [599, "Unavailable"],
    [501, "Unsupported"]
  ] as const
  for (const [status, tag] of cases) {
    it(`${status} is ${tag ?? "no error"}`, () => assert.strictEqual(classify(answer(status))?._tag, tag))
  }

  it("takes 599 for a proxy's time-out unless a server speaks for itself", () => {
    assert.strictEqual(classify(answer(599, "<html></html>"))?._tag, "Unavailable")
    assert.strictEqual(classify(answer(599, JSON.stringify({ reason: "no such endpoint here" })))?._tag, "Unsupported")
  })

  it("sees throttling inside a 200", () => {
    const body = JSON.stringify({ error: { code: 429, message: "Slow down" } })
    assert.deepInclude(classify(answer(200, body)), { _tag: "RateLimited", message: "Slow down" })
  })

  it("does not take data for an error", () => {
    assert.isUndefined(classify(answer(200, JSON.stringify({ employees: [], error: null }))))
    assert.isUndefined(classify(answer(200, "[]")))
  })

  it("takes a page for what it is, and a 401 or 403 page for what its status says", () => {
    const page = "<!DOCTYPE html><html><body>Sign in</body></html>"
    assert.strictEqual(classify(answer(200, page))?._tag, "BadPayload")
    assert.strictEqual(classify(answer(404, page))?._tag, "BadPayload")
    assert.strictEqual(classify(answer(403, page))?._tag, "Forbidden")
    assert.strictEqual(classify(answer(502, page))?._tag, "Unavailable")
  })
})

describe("the app's own words", () => {
  it("come from the header, its misspelt twin, and once when a proxy doubled them", () => {
    assert.strictEqual(
      messageOf(answer(404, "", { "x-bamboohr-error-message": "Employee not found, Employee not found" })),
      "Employee not found"
    )
    assert.strictEqual(
      messageOf(answer(400, "", { "x-bamboohr-error-messsage": "Invalid or Missing Argument" })),
      "Invalid or Missing Argument"
    )
  })

  it("come from the body in each of its forms", () => {
    assert.strictEqual(
      messageOf(answer(400, JSON.stringify({ error: { code: "BadPage", message: "Start again" } }))),
      "Start again"
    )
    assert.strictEqual(messageOf(answer(400, JSON.stringify({ error: "plain" }))), "plain")
    assert.strictEqual(
      messageOf(answer(422, JSON.stringify({ type: "t", title: "Invalid", detail: "Unknown field x" }))),
      "Unknown field x"
    )
  })

  it("are short, and nothing when there are none", () => {
    assert.strictEqual(messageOf(answer(400, JSON.stringify({ error: "x".repeat(1000) })))?.length, 300)
    for (const text of ["", "{broken", "<html>", "[]"]) assert.isUndefined(messageOf(answer(500, text)))
  })
})
