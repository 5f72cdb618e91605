import { describe, it } from "vitest"
import { Effect } from "effect"
import * as References from "effect/References"
import * as fc from "fast-check"
import { play } from "./History.ts"
import { histories } from "./HistorySteps.ts"

const run = (history: Parameters<typeof play>[0]) =>
  Effect.runPromise(play(history).pipe(Effect.provideService(References.MinimumLogLevel, "None")))

/** `HISTORY_SEED` and `HISTORY_RUNS` play others than the usual ones. */
const seed = Number(process.env["HISTORY_SEED"] ?? 20_260_822)
const numRuns = Number(process.env["HISTORY_RUNS"] ?? 150)

describe("whatever happens to an app, a run, a store and a receiver", () => {
  it("the receiver ends with exactly the app's active records", { timeout: 300_000 }, async () => {
    await fc.assert(fc.asyncProperty(histories, run), { seed, numRuns, endOnFailure: false })
  })
})
