import { assert, describe, it } from "vitest"
import * as FastCheck from "fast-check"
import * as Cells from "../../src/sqlite/Cells.ts"

const value = FastCheck.oneof(
  FastCheck.constant(null),
  FastCheck.integer(),
  FastCheck.double({ noNaN: true }),
  FastCheck.string(),
  FastCheck.uint8Array({ maxLength: 40 })
)

/** As a message carries them from one thread to the other. */
const sent = (cells: Cells.Cells): Cells.Cells => structuredClone(cells, { transfer: [...Cells.transfer(cells)] })

describe("Cells", () => {
  it("arrive as they were", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.array(value), (values) => {
        const before = structuredClone(values)
        assert.deepStrictEqual(Cells.unpack(sent(Cells.pack(values))), before)
        assert.deepStrictEqual(values, before, "what was packed is left as it is")
      })
    )
  })

  it("take the bytes of a view, and not the buffer behind it", () => {
    const page = new Uint8Array(1_000_000).fill(1)
    const cells = Cells.pack(["a", page.subarray(10, 13), null, page.subarray(20, 20), page.subarray(30, 32)])
    assert.strictEqual(cells.bytes.byteLength, 5)
    const arrived = Cells.unpack(sent(cells))
    assert.deepStrictEqual(arrived, [
      "a",
      new Uint8Array(3).fill(1),
      null,
      new Uint8Array(0),
      new Uint8Array(2).fill(1)
    ])
    assert.strictEqual(page.byteLength, 1_000_000, "the page did not change hands")
  })
})
