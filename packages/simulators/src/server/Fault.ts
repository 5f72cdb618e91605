import {
  InvalidInput,
  refuseUnknown,
  requireInteger,
  requireObject,
  requireOneOf,
  requireText
} from "./InvalidInput.ts"

/**
 * What a fault does to an answer:
 * `status` a bare status (500 unless told); `rate-limit` 429 with Retry-After; `hang` no answer ever; `reset` the
 * connection breaks before the first byte; `truncate` it breaks in the middle of the body; `html` a proxy's page instead
 * of JSON; `empty-list` a genuine-looking answer with nobody in it; `drop-page` the page's records are missing while
 * totals and the way to the next page stay; `slow` the true answer, late.
 */
export const faultKinds = [
  "status",
  "rate-limit",
  "hang",
  "reset",
  "truncate",
  "html",
  "empty-list",
  "slow",
  "drop-page"
] as const

/** A kind of fault that can be injected. */
export type FaultKind = (typeof faultKinds)[number]

/** A fault to be injected into the next `times` matching requests. */
export interface Fault {
  readonly kind: FaultKind
  /** Which requests it hits: method exactly, path (with query as sent, or decoded) by substring. Without it, all. */
  readonly match?: { readonly method?: string; readonly path?: string }
  /** How many matching requests it hits, `Infinity` for all. Default 1. */
  readonly times?: number
  /** How many matching requests pass unharmed first. Default 0. */
  readonly after?: number
  /** Status of `status` (default 500) and `html` (default 200). */
  readonly status?: number
  /** `Retry-After` in seconds; `rate-limit` sends 1 unless told, null leaves the header out. */
  readonly retryAfter?: number | null
  /** How long `slow` waits. Default 1,000. */
  readonly delayMillis?: number
}

/** A fault that waits for requests, as `control.faults()` lists it. */
export interface ArmedFault extends Fault {
  readonly id: number
  readonly left: number
  readonly hits: number
}

/** Reads a fault from JSON, where `Infinity` is written as the text "Infinity". */
export const readFault = (input: unknown): Fault => {
  const given = requireObject("fault", input)
  refuseUnknown("", given, ["kind", "match", "times", "after", "status", "retryAfter", "delayMillis"])
  const fault: { -readonly [K in keyof Fault]: Fault[K] } = { kind: requireOneOf("kind", given.kind, faultKinds) }
  if (given.match !== undefined) {
    const match = requireObject("match", given.match)
    refuseUnknown("match", match, ["method", "path"])
    fault.match = {
      ...(match.method === undefined ? {} : { method: requireText("match.method", match.method).toUpperCase() }),
      ...(match.path === undefined ? {} : { path: requireText("match.path", match.path) })
    }
  }
  if (given.times === "Infinity" || given.times === Infinity) fault.times = Infinity
  else if (given.times !== undefined) {
    if (typeof given.times !== "number") {
      throw new InvalidInput("times", `must be a whole number from 1 or "Infinity", got ${JSON.stringify(given.times)}`)
    }
    fault.times = requireInteger("times", given.times, 1, 1_000_000_000)
  }
  if (given.after !== undefined) fault.after = requireInteger("after", given.after, 0, 1_000_000_000)
  if (given.status !== undefined) fault.status = requireInteger("status", given.status, 200, 599)
  if (given.retryAfter === null) fault.retryAfter = null
  else if (given.retryAfter !== undefined) fault.retryAfter = requireInteger("retryAfter", given.retryAfter, 0, 86_400)
  if (given.delayMillis !== undefined) fault.delayMillis = requireInteger("delayMillis", given.delayMillis, 0, 600_000)
  return fault
}

/** The faults that wait for requests. The first that matches is used, one per request. */
export class Faults {
  readonly #armed: Array<{ id: number; fault: Fault; skip: number; left: number; hits: number }> = []
  #lastId = 0

  add(fault: Fault): ArmedFault {
    const checked = readFault(fault)
    const entry = { id: ++this.#lastId, fault: checked, skip: checked.after ?? 0, left: checked.times ?? 1, hits: 0 }
    this.#armed.push(entry)
    return { ...checked, id: entry.id, left: entry.left, hits: 0 }
  }

  clear(): number {
    return this.#armed.splice(0).length
  }

  list(): ReadonlyArray<ArmedFault> {
    return this.#armed.map(({ fault, hits, id, left }) => ({ ...fault, id, left, hits }))
  }

  /** The fault for this request, used up by one. */
  take(method: string, target: string, path: string): Fault | undefined {
    for (const [index, entry] of this.#armed.entries()) {
      const { match } = entry.fault
      if (match?.method !== undefined && match.method !== method) continue
      if (match?.path !== undefined && !target.includes(match.path) && !path.includes(match.path)) continue
      if (entry.skip > 0) {
        entry.skip--
        continue
      }
      entry.hits++
      entry.left--
      if (entry.left <= 0) this.#armed.splice(index, 1)
      return entry.fault
    }
    return undefined
  }
}
