import { readFileSync } from "node:fs"
import { afterAll, assert, describe, it } from "@effect/vitest"
import type { Gauges } from "../src/kills/Order.ts"
import { changed, linesOf, type Soak } from "../src/sections/soak.ts"
import { cleanUp } from "../src/world/CleanUp.ts"
import { app, littleMemory } from "../src/world/World.ts"

afterAll(cleanUp)

const minutes = 300
const steady: Gauges = {
  residentMegabytes: 350,
  heapMegabytes: 60,
  threadHeapMegabytes: 13,
  externalMegabytes: 40,
  openFiles: 54,
  loopP99Millis: 12
}
const whole: Omit<Soak, "samples"> = {
  runs: 9,
  events: 99,
  requests: 100,
  pending: 0,
  unknown: 0,
  unbalanced: 0,
  restarts: 0
}

const broken = (at: (minute: number) => Partial<Gauges>, rest: Partial<Soak> = {}, time = minutes) => {
  const samples = Array.from({ length: time * 6 }, (_, sample) => ({ ...steady, ...at(sample / 6) }))
  return linesOf({ ci: false }, "It", time, { ...whole, samples, ...rest })
    .filter(({ holds }) => !holds)
    .map(({ what }) => what)
}

it("a soak runs as operating.md says that a server does", () => {
  const page = readFileSync(new URL("../../docs/operating.md", import.meta.url), "utf8")
  for (const value of Object.entries(littleMemory).map(([name, value]) =>
    name === "NODE_OPTIONS" ? value : `${name}=${value}`
  ))
    assert.include(page, value)
})

it("a soak's records stay as large as they are, however often they change", async () => {
  const simulator = await app({ employees: 3 })
  const [person] = simulator.control.list({ status: "Active" })
  const rows = async () => {
    const counts = ["jobInfo", "employmentStatus", "compensation"].map(async (table) => {
      const path = `/v1/employees/${person!.id}/tables/${table}`
      const headers = { authorization: `Basic ${btoa(`${simulator.apiKey}:x`)}`, accept: "application/json" }
      const answer = await fetch(`${simulator.url}${path}`, { headers })
      return ((await answer.json()) as ReadonlyArray<unknown>).length
    })
    return Promise.all(counts)
  }
  const before = await rows()
  for (let time = 0; time < 5; time++) simulator.control.change(person!.id, changed(`time ${time}`))
  assert.deepStrictEqual(await rows(), before)
})

describe("what a soak says", () => {
  it("holds for a process that stays as it is, however long it takes to warm up", () => {
    assert.deepStrictEqual(
      broken((minute) => ({ residentMegabytes: minute < 60 ? 250 + 1.5 * minute : 345 })),
      []
    )
  })
  it("names memory that grows with time, resident or on the heap", () => {
    assert.match(broken((minute) => ({ residentMegabytes: 300 + 0.4 * minute })).join(), /^It: resident memory, growth/)
    assert.match(
      broken((minute) => ({ heapMegabytes: 60 + 0.1 * minute })).join(),
      /^It: heap after a collection, growth/
    )
  })
  it("tells of memory, and does not judge it, before it is warm", () => {
    assert.deepStrictEqual(
      broken((minute) => ({ residentMegabytes: 300 + 4 * minute }), {}, 24),
      []
    )
  })
  it("names files that stay open, a loop that is late, an end, and events that are missing", () => {
    assert.match(broken((minute) => ({ openFiles: 50 + Math.floor(minute / 10) })).join(), /open files/)
    assert.match(broken(() => ({ loopP99Millis: 51 })).join(), /event loop/)
    assert.lengthOf(
      broken(() => ({}), { pending: 1, unknown: 1, unbalanced: 1, restarts: 1 }),
      4
    )
  })
})
