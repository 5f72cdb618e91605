import { assert, describe, it } from "vitest"
import * as fc from "fast-check"
import { chunkSize, SeenBitmap } from "../../src/diff/SeenBitmap.ts"

const ordinals = fc.array(
  fc.oneof(fc.nat(50), fc.nat(3 * chunkSize), fc.constantFrom(chunkSize - 1, chunkSize, 2 * chunkSize)),
  { maxLength: 60 }
)

describe("SeenBitmap", () => {
  it("is a set of ordinals, also after its chunks were stored and read again at any point", () => {
    fc.assert(
      fc.property(fc.array(ordinals, { maxLength: 6 }), (pages) => {
        const model = new Set<number>()
        const stored = new Map<number, Uint8Array>()
        let bitmap = new SeenBitmap()
        for (const [at, page] of pages.entries()) {
          for (const ordinal of page) {
            bitmap.add(ordinal)
            model.add(ordinal)
          }
          for (const { bits, chunk } of bitmap.takeTouched()) stored.set(chunk, bits)
          assert.lengthOf(bitmap.takeTouched(), 0, "what was taken is not touched any more")
          if (at % 2 === 0) bitmap = SeenBitmap.from([...stored].map(([chunk, bits]) => ({ chunk, bits })))
          assert.strictEqual(bitmap.size, model.size)
          for (const ordinal of [...page, 0, 1, chunkSize, 3 * chunkSize + 1])
            assert.strictEqual(bitmap.has(ordinal), model.has(ordinal), `ordinal ${ordinal}`)
        }
      }),
      { seed: 1, numRuns: 200 }
    )
  })

  it("hands out copies, and takes copies", () => {
    const bitmap = new SeenBitmap()
    bitmap.add(3)
    const [chunk] = bitmap.takeTouched()
    bitmap.add(4)
    assert.strictEqual(chunk!.bits[0], 8)
    const restored = SeenBitmap.from([chunk!])
    restored.add(5)
    assert.strictEqual(chunk!.bits[0], 8)
    assert.lengthOf(SeenBitmap.from([chunk!]).takeTouched(), 0, "what was read is stored already")
  })
})
