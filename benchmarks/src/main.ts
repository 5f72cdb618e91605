import { measureSync } from "./sync.ts"

const count = Number(process.argv[2] ?? 100_000)
console.log(`${count.toLocaleString("en")} employees of 1.2 KB, SQLite, Node ${process.versions.node}`)
console.table(
  (await measureSync(count)).map(({ perSecond, ratio, residentMegabytes, what }) => ({
    what,
    "records/s": Math.round(perSecond),
    "of the limit": ratio.toFixed(3),
    "resident MB": residentMegabytes
  }))
)
