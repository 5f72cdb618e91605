/** Simulates seeds one after the other and adds up what came of them. */
import { Crypto } from "@crochet/core"
import { Simulation } from "@crochet/core/testing"
import { NodeCrypto } from "@crochet/runtime-node"
import { Effect } from "effect"

/** What came of some seeds. */
export interface SimulationTotals {
  seeds: number
  virtualHours: number
  requests: number
  events: number
  expired: number
  repaired: number
  coalesced: number
  pauses: number
  runs: number
  crashes: number
  /** The calls before or after which a process died, each once. */
  crashPoints: ReadonlyArray<string>
  storeCalls: number
  /** Events that arrived more than once, each after a fault. */
  duplicates: number
  violations: number
  /** For people: invariant, seed, how to see it again, the last steps. At most twenty. */
  readonly reports: Array<string>
}

/** Nothing yet. */
export const nothing = (): SimulationTotals => ({
  seeds: 0,
  virtualHours: 0,
  requests: 0,
  events: 0,
  expired: 0,
  repaired: 0,
  coalesced: 0,
  pauses: 0,
  runs: 0,
  crashes: 0,
  crashPoints: [],
  storeCalls: 0,
  duplicates: 0,
  violations: 0,
  reports: []
})

/** Adds the one to the other. */
export const add = (to: SimulationTotals, more: SimulationTotals): void => {
  for (const key of Object.keys(more) as ReadonlyArray<keyof SimulationTotals>) {
    if (key === "reports") to.reports.push(...more.reports.slice(0, Math.max(0, 20 - to.reports.length)))
    else if (key === "crashPoints") to.crashPoints = [...new Set([...to.crashPoints, ...more.crashPoints])]
    else to[key] += more[key]
  }
}

const { hmacSha256: hmac } = Effect.runSync(Effect.provide(Crypto.Crypto, NodeCrypto.layer))

/** Simulates one seed. */
export const runSeed = (seed: number): Promise<Simulation.Report> => Simulation.simulate(seed, { hmac })

/** Simulates seeds `from` up to, not including, `to`. */
export const runSeeds = async (from: number, to: number): Promise<SimulationTotals> => {
  const totals = nothing()
  for (let seed = from; seed < to; seed++) {
    const report = await runSeed(seed)
    const { violations, trace: _, seed: __, ...numbers } = report
    add(totals, { seeds: 1, ...numbers, violations: violations.length, reports: explain(report, 12) })
  }
  return totals
}

/** Says what was violated, under which seed, how to see it again, and the last steps that led there. */
export const explain = ({ seed, trace, violations }: Simulation.Report, steps: number): Array<string> =>
  violations
    .slice(0, 3)
    .map(
      ({ about, invariant, message }) =>
        `${invariant} is violated under seed ${seed}: ${message} (${about.join(", ")})\n` +
        `  see it again: npm run prove -- --seed ${seed}\n` +
        trace.about(about, steps).replace(/^/gm, "    ")
    )
