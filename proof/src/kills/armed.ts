/**
 * Preloaded into the real program by the kill runner (`node --import`), never part of a package: kills the process, or
 * stops it, when it passes the crash point that it was told, in the very step in which it passes it.
 */
import { writeSync } from "node:fs"
import { CrashPoint } from "@crochet/core"
import type { Order } from "./Order.ts"

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

process.on("message", (message: { readonly order: Order | null }) => {
  order = message.order
  passes = 0
  process.send?.({ understood: order?.point ?? null })
})
// Listening for orders keeps nobody alive.
process.channel?.unref()
