import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { assert, describe, it } from "vitest"
import { checkSnippets, fencesOf } from "../check-snippets.mjs"

const repository = resolve(import.meta.dirname, "../..")
const fence = (info: string, ...code: ReadonlyArray<string>) => ["```" + info, ...code, "```"].join("\n")

describe("fencesOf", () => {
  it("finds TypeScript only, with the line of the fence", () => {
    const page = ["# Title", fence("sh", "npm test"), fence("ts", "const a = 1"), fence("tsx", "<a />")].join("\n")
    assert.deepStrictEqual(fencesOf(page), [
      { line: 5, extension: "ts", checked: true, code: "const a = 1" },
      { line: 8, extension: "tsx", checked: true, code: "<a />" }
    ])
  })

  it("knows what is not to be checked", () => {
    assert.deepInclude(fencesOf(fence("ts no-check", "…"))[0], { checked: false })
  })

  it("does not look into a fence that shows Markdown, and takes the indent of a list away", () => {
    assert.deepStrictEqual(fencesOf(["````md", fence("ts", "const a = 1"), "````"].join("\n")), [])
    assert.strictEqual(fencesOf("1. Do\n   ```ts\n   if (a) {\n     b()\n   }\n   ```")[0]?.code, "if (a) {\n  b()\n}")
  })
})

describe("checkSnippets", () => {
  it("names page and line of what does not compile, and keeps snippets apart from each other", () => {
    const root = mkdtempSync(join(tmpdir(), "crochet-snippets-"))
    try {
      copyFileSync(join(repository, "tsconfig.base.json"), join(root, "tsconfig.base.json"))
      writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module" }))
      symlinkSync(join(repository, "node_modules"), join(root, "node_modules"), "junction")
      mkdirSync(join(root, "docs"))
      writeFileSync(
        join(root, "README.md"),
        [
          "# Good",
          fence("ts", 'import { Effect } from "effect"', "const a = await Effect.runPromise(Effect.succeed(1))"),
          fence("ts", "const a: number = 1"),
          fence("ts no-check", "this is not TypeScript")
        ].join("\n")
      )
      writeFileSync(
        join(root, "docs/bad.md"),
        ["# Bad", "", fence("ts", "const ok = 1", "const a: number = true")].join("\n")
      )
      const { checked, errors, skipped } = checkSnippets(root)
      assert.strictEqual(checked, 3)
      assert.deepStrictEqual(skipped, ["README.md:9"])
      assert.lengthOf(errors, 1)
      assert.match(errors[0] ?? "", /^docs\/bad\.md:5:7: error TS2322/)
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})
