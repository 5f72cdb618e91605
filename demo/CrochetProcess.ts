import { type ChildProcess, spawn } from "node:child_process"
import { appendFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const here = fileURLToPath(new URL(".", import.meta.url))
// Tests run everything from its sources, which this condition stands for.
const fromSources = process.execArgv.includes("--conditions=@crochet/source")
const program = fileURLToPath(
  new URL(`../packages/runtime-node/${fromSources ? "src/bin.ts" : "dist/bin.js"}`, import.meta.url)
)

/** Whatever is set for another Crochet on this machine is none of the demo's business. */
const environment = (settings: { readonly [name: string]: string }) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CROCHET_"))),
  ...settings
})

/** Runs `crochet serve` as a process of its own, with everything that it says in the log file. */
export const startCrochet = (settings: { readonly [name: string]: string }, logFile: string) => {
  const started = performance.now()
  const child = spawn(process.execPath, [...process.execArgv, program, "serve"], {
    cwd: here,
    env: environment(settings),
    stdio: ["ignore", "pipe", "pipe"]
  })
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  return {
    pid: child.pid,
    /** Where it listens, and how long the start took. */
    ready: addressOf(child, logFile).then((url) => ({ url, millis: performance.now() - started })),
    /** Asks it to stop, and waits until it has. */
    stop: async () => {
      child.kill("SIGTERM")
      const tooLong = setTimeout(() => child.kill("SIGKILL"), 15_000)
      await ended
      clearTimeout(tooLong)
      return child.exitCode
    }
  }
}

/** The address that the start prints; rejects with the program's own words if it does not get that far. */
const addressOf = (child: ChildProcess, logFile: string) =>
  new Promise<string>((resolve, reject) => {
    let said = ""
    const listen = (chunk: Buffer) => {
      appendFileSync(logFile, chunk)
      if (said.length > 100_000) return
      said += chunk.toString("utf8")
      const url = /running at (http:\/\/\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on("data", listen)
    child.stderr?.on("data", listen)
    child.once("error", reject)
    child.once("close", (code) => reject(new Error(`crochet serve ended with code ${code}:\n${said.slice(-2000)}`)))
    setTimeout(
      () => reject(new Error(`crochet serve did not start within 30 s:\n${said.slice(-2000)}`)),
      30_000
    ).unref()
  })
