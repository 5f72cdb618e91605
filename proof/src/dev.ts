import { Simulation } from "@crochet/core/testing"
import { NodeCrypto } from "@crochet/runtime-node"
const from = Number(process.argv[2]), n = Number(process.argv[3])
const sum: Record<string, number> = {}
const began = performance.now()
for (let seed = from; seed < from + n; seed++) {
  const t = performance.now()
  const r = await Simulation.simulate(seed, { crypto: NodeCrypto.layer })
  const ms = performance.now() - t
  for (const [k, v] of Object.entries(r)) if (typeof v === "number") sum[k] = (sum[k] ?? 0) + v
  if (n <= 10) console.log(seed, ms.toFixed(1), JSON.stringify({ ...r, trace: r.trace.length, violations: r.violations.length }))
  for (const v of r.violations.slice(0, n <= 10 ? 5 : 1)) {
    console.log(seed, v.invariant, v.message, v.about.join(" "))
    if (process.argv[4]) console.log(r.trace.about(v.about, Number(process.argv[4])))
  }
}
console.log(((performance.now() - began) / n).toFixed(1), "ms/seed", JSON.stringify(sum))
