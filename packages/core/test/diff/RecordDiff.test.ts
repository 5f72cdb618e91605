import { assert, describe, it } from "vitest"
import { compare, isSettled, type Arrival, type Previous, type Verdict } from "../../src/diff/RecordDiff.ts"

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(22)) as [string, string, string]
const shape = 5
const mapperOf = (version: number, shapeBits = shape) => version * 1_048_576 + shapeBits
const mapper = mapperOf(1)

const previous = (change: Partial<Previous> = {}): Previous => ({
  raw: a,
  mapper,
  models: a + b,
  state: "live",
  reason: null,
  ...change
})
const arrival = (change: Partial<Arrival> = {}): Arrival => ({
  raw: a,
  mapper,
  models: a + b,
  unwanted: null,
  fresh: false,
  ...change
})

const states: ReadonlyArray<Previous | undefined> = [
  undefined,
  previous(),
  previous({ state: "missing", reason: "gone" }),
  previous({ state: "missing", reason: "inactive" }),
  previous({ state: "deleted", reason: "gone" }),
  previous({ state: "deleted", reason: "inactive" }),
  previous({ state: "deleted", reason: "out_of_filter" })
]
const rows: ReadonlyArray<[name: string, change: Partial<Arrival>]> = [
  ["the same", {}],
  ["another raw row, same models", { raw: c }],
  ["another model", { raw: c, models: a + c }],
  ["the same row, new mapper", { mapper: mapperOf(2), models: c + c }],
  ["another row, new mapper", { mapper: mapperOf(2), raw: c, models: c + c }],
  ["the same row, other models asked for", { mapper: mapperOf(1, 6), models: a }],
  ["inactive", { unwanted: "inactive" }],
  ["out of filter", { unwanted: "out_of_filter", raw: c }]
]
const short = ({ change, reason, state }: Verdict) =>
  [change.kind, state, reason, ...(change.kind === "modified" ? [change.models.join()] : [])].join(" ").trim()
const verdicts = (fresh: boolean) =>
  Object.fromEntries(
    rows.map(([name, change]) => [name, states.map((state) => short(compare(state, arrival({ ...change, fresh }))))])
  )

const fill = (known: string): Array<string> => ["new live", known, known, known, "new live", "new live", "new live"]

describe("compare, for every previous state (unknown, live, missing twice, deleted three times)", () => {
  it("in a delta", () => {
    assert.deepStrictEqual(verdicts(false), {
      "the same": fill("unchanged live"),
      "another raw row, same models": fill("unchanged live"),
      "another model": fill("modified live  1"),
      "the same row, new mapper": fill("unchanged live"),
      "another row, new mapper": fill("modified live  0,1"),
      "the same row, other models asked for": fill("modified live  0"),
      inactive: unwanted("inactive", "deleted deleted"),
      "out of filter": unwanted("out_of_filter", "deleted deleted")
    })
  })

  it("on the first arrival in an initial run, where wanted records are new and nothing is deleted", () => {
    const expected = Object.fromEntries(rows.slice(0, 6).map(([name]) => [name, states.map(() => "new live")]))
    assert.deepStrictEqual(verdicts(true), {
      ...expected,
      inactive: unwanted("inactive", "skipped missing"),
      "out of filter": unwanted("out_of_filter", "skipped missing")
    })
  })
})

const unwanted = (reason: string, known: string): Array<string> =>
  states.map((state) =>
    state === undefined || state.state === "deleted" ? `skipped deleted ${reason}` : `${known} ${reason}`
  )

describe("isSettled", () => {
  it("holds for the same row and mapper of a live record, and of one that the receiver must not have", () => {
    assert.deepStrictEqual(
      states.slice(1).map((state) => isSettled(state!, a, mapper, false)),
      [true, false, false, false, true, true]
    )
  })
  it("holds for nothing that an initial run sees first, for another row, or another mapper", () => {
    for (const state of states.slice(1)) {
      assert.isFalse(isSettled(state!, a, mapper, true))
      assert.isFalse(isSettled(state!, b, mapper, false))
      assert.isFalse(isSettled(state!, a, mapperOf(2), false))
      assert.isFalse(isSettled(state!, a, mapperOf(1, 6), false))
    }
  })
})
