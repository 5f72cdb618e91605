import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DataType, Field, Sensitivity } from "@crochet/core"
import * as Models from "@crochet/models"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import { dataTypesOf, pagesOf, staleIn } from "../models-reference.mjs"

const pipes = DataType.make({
  id: "crm_pipes",
  category: "CRM",
  title: "Pipes",
  models: {
    info: DataType.model({
      id: "crm_pipe_info",
      title: "Pipe",
      description: "Left | right.",
      schema: Schema.Struct({
        id: Field.text(),
        kind: Field.enumeration(["OPEN", "SHUT"], "personal"),
        isActive: Field.flag(),
        made: Field.date(),
        boss: Field.optional(Schema.Struct({ id: Field.text("personal") })),
        parts: Field.list(Schema.Struct({ price: Field.number("financial") })),
        tags: Field.list(Schema.String),
        more: Field.openMap()
      })
    }),
    notes: DataType.model({
      id: "crm_pipe_notes",
      title: "Notes",
      byDefault: false,
      schema: Schema.Array(Schema.Struct({ text: Field.text() }))
    })
  },
  core: [],
  isActive: () => true,
  identifiers: (recordId) => ({ pipeId: recordId })
})

describe("the reference of the data types", () => {
  it("in docs/models is what the models say: else run npm run docs:models", () => {
    const folder = fileURLToPath(new URL("../../docs/models", import.meta.url))
    assert.deepStrictEqual(staleIn(folder, pagesOf(dataTypesOf(Models))), [])
  })

  it("has every model and every value of every data type that the package exports", () => {
    const pages = pagesOf(dataTypesOf(Models))
    for (const dataType of dataTypesOf(Models)) {
      const page = pages.get(`${dataType.category.toLowerCase()}.md`) ?? ""
      const section = page.split(/^## /m).find((part) => part.startsWith(`\`${dataType.id}\`\n`)) ?? ""
      for (const [key, model] of Object.entries(dataType.models)) {
        const table = section.split(/^### /m).find((part) => part.startsWith(`\`${key}\` (\`${model.id}\`)`)) ?? ""
        const rows = [...table.matchAll(/^\| `([^`]+)` \| .* \| (\w+) \|$/gm)].map((row) => [row[1], row[2]])
        // A list of plain values is one row without the brackets, an open map one row for all its keys; a model that is
        // nothing but such a list has a row for what is in it.
        const plain = (path: string) => (path === "[]" ? "*" : path.replace(/\[\]$/, "").replace(/\.\*$/, ""))
        assert.deepStrictEqual(
          rows,
          Sensitivity.paths(model.schema).map(({ path, sensitivity }) => [plain(path), sensitivity]),
          `${dataType.id} ${key}`
        )
      }
    }
  })

  it("finds data types by what they are, also in namespaces, each once", () => {
    const found = dataTypesOf({ pipes, again: pipes, Crm: { pipes, PipeKind: ["OPEN"] }, text: "x", none: null })
    assert.deepStrictEqual(found, [pipes])
    assert.throws(() => dataTypesOf({ pipes, other: { ...pipes } }), "Two data types have the id crm_pipes")
  })

  it("writes a page a category", () => {
    const pages = pagesOf([pipes])
    assert.deepStrictEqual([...pages.keys()], ["README.md", "crm.md"])
    const page = pages.get("crm.md") ?? ""
    for (const line of [
      "Pipes. The `eventData` of `record.deleted` has `pipeId` and the reason.",
      String.raw`| ${"`crm_pipe_info`"} | ${"`info`"} | Left \| right. |`,
      "| `crm_pipe_notes` | `notes` | Notes **Only sent to who subscribes to it by id.** |",
      "| `id` | text |  | none |",
      "| `kind` | enum | `OPEN`, `SHUT` | personal |",
      "| `isActive` | flag | `TRUE`, `FALSE` | none |",
      "| `made` | date-time | A calendar date, as midnight UTC | none |",
      "| `boss.id` | text |  | personal |",
      "| `parts[].price` | number |  | financial |",
      "| `tags` | list of text |  | none |",
      "| `more` | map |  | personal |",
      "| `[].text` | text |  | none |"
    ]) {
      assert.include(page.split("\n"), line)
    }
    assert.include(pages.get("README.md") ?? "", "| [CRM](crm.md) | [`crm_pipes`](crm.md#crm_pipes) |")
  })

  it("notices pages that are old, missing or left over", () => {
    const folder = mkdtempSync(join(tmpdir(), "crochet-models-reference-"))
    try {
      assert.deepStrictEqual(staleIn(join(folder, "none"), new Map([["a.md", "a"]])), ["a.md"])
      writeFileSync(join(folder, "same.md"), "same")
      writeFileSync(join(folder, "old.md"), "old")
      writeFileSync(join(folder, "left.md"), "left")
      const pages = new Map([
        ["same.md", "same"],
        ["old.md", "new"],
        ["missing.md", "missing"]
      ])
      assert.deepStrictEqual(staleIn(folder, pages), ["left.md", "missing.md", "old.md"])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
