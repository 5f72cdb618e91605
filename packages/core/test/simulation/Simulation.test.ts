import { assert, describe, it } from "vitest"
import { createHmac } from "node:crypto"
import { Simulation } from "@crochet/core/testing"

/** Few, so that every run of the tests has them; `npm run prove` has thousands. */
const seeds = Array.from({ length: Number(process.env["SIMULATION_SEEDS"] ?? 24) }, (_, index) => index + 1)

const hmac: Simulation.Hmac = (key, data) => createHmac("sha256", key).update(data).digest()

const explain = ({ seed, trace, violations }: Simulation.Report): string =>
  violations
    .slice(0, 3)
    .map(({ about, invariant, message }) => `seed ${seed}: ${invariant}: ${message}\n${trace.about(about, 30)}`)
    .join("\n")

describe("whatever happens to processes, stores, apps and receivers within four days", () => {
  it("no invariant is violated", async () => {
    const seen = { requests: 0, crashes: 0, expired: 0, hours: 0 }
    for (const seed of seeds) {
      const report = await Simulation.simulate(seed, { hmac })
      assert.strictEqual(report.violations.length, 0, explain(report))
      assert.isAtLeast(report.virtualHours, 96, `seed ${seed} covers the whole window`)
      seen.requests += report.requests
      seen.crashes += report.crashes
      seen.expired += report.expired
      seen.hours += report.virtualHours
    }
    assert.isAbove(seen.requests, 20 * seeds.length, "there was something to deliver")
    assert.isAbove(seen.crashes, seeds.length, "processes died")
    assert.isAbove(seen.expired, 0, "events expired")
  })

  it("the same seed gives the same trace, byte for byte", async () => {
    const [first, again, other] = [
      await Simulation.simulate(7, { hmac }),
      await Simulation.simulate(7),
      await Simulation.simulate(8, { hmac })
    ].map(({ trace }) => trace.text())
    assert.isAbove(first!.length, 10_000)
    assert.strictEqual(again, first)
    assert.notStrictEqual(other, first)
  })
})

describe("a simulation notices when", () => {
  for (const [what, sabotage] of Object.entries(Simulation.sabotages)) {
    it(`${what} (${sabotage.breaks})`, async () => {
      const found = new Set<string>()
      for (let seed = 1; seed <= 40; seed++) {
        const { violations } = await Simulation.simulate(seed, { sabotage, hmac })
        for (const { invariant } of violations) found.add(invariant)
        if (found.has(sabotage.breaks)) return
      }
      assert.fail(`${sabotage.breaks} is not reported within 40 seeds, only ${[...found].join(", ") || "nothing"}`)
    })
  }

  it("any invariant is broken: each has its sabotage", () => {
    const broken = new Set(Object.values(Simulation.sabotages).map(({ breaks }) => breaks.split(" ")[0]))
    for (let n = 1; n <= 12; n++) assert.isTrue(broken.has(`I${n}`), `I${n}`)
  })
})
