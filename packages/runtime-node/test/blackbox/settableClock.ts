/**
 * Loaded before a program: sets its time by what `CROCHET_CLOCK_START` says, and at each SIGUSR2 by what
 * `CROCHET_CLOCK_STEP` says, milliseconds. The system's clock stays as it is.
 */
import { isMainThread } from "node:worker_threads"

let shift = Number(process.env["CROCHET_CLOCK_START"] ?? 0)
const step = Number(process.env["CROCHET_CLOCK_STEP"] ?? 0)
const real = Date.now
Date.now = () => real() + shift
if (isMainThread && step !== 0) process.on("SIGUSR2", () => void (shift += step))
