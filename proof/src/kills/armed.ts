/**
 * Preloaded into the real program by the kill runner (`node --import`), never part of a package: kills the process, or
 * stops it, when it passes the crash point that it was told, in the very step in which it passes it.
 */
import { readdirSync, writeSync } from "node:fs"
import { createRequire, syncBuiltinESMExports } from "node:module"
import { monitorEventLoopDelay } from "node:perf_hooks"
import type { DatabaseSync } from "node:sqlite"
import { BroadcastChannel, isMainThread } from "node:worker_threads"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type { Gauges, Message, Order } from "./Order.ts"

/** Between the program and the thread of its database, into which this is preloaded, too. */
const threads = new BroadcastChannel("crochet-proof")

if (isMainThread) {
  const { CrashPoint } = await import("@crochet/core")
  let order: Order | null = JSON.parse(process.env["CROCHET_PROOF_ORDER"] ?? "null")
  let passes = 0

  CrashPoint.watch((point) => {
    if (order === null || point !== order.point || ++passes < order.pass) return
    const { signal } = order
    order = null
    // Straight into the pipe: what is buffered dies with the process.
    writeSync(2, `[${signal} at ${point}]\n`)
    process.kill(process.pid, signal)
    // Signals to oneself may take a moment, and nothing more may happen in it.
    if (signal === "SIGKILL") for (;;);
  })

  // Begins with the first question: who is not asked is not measured.
  const resolution = 10
  const loop = monitorEventLoopDelay({ resolution })
  const gauges = (): Gauges => {
    // What it records is when its own timer fired: that of an idle loop is the resolution.
    const loopP99Millis = Math.max(0, loop.percentile(99) / 1e6 - resolution)
    setFlagsFromString("--expose-gc")
    ;(runInNewContext("gc") as () => void)()
    loop.enable()
    loop.reset()
    const { heapUsed, rss } = process.memoryUsage()
    let openFiles: number | undefined
    try {
      openFiles = readdirSync("/proc/self/fd").length
    } catch {
      // Only Linux has it.
    }
    return { residentMegabytes: rss / 2 ** 20, heapMegabytes: heapUsed / 2 ** 20, openFiles, loopP99Millis }
  }

  process.on("message", (message: Message) => {
    if ("gauges" in message) return void process.send?.({ gauges: gauges() })
    if ("order" in message) {
      order = message.order
      passes = 0
      process.send?.({ understood: message })
      return
    }
    threads.onmessage = () => process.send?.({ understood: message })
    threads.unref()
    threads.postMessage(message.pragma)
  })
  // Listening for orders keeps nobody alive.
  process.channel?.unref()
  threads.unref()
} else {
  // A full or read-only disk, as SQLite itself reports it: on the very connection that the program has.
  const sqlite = createRequire(import.meta.url)("node:sqlite") as { DatabaseSync: typeof DatabaseSync }
  const Original = sqlite.DatabaseSync
  const opened = new Set<DatabaseSync>()
  sqlite.DatabaseSync = class extends Original {
    constructor(...options: ConstructorParameters<typeof DatabaseSync>) {
      super(...options)
      opened.add(this)
    }
  }
  syncBuiltinESMExports()

  threads.onmessage = ({ data }) => {
    for (const database of opened) database.exec(`PRAGMA ${String(data)}`)
    threads.postMessage("understood")
  }
  threads.unref()
}
