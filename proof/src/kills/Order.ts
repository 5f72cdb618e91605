import type { CrashPoint } from "@crochet/core"

/** Where the program is to be killed (or stopped): at the given pass of a crash point, counted from the order on. */
export interface Order {
  readonly point: CrashPoint.CrashPoint
  readonly pass: number
  readonly signal: "SIGKILL" | "SIGSTOP"
}

/** What the runner tells an armed program: where to die, or what its database does from now on. */
export type Message = { readonly order: Order | null } | { readonly pragma: string }
