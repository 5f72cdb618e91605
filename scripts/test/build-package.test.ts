import { assert, describe, it } from "vitest"
import { entriesOf, rewriteImports } from "../build-package.mjs"

describe("entriesOf", () => {
  it("finds every export and bin", () => {
    assert.deepStrictEqual(
      entriesOf({
        name: "@crochet/x",
        exports: {
          ".": { "@crochet/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
          "./sql": { "@crochet/source": "./src/sql/index.ts", default: "./dist/sql/index.js" },
          "./package.json": "./package.json"
        },
        bin: { x: "./dist/bin.js" }
      }),
      { index: "src/index.ts", "sql/index": "src/sql/index.ts", bin: "src/bin.ts" }
    )
  })

  it("finds the programs of threads, which lie where they are looked for", () => {
    const index = { "@crochet/source": "./src/index.ts", default: "./dist/index.js" }
    const manifest = (file: string) => ({
      name: "@crochet/x",
      exports: { ".": index },
      threads: { [file]: "./src/a/T.ts" }
    })
    assert.deepStrictEqual(entriesOf(manifest("./dist/T.js")), { index: "src/index.ts", T: "src/a/T.ts" })
    assert.throws(() => entriesOf(manifest("./dist/a/T.js")), '@crochet/x: threads["./dist/a/T.js"] must be')
  })

  it("names the export that it cannot build", () => {
    assert.throws(
      () => entriesOf({ name: "@crochet/x", exports: { "./sql": { default: "./dist/sql.js" } } }),
      '@crochet/x: exports["./sql"] needs'
    )
  })
})

describe("rewriteImports", () => {
  it("makes every relative TypeScript path one that a consumer has", () => {
    const written = [
      `import type { A } from "./A.ts"`,
      `export * from "../B.ts"`,
      `export { C } from "./C.tsx"`,
      `export type D = import("./D.ts").D`,
      `export declare const e: () => Promise<typeof import("./E.ts")>`
    ].join("\n")
    assert.strictEqual(rewriteImports(written), written.replaceAll(/\.tsx?"/g, '.js"'))
  })

  it("leaves packages, strings and comments as they are", () => {
    const written = `/** see "./A.ts" */\nimport type { A } from "pkg/A.ts"\nexport type B = "./B.ts" | A`
    assert.strictEqual(rewriteImports(written), written)
  })
})
