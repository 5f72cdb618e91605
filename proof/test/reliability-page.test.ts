import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { sections } from "../src/sections/index.ts"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/reliability.md"), "utf8")
const cells = (line: string) =>
  line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim())
const rows = page
  .split("\n")
  .filter((line) => /^\| F-\d\d \|/.test(line))
  .map(cells)
const names = new Set(sections.map(({ name }) => name))
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
/** The rows of the matrix, by the groups in which it numbers them. */
const numbers = [span(1, 38), span(40, 45), span(50, 56), span(60, 65), span(70, 77), span(80, 84)].flat()

/** A test file as text, in which a title may be written over several lines. */
const textOf = (file: string) => readFileSync(join(root, file), "utf8").replaceAll('\\"', '"')

describe("docs/reliability.md", () => {
  it("has every row of the fault matrix once, in order", () => {
    assert.deepStrictEqual(
      rows.map(([row]) => row),
      numbers.map((number) => `F-${String(number).padStart(2, "0")}`)
    )
  })

  it("names for each row tests that are there, or says why there is none", () => {
    for (const [row, fault, happens, shownBy = ""] of rows) {
      assert.isNotEmpty(fault, row)
      assert.isNotEmpty(happens, row)
      const honest = [happens, shownBy].some((cell) => /^(Open|Does not apply): .{10}/.test(cell ?? ""))
      const proofs = shownBy === "–" || honest ? [] : shownBy.split(/; (?=`)/)
      assert.isTrue(honest || proofs.length > 0, `${row} names nothing and does not say why`)
      for (const proof of proofs) {
        const section = /^`prove:([^`]+)`$/.exec(proof)?.[1]
        if (section !== undefined) {
          assert.isTrue(names.has(section), `${row}: npm run prove has no section ${section}`)
          continue
        }
        const [, file = "", title = ""] = /^`([^`]+\.ts)`: (.+)$/.exec(proof) ?? []
        assert.isNotEmpty(title, `${row}: "${proof}" is neither a section nor a file with a title`)
        assert.isTrue(existsSync(join(root, file)), `${row}: ${file} is not there`)
        assert.include(textOf(file), title, `${row}: ${file} has no such test`)
      }
    }
  })

  it("names only sections that there are, and every one of them", () => {
    const named = new Set([...page.matchAll(/--only ([\w-]+)/g)].map(([, name]) => name!))
    for (const name of named) assert.isTrue(names.has(name), `npm run prove has no section ${name}`)
    for (const name of names) assert.include(page, name, `${name} is not on the page`)
  })
})
