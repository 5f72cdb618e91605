import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { CrashPoint } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { plans } from "../src/kills/Plans.ts"

const root = join(import.meta.dirname, "../..")
const sources = globSync("packages/*/src/**/*.ts", { cwd: root, exclude: ["**/node_modules", "**/dist"] })
const calls = new Map<string, Array<string>>()
for (const file of sources) {
  for (const [, name] of readFileSync(join(root, file), "utf8").matchAll(/CrashPoint\.at\("([^"]+)"\)/g)) {
    calls.set(name!, [...(calls.get(name!) ?? []), file])
  }
}

describe("crash points", () => {
  it("each is passed somewhere in the sources, and no call names one that is not registered", () => {
    const registered = CrashPoint.points.map(({ name }) => name)
    assert.lengthOf(new Set(registered), registered.length, "a name is registered twice")
    assert.deepStrictEqual([...calls.keys()].toSorted(), registered.toSorted())
  })

  it("each has a plan that kills a real process there", () => {
    // `npm run prove` fails when a plan does not bring the process to its point.
    assert.deepStrictEqual(Object.keys(plans).toSorted(), CrashPoint.points.map(({ name }) => name).toSorted())
  })

  it("each says where it is and names rows of the fault matrix", () => {
    const page = readFileSync(join(root, "docs/reliability.md"), "utf8")
    for (const { name, rows, where } of CrashPoint.points) {
      assert.isAbove(where.length, 20, name)
      assert.isNotEmpty(rows, name)
      for (const row of rows) assert.include(page, `| ${row} |`, `${name} names ${row}`)
    }
  })

  it("can be watched by a test program only: neither settings nor the environment reach it", () => {
    const watchers = sources.filter((file) => readFileSync(join(root, file), "utf8").includes("CrashPoint.watch"))
    assert.deepStrictEqual(watchers, [])
    const marked = readFileSync(join(root, "packages/core/src/crash/CrashPoint.ts"), "utf8")
    assert.notMatch(marked, /\bprocess\.|\benv\b|Config|^import /m)
  })

  it("tells the watcher in the very step, and nobody afterwards", () => {
    const seen: Array<string> = []
    const stop = CrashPoint.watch((point) => seen.push(point))
    CrashPoint.at("page.read")
    stop()
    CrashPoint.at("page.committed")
    assert.deepStrictEqual(seen, ["page.read"])
  })

  it("costs nothing that can be measured while nobody watches", () => {
    const passes = 1_000_000
    const nanoseconds = () => {
      const began = process.hrtime.bigint()
      for (let pass = 0; pass < passes; pass++) CrashPoint.at("settle.committed")
      return Number(process.hrtime.bigint() - began) / passes
    }
    const best = Math.min(...Array.from({ length: 20 }, nanoseconds))
    // An event passes two, and takes some hundred thousand.
    assert.isBelow(best, 100)
  })
})
