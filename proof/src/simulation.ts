/**
 * Simulates core over four virtual days, seed by seed, and fails when an invariant is violated.
 *
 *     node proof/src/simulation.ts --seeds 2000 [--from 1] [--workers 2]
 *     node proof/src/simulation.ts --seed 17 [--trace]
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { Worker } from "node:worker_threads"
import { add, explain, nothing, runSeed, type SimulationTotals } from "./simulationSeeds.ts"

/** Totals and how long they took. */
export interface SimulationNumbers extends SimulationTotals {
  readonly seconds: number
}

const chunk = 10

/** Simulates `seeds` seeds beginning with `from`, on so many threads. */
export const proveSimulation = async (options: {
  readonly seeds: number
  readonly from?: number
  readonly workers?: number
  readonly progress?: (sofar: SimulationTotals) => void
}): Promise<SimulationNumbers> => {
  const { from = 1, progress, seeds, workers = Math.min(4, availableParallelism()) } = options
  const began = performance.now()
  const totals = nothing()
  let next = from
  const worker = () =>
    new Promise<void>((resolve, reject) => {
      const thread = new Worker(new URL("./simulationWorker.ts", import.meta.url))
      const ask = () => {
        if (next >= from + seeds) {
          resolve()
          return void thread.terminate()
        }
        const range = { from: next, to: Math.min(next + chunk, from + seeds) }
        next = range.to
        thread.postMessage(range)
      }
      thread.on("message", (more: SimulationTotals) => {
        add(totals, more)
        progress?.(totals)
        ask()
      })
      thread.on("error", reject)
      ask()
    })
  await Promise.all(Array.from({ length: workers }, worker))
  return { ...totals, seconds: (performance.now() - began) / 1000 }
}

/** The numbers in words. */
export const describeSimulation = (numbers: SimulationNumbers): string => {
  const n = (value: number) => Math.round(value).toLocaleString("en")
  return (
    `simulation: ${n(numbers.seeds)} seeds, ${n(numbers.virtualHours)} virtual hours, ${n(numbers.events)} events ` +
    `(${n(numbers.expired)} expired, ${n(numbers.repaired)} of them replayed, ${n(numbers.coalesced)} coalesced), ` +
    `${n(numbers.pauses)} pauses, ${n(numbers.requests)} attempts, ${n(numbers.crashes)} crashes at ${n(numbers.crashPoints.length)} points, ` +
    `${n(numbers.duplicates)} duplicates after faults, ${n(numbers.violations)} violations, ${numbers.seconds.toFixed(1)} s`
  )
}

/** The program; answers with its exit code. */
export const main = async (args: ReadonlyArray<string>): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "2000" },
      from: { type: "string", default: "1" },
      workers: { type: "string" },
      seed: { type: "string" },
      trace: { type: "boolean", default: false }
    }
  })
  const whole = (name: string, text: string): number => {
    const number = Number(text)
    if (!Number.isInteger(number) || number < 0)
      throw new Error(`--${name} ${text}: give a whole number, e.g. --${name} 17`)
    return number
  }
  if (values.seed !== undefined) {
    const report = await runSeed(whole("seed", values.seed))
    const { trace, violations, ...numbers } = report
    if (values.trace) console.log(trace.text())
    console.log(JSON.stringify({ ...numbers, violations: violations.length }))
    for (const text of explain(report, 40)) console.error(text)
    return violations.length === 0 ? 0 : 1
  }
  const numbers = await proveSimulation({
    seeds: whole("seeds", values.seeds),
    from: whole("from", values.from),
    ...(values.workers === undefined ? {} : { workers: whole("workers", values.workers) })
  })
  for (const text of numbers.reports) console.error(text)
  console.log(describeSimulation(numbers))
  return numbers.violations === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
