import { assert, describe, it } from "vitest"
import * as fc from "fast-check"
import * as Checkpoint from "../../src/sync/Checkpoint.ts"

const checkpoint: fc.Arbitrary<Checkpoint.Checkpoint> = fc.record(
  {
    phase: fc.constantFrom("reading", "agreed", "fresh"),
    mode: fc.constantFrom("initial", "changes", "listing", "release", "record"),
    cursor: fc.option(fc.string()),
    page: fc
      .jsonValue()
      .filter((value) => !JSON.stringify(value).includes("-0"))
      .map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    tainted: fc.boolean(),
    plan: fc.option(fc.constantFrom("delete", "confirm", "hold", "mark", "keep")),
    held: fc.nat(),
    recordId: fc.string()
  },
  { requiredKeys: ["phase", "mode", "cursor", "page", "tainted", "plan", "held"] }
)

describe("Checkpoint", () => {
  it("survives being stored, whatever the app's position is", () => {
    fc.assert(
      fc.property(checkpoint, (value) => assert.deepEqual(Checkpoint.decode(Checkpoint.encode(value)), value)),
      { seed: 4, numRuns: 300 }
    )
  })
  it("refuses what is not one", () => {
    for (const text of ["", "null", "{}", '{"phase":"reading"}', "[1]"]) {
      assert.throws(() => Checkpoint.decode(new TextEncoder().encode(text)), undefined, undefined, text)
    }
  })
  it("begins with deletions in a release, with reading otherwise", () => {
    assert.deepInclude(Checkpoint.initial("release"), { phase: "agreed", plan: null })
    assert.deepInclude(Checkpoint.initial("record", "p1"), { phase: "reading", recordId: "p1" })
  })
})
