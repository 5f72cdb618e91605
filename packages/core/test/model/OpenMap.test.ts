import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as OpenMap from "../../src/model/OpenMap.ts"

/** Keys that JavaScript, JSON or careless code trips over. */
const hostileKey = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "",
    "0",
    "-0",
    "00",
    "1",
    "4047",
    "4294967295",
    "1e3",
    "field_0"
  ),
  fc.constantFrom("field_4047", "field_field_4047", "field___proto__", "\u2028", "\ud800", "a.b", " 1", "length"),
  fc.nat().map(String),
  fc.string({ unit: "binary" })
)
const { json: hostile } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(hostileKey, tie("json")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries))
  )
}))

describe("OpenMap.canonical", () => {
  it("survives being parsed and printed again, which a receiver's signature check may do", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const body = JSON.stringify(OpenMap.canonical(value))
        assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
      }),
      { seed: 1, numRuns: 300 }
    )
  })

  it("is idempotent", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const once = OpenMap.canonical(value)
        assert.strictEqual(JSON.stringify(OpenMap.canonical(once)), JSON.stringify(once))
      }),
      { seed: 1, numRuns: 300 }
    )
  })

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostileKey, { maxLength: 8 }), (keys) => {
        const forwards = Object.fromEntries(keys.map((key) => [key, key]))
        const backwards = Object.fromEntries(keys.toReversed().map((key) => [key, key]))
        assert.strictEqual(JSON.stringify(OpenMap.canonical(forwards)), JSON.stringify(OpenMap.canonical(backwards)))
      }),
      { seed: 1, numRuns: 300 }
    )
  })

  it("loses no value", () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostileKey, { maxLength: 8 }), (keys) => {
        const canonical = OpenMap.canonical(Object.fromEntries(keys.map((key) => [key, `value of ${key}`])))
        assert.sameMembers(
          Object.values(canonical as object),
          keys.map((key) => `value of ${key}`)
        )
      }),
      { seed: 1, numRuns: 300 }
    )
  })

  it("renames integer-like keys and __proto__, and repeats the prefix when the name is taken", () => {
    assert.strictEqual(
      JSON.stringify(OpenMap.canonical(JSON.parse('{"b":1,"4047":2,"field_4047":3,"__proto__":4,"007":5}'))),
      '{"007":5,"b":1,"field_4047":3,"field___proto__":4,"field_field_4047":2}'
    )
  })
})
