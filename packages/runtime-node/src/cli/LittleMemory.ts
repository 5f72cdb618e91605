import { getHeapStatistics } from "node:v8"

/** What of a process says how it was started. */
export interface Started {
  readonly platform: NodeJS.Platform
  /** Node's own flags, without those of `NODE_OPTIONS`. */
  readonly execArgv: ReadonlyArray<string>
  readonly environment: NodeJS.ProcessEnv
  /** What V8 allows the heap, in bytes. */
  readonly heapLimit: number
}

/** What a start lacks: flags of Node, and variables that glibc reads before the program's first line. */
export interface Lacking {
  readonly flags: ReadonlyArray<string>
  readonly variables: Readonly<Record<string, string>>
}

const heapMegabytes = 1024

const youngSpace = { flag: "--max-semi-space-size=16", settledBy: /^--max[-_]semi[-_]space[-_]size\b/ }
const oldSpace = {
  flag: `--max-old-space-size=${heapMegabytes}`,
  settledBy: /^--max[-_](old[-_]space[-_]size|heap[-_]size)\b/
}

/**
 * Pages come and go as large buffers. glibc moves its threshold for those up to 32 MB with the first one that is freed,
 * and then keeps what they leave behind between smaller pieces, in a heap for each thread: a tenth of all memory.
 *
 * Source: https://man7.org/linux/man-pages/man3/mallopt.3.html, `M_MMAP_THRESHOLD` and `M_ARENA_MAX`.
 */
const variables = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "131072" }

/**
 * What a server that lives for long is to be started with and was not. What somebody has set stays: a flag, also in
 * `NODE_OPTIONS`, and for glibc any `MALLOC_*` variable, `GLIBC_TUNABLES` or another allocator in `LD_PRELOAD`. A heap
 * that is smaller anyway, as in a small container, stays as small.
 */
export const lacking = ({ environment, execArgv, heapLimit, platform }: Started): Lacking => {
  const given = [...execArgv, ...(environment["NODE_OPTIONS"] ?? "").split(/\s+/)]
  const settled = Object.keys(environment).some((name) => /^(MALLOC_.*|GLIBC_TUNABLES|LD_PRELOAD)$/.test(name))
  const wanted = heapLimit > heapMegabytes * 1024 * 1024 ? [youngSpace, oldSpace] : [youngSpace]
  return {
    flags: wanted.filter(({ settledBy }) => !given.some((flag) => settledBy.test(flag))).map(({ flag }) => flag),
    variables: platform === "linux" && !settled ? variables : {}
  }
}

/**
 * Starts this process again with what it lacks, in its place: the same process id, arguments and standard streams. To be
 * called before anything else has begun. It returns where nothing is lacking, where a process cannot be replaced
 * (Windows, Node's permission model), and where a parent would lose its channel to it (`fork`, process managers).
 */
export const restartWithLittleMemory = (): void => {
  if (process.execve === undefined || process.connected || process.permission?.has("child") === false) return
  const lacks = lacking({
    platform: process.platform,
    execArgv: process.execArgv,
    environment: process.env,
    heapLimit: getHeapStatistics().heap_size_limit
  })
  if (lacks.flags.length === 0 && Object.keys(lacks.variables).length === 0) return
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...lacks.flags, ...process.argv.slice(1)], {
    ...process.env,
    ...lacks.variables
  })
}
