import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { atTheEnd } from "./CleanUp.ts"

const bin = fileURLToPath(new URL("../../../packages/runtime-node/src/bin.ts", import.meta.url))
const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url))

/** Half of a start is compiling the same sources: that is done once for all. */
const compiled = fileURLToPath(new URL("../../../node_modules/.cache/crochet-tests", import.meta.url))

/** Gives a process the ears for crash points; no program that is shipped has it. */
const armed = new URL("../kills/armed.ts", import.meta.url).href

/** An empty folder in which the workspace's packages can be imported, but only these connectors are installed. */
export const folder = (connectors: ReadonlyArray<string> = []): string => {
  const path = mkdtempSync(join(tmpdir(), "crochet-serve-"))
  atTheEnd(() => rmSync(path, { recursive: true, force: true }))
  mkdirSync(join(path, "node_modules", "@crochet"), { recursive: true })
  for (const name of ["core", "runtime-node", ...connectors]) {
    symlinkSync(join(modules, "@crochet", name), join(path, "node_modules", "@crochet", name))
  }
  return path
}

/** A running `crochet`, ended by `cleanUp` at the latest. */
export interface Program {
  readonly child: ChildProcess
  readonly output: () => string
  /** Waits until the output matches. */
  readonly shows: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly exit: Promise<number | null>
}

/**
 * Runs the program with this environment alone: no setting of the machine gets in. When it is armed, it can be told over
 * its channel at which crash point to die.
 */
export const start = (
  directory: string,
  args: ReadonlyArray<string>,
  environment: Record<string, string> = {},
  options: { readonly armed?: boolean } = {}
): Program => {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CROCHET_")))
  const flags = ["--conditions=@crochet/source", ...(options.armed === true ? ["--import", armed] : [])]
  const child = spawn(process.execPath, [...flags, bin, ...args], {
    cwd: directory,
    env: { ...inherited, NODE_COMPILE_CACHE: compiled, CROCHET_PORT: "0", NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe", ...(options.armed === true ? ["ipc" as const] : [])]
  })
  atTheEnd(() => child.kill("SIGKILL"))
  let output = ""
  let check = () => {}
  const exit = new Promise<number | null>((resolve) =>
    child.on("close", (code) => {
      resolve(code)
      check()
    })
  )
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk)
      check()
    })
  }
  return {
    child,
    output: () => output,
    exit,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        check = () => {
          const found = pattern.exec(output)
          if (found !== null) {
            // A server that says much must not be searched again with each word.
            check = () => {}
            resolve(found)
          } else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`Ended without ${pattern}:\n${output}`))
        }
        check()
      })
  }
}

/** `crochet serve`, when it can be reached. */
export const serving = async (
  directory: string,
  environment?: Record<string, string>,
  options?: { readonly armed?: boolean }
) => {
  const program = start(directory, ["serve"], environment, options)
  const [, url = ""] = await program.shows(/is running at (http:\S+)/)
  await program.shows(/"message":"Ready"/)
  const key = /^ {2}(crochet_live_\S+)$/m.exec(program.output())?.[1]
  return { ...program, url, key }
}
/** Ends it, and waits until it has ended; answers its exit code, null after a signal. */
export const stop = async (program: Program, signal: NodeJS.Signals = "SIGTERM") => {
  program.child.kill(signal)
  return program.exit
}
