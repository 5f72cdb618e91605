/** Runs every benchmark, each in a process of its own with the settings that `crochet serve` gives itself. `npm run bench`. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const flags = ["--max-semi-space-size=16", "--max-old-space-size=1024"]
const variables = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "131072" }

for (const name of ["sync.ts", "mapping.ts", "delivery.ts", "bulk.ts"]) {
  const { status } = spawnSync(process.execPath, [...flags, join(import.meta.dirname, name)], {
    env: { ...variables, ...process.env },
    stdio: "inherit"
  })
  if (status !== 0) process.exit(status ?? 1)
}
