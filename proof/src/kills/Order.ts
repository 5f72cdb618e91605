import type { CrashPoint } from "@crochet/core"

/** Where the program is to be killed (or stopped): at the given pass of a crash point, counted from the order on. */
export interface Order {
  readonly point: CrashPoint.CrashPoint
  readonly pass: number
  readonly signal: "SIGKILL" | "SIGSTOP"
}

/** What the runner tells an armed program: where to die, what its database does from now on, to say how it is. */
export type Message = { readonly order: Order | null } | { readonly pragma: string } | { readonly gauges: "read" }

/** How a program is, by its own account. */
export interface Gauges {
  readonly residentMegabytes: number
  /** Of the main thread, after a collection. */
  readonly heapMegabytes: number
  /** Undefined where the system does not tell. */
  readonly openFiles: number | undefined
  /** How late the event loop was, 99 times of a hundred at most, since the last time it was asked. */
  readonly loopP99Millis: number
}
