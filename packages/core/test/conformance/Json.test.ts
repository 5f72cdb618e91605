import { assert, describe, it } from "@effect/vitest"
import * as Json from "../../src/testing/conformance/Json.ts"

const broken = [[{ broken: true }]]

describe("a broken row", () => {
  const break3 = (answer: unknown) =>
    JSON.parse(Json.withBrokenRow("3", ["California 3"])(JSON.stringify(answer))) as unknown

  it("keeps its id and nothing else", () => {
    const rows = [
      { Id: "2", Name: "California 2" },
      { Id: "3", Name: "California 3", Rate: { value: 8 } }
    ]
    assert.deepStrictEqual(break3({ rows }), { rows: [rows[0], { Id: "3", Name: broken, Rate: broken }] })
  })

  it("is not the page that starts at the position that its id is", () => {
    const answer = (row: unknown) => ({
      QueryResponse: { TaxRate: [row, { Id: "4" }], startPosition: 3, maxResults: 2 }
    })
    assert.deepStrictEqual(break3(answer({ Id: "3", Name: "California 3" })), answer({ Id: "3", Name: broken }))
  })

  it("is not another object with the same id", () => {
    const other = { Id: "3", Name: "Oregon" }
    assert.deepStrictEqual(break3([other, { Id: "3", Name: "California 3" }]), [other, { Id: "3", Name: broken }])
  })
})
