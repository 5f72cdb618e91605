import { randomBytes } from "node:crypto"
import { assert, describe, it } from "vitest"
import { search } from "../../demo/Canaries.ts"

const haystack = (text: string) => Buffer.concat([randomBytes(5000), Buffer.from(text), randomBytes(5000)])
const hitsOf = (needles: ReadonlyArray<string>, files: Record<string, string>) =>
  Object.fromEntries(search(needles, new Map(Object.entries(files).map(([name, text]) => [name, haystack(text)]))).hits)

// The demo's "0 hits" is worth what this search is worth.
describe("the demo's search for personal data", () => {
  it("finds a value wherever it stands, with the files that hold it", () => {
    assert.deepStrictEqual(
      hitsOf(["Castellanos", "303-555-0199"], { a: "x Castellanos", b: "Castellanos y", c: "z" }),
      {
        Castellanos: ["a", "b"]
      }
    )
  })

  it("finds a value at the very beginning and the very end", () => {
    const at = (text: string) => search(["Zoë Ångström"], new Map([["file", Buffer.from(text)]])).hits.size
    assert.strictEqual(at("Zoë Ångström…"), 1)
    assert.strictEqual(at("…Zoë Ångström"), 1)
    assert.strictEqual(at("…Zoë Ångströ"), 0)
  })

  it("looks for short values as JSON strings, which ciphertext does not form by chance", () => {
    assert.deepStrictEqual(hitsOf(["Ana"], { body: '{"firstName":"Ana"}', words: "Analysis, Ana" }), {
      '"Ana"': ["body"]
    })
  })

  it("counts what it went through", () => {
    const { bytes, hits, needles } = search(
      ["Featherstonehaugh", "Ana"],
      new Map([
        ["a", Buffer.alloc(10)],
        ["b", Buffer.alloc(3)]
      ])
    )
    assert.deepStrictEqual({ bytes, needles, hits: hits.size }, { bytes: 13, needles: 2, hits: 0 })
  })
})
