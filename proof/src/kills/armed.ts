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
import type { Gauges, Message, Order, ThreadMemory, ThreadMessage } from "./Order.ts"

/** Between the program and the thread of its database, into which this is preloaded, too. */
const threads = new BroadcastChannel("crochet-proof")

/** The memory of the thread that asks, once everything is collected. */
const collected = (): ThreadMemory => {
  setFlagsFromString("--expose-gc")
  ;(runInNewContext("gc") as () => void)()
  const { external, heapUsed } = process.memoryUsage()
  return { heapUsed, external }
}

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

  // SQLite's thread says that it is there; with Postgres there is none.
  let hasThread = false
  threads.onmessage = () => (hasThread = true)
  const askThread = (message: ThreadMessage): Promise<unknown> =>
    new Promise((resolve) => {
      threads.onmessage = ({ data }) => resolve(data)
      threads.unref()
      threads.postMessage(message)
    })

  // Begins with the first question: who is not asked is not measured.
  const resolution = 10
  const loop = monitorEventLoopDelay({ resolution })
  const gauges = async (): Promise<Gauges> => {
    const thread = hasThread ? ((await askThread({ memory: "read" })) as ThreadMemory) : undefined
    // What it records is when its own timer fired: that of an idle loop is the resolution.
    const loopP99Millis = Math.max(0, loop.percentile(99) / 1e6 - resolution)
    const main = collected()
    loop.enable()
    loop.reset()
    let openFiles: number | undefined
    try {
      openFiles = readdirSync("/proc/self/fd").length
    } catch {
      // Only Linux has it.
    }
    return {
      residentMegabytes: process.memoryUsage.rss() / 2 ** 20,
      heapMegabytes: main.heapUsed / 2 ** 20,
      threadHeapMegabytes: thread === undefined ? undefined : thread.heapUsed / 2 ** 20,
      externalMegabytes: (main.external + (thread?.external ?? 0)) / 2 ** 20,
      openFiles,
      loopP99Millis
    }
  }

  process.on("message", (message: Message) => {
    if ("gauges" in message) return void gauges().then((gauges) => process.send?.({ gauges }))
    if ("pragma" in message) return void askThread(message).then(() => process.send?.({ understood: message }))
    order = message.order
    passes = 0
    process.send?.({ understood: message })
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
    const message = data as ThreadMessage
    if ("memory" in message) return threads.postMessage(collected())
    for (const database of opened) database.exec(`PRAGMA ${message.pragma}`)
    threads.postMessage("understood")
  }
  threads.postMessage("here")
  threads.unref()
}
