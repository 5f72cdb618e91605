/** Runs every benchmark, each in a process of its own with the flags that `npm start` has. `npm run bench`. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

for (const name of ["sync.ts", "mapping.ts", "delivery.ts", "bulk.ts"]) {
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, name)], {
    stdio: "inherit"
  })
  if (status !== 0) process.exit(status ?? 1)
}
