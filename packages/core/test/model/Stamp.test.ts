import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as fc from "fast-check"
import * as Stamp from "../../src/model/Stamp.ts"

describe("Stamp.is", () => {
  it("says what the check says, whichever sign is another one", () => {
    const checked = Schema.is(Schema.String.check(Stamp.check))
    const stamp = "2026-05-01T07:25:37.000Z"
    assert.isTrue(Stamp.is(stamp))
    assert.isFalse(Stamp.is(null))
    const sign = fc.oneof(fc.constantFrom("0", "9", "/", ":", "-", "T", "Z", ".", "", "é", "٣"), fc.string())
    fc.assert(
      fc.property(fc.nat(stamp.length), sign, (at, other) => {
        const text = stamp.slice(0, at) + other + stamp.slice(at + 1)
        assert.strictEqual(Stamp.is(text), checked(text), text)
      }),
      { seed: 1, numRuns: 1000 }
    )
  })
})
