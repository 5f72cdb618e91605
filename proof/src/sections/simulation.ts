import { exactly, type Report, type Request, type Section, told, within } from "../Section.ts"

const run = async (request: Request): Promise<Report> => {
  const { ci, long, say, seed } = request
  // Loaded when it is wanted: it brings the whole core along.
  const { proveSimulation } = await import("../simulation.ts")
  const seeds = long ? 100_000 : 2000
  // A change waits for the same seeds each time; a night looks for new ones.
  const from = ci ? 1 : 1 + (seed % 1_000_000)
  let next = 500
  const numbers = await proveSimulation({
    seeds,
    from,
    progress: (sofar) => {
      if (sofar.seeds < next) return
      next += 500
      say(`  ${sofar.seeds} seeds, ${sofar.violations} violations`)
    }
  })
  return {
    lines: [
      exactly("seeds of four virtual days each", numbers.seeds, seeds),
      exactly("violations of I1 to I12", numbers.violations, 0),
      told("events", `${numbers.events} in ${numbers.requests} attempts, ${numbers.expired} expired`),
      told("crashes", `${numbers.crashes}, ${numbers.duplicates} duplicates after faults`),
      ...(long ? [] : [within(request, "time", numbers.seconds, 60, " s", 0)])
    ],
    details: numbers.reports,
    raw: { from, ...numbers }
  }
}

/** M2, F-76. */
export const section: Section = {
  name: "simulation",
  shows: "the core over four virtual days with faults at every step, seed by seed",
  run
}
