/** Simulates the ranges of seeds that the main thread asks for. */
import { parentPort } from "node:worker_threads"
import { runSeeds } from "./simulationSeeds.ts"

parentPort!.on("message", (range: { readonly from: number; readonly to: number }) => {
  void runSeeds(range.from, range.to).then((totals) => parentPort!.postMessage(totals))
})
