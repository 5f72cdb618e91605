/**
 * In a process of its own: what a package costs to import on top of core and models, which every connector shares, and
 * which of our connectors' files were read for it. Prints JSON.
 */
import { registerHooks } from "node:module"
import type { Imported } from "./mapping.ts"

const read = new Set<string>()
registerHooks({
  load: (url, context, next) => {
    const [, connector] = /\/connectors\/([^/]+)\//.exec(url) ?? []
    if (connector !== undefined) read.add(connector)
    return next(url, context)
  }
})

await import("@crochet/core")
await import("@crochet/models")
const before = process.memoryUsage().heapUsed
const began = performance.now()
await import(process.argv[2]!)
const imported: Imported = {
  millis: performance.now() - began,
  heapKilobytes: Math.round((process.memoryUsage().heapUsed - before) / 1024),
  connectors: [...read]
}
process.stdout.write(JSON.stringify(imported))
