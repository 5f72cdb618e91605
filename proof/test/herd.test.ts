import { assert, describe, it } from "@effect/vitest"
import { peak } from "../src/sections/herd.ts"

describe("the busiest second", () => {
  it("is told in averages of the time that was watched, and what was before and after is left out", () => {
    assert.strictEqual(peak([900, 1000, 2000, 2500, 2999, 5000], 1000, 5000), 3)
    assert.strictEqual(peak([1000, 2000, 3000, 4000], 1000, 5000), 1)
  })

  it("is no number of times when nothing happened: on a quick machine nobody is probed that soon", () => {
    assert.strictEqual(peak([], 0, 15_000), 0)
    assert.strictEqual(peak([20_000], 0, 15_000), 0)
  })
})
