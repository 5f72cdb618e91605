import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, expect, it } from "@effect/vitest"
import { ConnectorConformance } from "@crochet/core/testing"
import { sabotages } from "./Sabotages.ts"

const root = new URL("../../../../", import.meta.url)

/** The table as docs/conformance.md has it. */
const page = (): string => {
  const cell = (text: string) => text.replaceAll("|", "\\|")
  const rows = ConnectorConformance.table.map(({ elsewhere, kit, not, number, what }) => {
    const where = [
      ...kit.map((title) => `the kit: ${title}`),
      ...(elsewhere === undefined
        ? []
        : [`[${elsewhere.file.split("/").at(-1)}](../${elsewhere.file}): ${elsewhere.text}`]),
      ...(not === undefined ? [] : [`not made: ${not}`])
    ]
    return `| ${number} | ${cell(what)} | ${cell(where.join("; "))} |`
  })
  return `<!-- Made by \`npx vitest run packages/core/test/conformance/Table.test.ts -u\`: change the checks, not this page. -->

# The 62 checks of a connector

Where each is made: in the conformance kit, which runs for every connector; in a test of the engine or of the scripts, which all connectors share; or not, and why. [connectors.md](connectors.md#the-conformance-kit) says how the kit is run.

| | what must hold | where it is made |
|---|---|---|
${rows.join("\n")}

## Which requests meet a fault

A run is repeated for each fault and each chosen request. In checks 45 and 46 the request's repetitions meet the fault too; in 55 and 56 the fault passes.

- Requests of one method whose paths differ in ids only are one endpoint. An id is a part of the path with a digit, or the id of a record that the run has read.
- Of each endpoint the first request, one in the middle and the last meet the fault. Of a connector with more than three data types, or \`ways\`, it is the first and the last; and in check 45, of endpoints other than that of the run's first request, the first for every other of the fifteen faults and the last for the rest.
- Checks 46, 47, 49, 55 and 56 take six of these requests at most, spread over the run; in 55 and 56 the first of them meets every kind of fault, the others one each in turn.
- While nothing is done to the app, its true answers are remembered from run to run; what one run asks twice is asked of the app again.
`
}

describe("the table of the 62 checks", () => {
  it("is in docs/conformance.md as it is", async () => {
    await expect(page()).toMatchFileSnapshot("../../../../docs/conformance.md")
  })

  it("names for each where it is made, or why it is not", () => {
    assert.lengthOf(ConnectorConformance.table, 62)
    for (const { elsewhere, kit, not, number, what } of ConnectorConformance.table) {
      assert.isTrue(kit.length > 0 || elsewhere !== undefined || not !== undefined, `${number} (${what}) is nowhere`)
    }
  })

  it("is true about tests elsewhere", () => {
    for (const { elsewhere, number } of ConnectorConformance.table) {
      if (elsewhere === undefined) continue
      const text = readFileSync(fileURLToPath(new URL(elsewhere.file, root)), "utf8")
      assert.include(text, elsewhere.text, `${number}: ${elsewhere.file} has no such test`)
    }
  })

  it("says of one only that nobody makes it", () => {
    const undone = ConnectorConformance.table.filter(
      ({ elsewhere, kit }) => kit.length === 0 && elsewhere === undefined
    )
    assert.deepStrictEqual(
      undone.map(({ number }) => number),
      [54]
    )
  })

  it("stands for checks that were all seen to fail, but for what a connector alone cannot break", () => {
    const titles = ConnectorConformance.groups.flatMap(({ checks }) => checks.map(({ title }) => title))
    const unseen = titles.filter((title) => !sabotages.some(({ check }) => title.includes(check)))
    assert.sameMembers(unseen, [
      // The provider client's and the engine's; broken there in the tests of OAuth, of the engine and of base URLs.
      "rotating refresh tokens survive: each new one is kept",
      "a listing that breaks off after any page deletes nobody",
      "other credentials, settings or filters delete nobody",
      "every request goes to the app's own host",
      // The same check from another seed.
      "deltas add up to what a full listing shows, whatever happens (history 11)",
      "deltas add up to what a full listing shows, whatever happens (history 13)"
    ])
  })
})
