import type { CrashPoint } from "@crochet/core"

/** Where the program is to be killed (or stopped): at the given pass of a crash point, counted from the order on. */
export interface Order {
  readonly point: CrashPoint.CrashPoint
  readonly pass: number
  readonly signal: "SIGKILL" | "SIGSTOP"
}

/** What the runner tells an armed program: where to die, what its database does from now on, to say how it is. */
export type Message = { readonly order: Order | null } | { readonly pragma: string } | { readonly gauges: "read" }

/** What the thread of a program's database is told. */
export type ThreadMessage = { readonly pragma: string } | { readonly memory: "read" }

/** The memory of one thread after a collection, bytes. */
export interface ThreadMemory {
  readonly heapUsed: number
  readonly external: number
}

/** How a program is, by its own account. */
export interface Gauges {
  readonly residentMegabytes: number
  /** Of the main thread, after a collection. */
  readonly heapMegabytes: number
  /** Of the thread that SQLite runs in, after a collection; undefined where there is none. */
  readonly threadHeapMegabytes: number | undefined
  /** What the heaps of both hold outside of themselves, above all buffers. */
  readonly externalMegabytes: number
  /** Undefined where the system does not tell. */
  readonly openFiles: number | undefined
  /** How late the event loop was, 99 times of a hundred at most, since the last time it was asked. */
  readonly loopP99Millis: number
}
