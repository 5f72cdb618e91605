import { assert, describe, it } from "vitest"
import * as VirtualFilter from "../../src/filter/VirtualFilter.ts"

type Expression = VirtualFilter.Expression
const key = (data: string): Expression => ({ type: "key", data })
const text = (data: string, value: string, path = "profile.name"): Expression => ({
  type: "string_operator",
  data,
  left: key(path),
  right: { type: "value_string", data: value }
})
const date = (data: string, value: string): Expression => ({
  type: "date_operator",
  data,
  left: key("profile.start"),
  right: { type: "value_date", data: value }
})
const both = (data: string, left: Expression, right: Expression): Expression => ({
  type: "logical_operator",
  data,
  left,
  right
})

const day = 86_400_000
const now = Date.UTC(2026, 5, 15)
const record = {
  profile: { name: "Ada Lovelace", start: "2026-06-01T00:00:00.000Z", left: null, n: 3, on: true },
  accounts: [{ iban: "DE1" }, { iban: "FR2" }]
}
const holds = (expression: Expression, of: { readonly [key: string]: unknown } = record) => {
  const compiled = VirtualFilter.compile(expression)
  if (typeof compiled !== "function") throw new Error(`${compiled.path}: ${compiled.message}`)
  return compiled(of, now)
}

describe("operators", () => {
  it("on strings", () => {
    const expected: ReadonlyArray<[string, string, boolean]> = [
      ["eq", "Ada Lovelace", true],
      ["eq", "ada lovelace", false],
      ["eq", "Ada", false],
      ["beginsWith", "Ada", true],
      ["beginsWith", "Love", false],
      ["endsWith", "lace", true],
      ["endsWith", "Ada", false],
      ["contains", "a L", true],
      ["contains", "xyz", false]
    ]
    for (const [operator, value, result] of expected)
      assert.strictEqual(holds(text(operator, value)), result, `${operator} ${value}`)
    assert.isTrue(holds(text("eq", "3", "profile.n")))
    assert.isTrue(holds(text("eq", "true", "profile.on")))
    assert.isTrue(holds(text("beginsWith", "FR", "accounts.iban")), "any of a list")
  })

  it("on dates, with instants and rolling periods", () => {
    const expected: ReadonlyArray<[string, string, boolean]> = [
      ["isGreaterThan", "2026-05-31", true],
      ["isGreaterThan", "2026-06-01T00:00:00Z", false],
      ["isLessThan", "2026-06-01T02:30:00+02:00", true],
      ["isLessThan", "2026-06-01", false],
      ["isInBetween", "2026-06-01, 2026-06-02", true],
      ["isInBetween", "2026-06-02,2026-06-03", false],
      ["isGreaterThan", "P30D", true],
      ["isGreaterThan", "-P10D", false],
      ["isLessThan", "+P1D", true],
      ["isInBetween", "P20D,+P20D", true],
      ["isLessThan", "2026-06-01T00:00:01", true]
    ]
    for (const [operator, value, result] of expected)
      assert.strictEqual(holds(date(operator, value)), result, `${operator} ${value}`)
    const compiled = VirtualFilter.compile(date("isGreaterThan", "P30D"))
    if (typeof compiled !== "function") throw new Error("does not compile")
    assert.isFalse(compiled(record, now + 60 * day), "a rolling period rolls")
    assert.isFalse(holds(date("isGreaterThan", "1990-01-01"), { profile: { start: "Room 5" } }), "a text is no date")
  })

  it("and, or", () => {
    const [yes, no] = [text("contains", "Ada"), text("contains", "Bob")]
    assert.deepStrictEqual(
      [
        [yes, no],
        [yes, yes],
        [no, no],
        [no, yes]
      ].map(([l, r]) => [holds(both("and", l!, r!)), holds(both("or", l!, r!))]),
      [
        [false, true],
        [true, true],
        [false, false],
        [false, true]
      ]
    )
  })

  it("match nothing in a missing value", () => {
    for (const path of ["profile.left", "profile.nothing", "nobody.name", "profile", "profile.constructor"]) {
      for (const operator of ["eq", "beginsWith", "endsWith", "contains"])
        assert.isFalse(holds(text(operator, "", path)), `${operator} ${path}`)
    }
  })
})

describe("faults", () => {
  const fault = (expression: Expression) => {
    const compiled = VirtualFilter.compile(expression)
    return typeof compiled === "function" ? "compiles" : compiled.path
  }
  it("name the place in the tree", () => {
    const good = text("eq", "x")
    const bad: ReadonlyArray<[Expression, string]> = [
      [{ type: "nonsense", data: "" }, "filters.virtual.type"],
      [both("xor", good, good), "filters.virtual.data"],
      [{ type: "logical_operator", data: "and", left: good }, "filters.virtual.right"],
      [both("and", good, text("like", "x")), "filters.virtual.right.data"],
      [text("constructor", "x"), "filters.virtual.data"],
      [text("toString", "x"), "filters.virtual.data"],
      [text("eq", "x", "a b"), "filters.virtual.left"],
      [{ ...good, right: { type: "value_date", data: "2020-01-01" } }, "filters.virtual.right.type"],
      [both("or", both("and", date("isLessThan", "soon"), good), good), "filters.virtual.left.left.right.data"],
      [date("isLessThan", "5"), "filters.virtual.right.data"],
      [date("isBetween", "2020-01-01,2021-01-01"), "filters.virtual.data"],
      [date("isInBetween", "2020-01-01"), "filters.virtual.right.data"],
      [date("isLessThan", "2020-01-01,2021-01-01"), "filters.virtual.right.data"]
    ]
    for (const [expression, path] of bad) assert.strictEqual(fault(expression), path, JSON.stringify(expression))
  })
  it("are given for trees that are too deep, instead of an overflow", () => {
    let deep = text("eq", "x")
    for (let i = 0; i < 100_000; i++)
      deep = { type: "logical_operator", data: "and", left: deep, right: text("eq", "x") }
    assert.strictEqual(fault(deep), "filters.virtual")
  })
})

describe("keys", () => {
  it("are listed with their places", () => {
    assert.deepStrictEqual(VirtualFilter.keys(both("and", text("eq", "x"), date("isLessThan", "2020-01-01"))), [
      { key: "profile.name", path: "filters.virtual.left.left.data" },
      { key: "profile.start", path: "filters.virtual.right.left.data" }
    ])
  })
})
