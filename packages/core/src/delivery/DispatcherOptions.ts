import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A setting of the dispatcher that cannot work. */
export class InvalidDispatcherOptions extends Schema.TaggedError<InvalidDispatcherOptions>()(
  "InvalidDispatcherOptions",
  {
    field: Schema.String,
    problem: Schema.String
  }
) {
  override get message(): string {
    return `Dispatcher: ${this.field}: ${this.problem}`
  }
}

/** How the dispatcher works. Times in milliseconds. */
export interface DispatcherOptions {
  /** Requests under way to one destination that does not say itself how many. */
  readonly concurrency: number
  /** Requests under way in the whole process; beyond it workspaces, then destinations, take turns. */
  readonly concurrencyOfAll: number
  /** For one request, its whole answer included. */
  readonly timeoutMillis: number
  /** How long a claimed event stays ours without a sign of life: also how long it waits after a crash. */
  readonly leaseMillis: number
  /** How often leases are prolonged while something is held; a third of the lease at most. */
  readonly heartbeatMillis: number
  /** Destinations for which the store is asked at the same time: outcomes and leases must not wait behind thousands. */
  readonly claimsAtOnce: number
  /** Events that one claim takes at most. */
  readonly claimSize: number
  /** Events that are held at once, by all destinations together; each may have one beyond it. */
  readonly holdMost: number
  /** Bytes of their bodies, likewise. */
  readonly holdBytes: number
  /** Outcomes that one transaction writes at most. */
  readonly groupSize: number
  /** How long an outcome waits at least for others to be written with, while requests are under way (`Settler`). */
  readonly groupMillis: number
  /** How often the store is asked for what is due. */
  readonly scanMillis: number
  /** How long a stop waits for requests under way. */
  readonly stopMillis: number
  /** After how long without progress a loop counts as stuck. */
  readonly stuckMillis: number
  /** A span for every attempt. */
  readonly trace: boolean
}

/** Recovery after a crash within 15 s; a stop waits for every request that is under way. */
export const defaults: DispatcherOptions = {
  concurrency: 16,
  concurrencyOfAll: 1024,
  timeoutMillis: 15_000,
  leaseMillis: 10_000,
  heartbeatMillis: 3000,
  claimsAtOnce: 4,
  claimSize: 512,
  holdMost: 4096,
  holdBytes: 64 * 1024 * 1024,
  groupSize: 512,
  groupMillis: 3,
  scanMillis: 1000,
  stopMillis: 20_000,
  stuckMillis: 120_000,
  trace: false
}

const atLeastOne = [
  "concurrency",
  "concurrencyOfAll",
  "timeoutMillis",
  "leaseMillis",
  "heartbeatMillis",
  "claimsAtOnce",
  "claimSize",
  "holdMost",
  "holdBytes",
  "groupSize",
  "scanMillis",
  "stuckMillis"
] as const

/** Fails with `InvalidDispatcherOptions` that names the field. */
export const check = Effect.fnUntraced(function* (options: DispatcherOptions) {
  for (const field of atLeastOne) {
    if (!Number.isInteger(options[field]) || options[field] < 1) {
      return yield* new InvalidDispatcherOptions({ field, problem: "give a whole number of at least 1" })
    }
  }
  for (const field of ["groupMillis", "stopMillis"] as const) {
    if (!Number.isInteger(options[field]) || options[field] < 0) {
      return yield* new InvalidDispatcherOptions({ field, problem: "give a whole number of at least 0" })
    }
  }
  if (options.heartbeatMillis * 3 > options.leaseMillis) {
    return yield* new InvalidDispatcherOptions({
      field: "heartbeatMillis",
      problem: `give at most a third of leaseMillis (${Math.floor(options.leaseMillis / 3)}): one heartbeat may fail without a lease ending`
    })
  }
})
