import { assert, describe, it } from "vitest"
import { FormField } from "@crochet/core"

const field = (change: Partial<FormField.FormField> = {}): FormField.FormField => ({
  key: "k",
  label: "Key",
  help: "From the app.",
  ...change
})
const check = (change: Partial<FormField.FormField>, value: unknown) =>
  FormField.check([field(change)], { k: value, other: "x" })
const message = (change: Partial<FormField.FormField>, value: unknown) => {
  const outcome = check(change, value)
  return "issues" in outcome ? outcome.issues[0]!.message : "accepted"
}

describe("FormField.check", () => {
  it("trims, applies defaults and drops what it does not know", () => {
    assert.deepStrictEqual(check({}, "  v "), { values: { k: "v" } })
    assert.deepStrictEqual(check({ default: "d" }, "  "), { values: { k: "d" } })
    assert.deepStrictEqual(check({ required: false }, undefined), { values: {} })
    assert.deepStrictEqual(check({ required: false }, null), { values: {} })
  })
  it("says what is missing and where to find it", () => {
    assert.strictEqual(message({}, ""), "Key is required. From the app.")
    assert.strictEqual(message({}, 7), "Key must be a string.")
    assert.strictEqual(
      message(
        {
          options: [
            { value: "a", label: "A" },
            { value: "b", label: "B" }
          ]
        },
        "c"
      ),
      "Key must be one of a, b."
    )
    assert.strictEqual(
      message({ pattern: { source: "^\\d+$", message: "must be digits." } }, "x"),
      "Key: must be digits."
    )
  })
  it("reports every bad field once, and no value of any", () => {
    const fields = [
      field({ key: "a", secret: true, pattern: { source: "^x$", message: "must be x." } }),
      field({ key: "b", options: [{ value: "1", label: "" }] }),
      field({ key: "c" })
    ]
    const outcome = FormField.check(fields, { a: "canary-secret", b: "canary-option", c: { canary: 1 } })
    assert.isTrue("issues" in outcome)
    if (!("issues" in outcome)) return
    assert.deepStrictEqual(
      outcome.issues.map((issue) => issue.field),
      ["a", "b", "c"]
    )
    assert.notInclude(JSON.stringify(outcome), "canary")
  })
})
