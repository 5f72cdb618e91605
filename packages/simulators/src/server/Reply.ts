import type { Random } from "./Random.ts"

/** A request as an app's simulator sees it. */
export interface Request {
  readonly method: string
  /** Decoded path without query. */
  readonly path: string
  readonly query: URLSearchParams
  /** The simulator's own address, for links. */
  readonly origin: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** An answer: `json` is encoded by the server (so that key order can be shuffled), `text` is sent as it is. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
}

/**
 * Writes JSON with keys in random order and random white space. The meaning is the same, so whoever compares records by
 * their text, and not canonically, sees changes where there are none. Integer-like keys stay in ascending order when parsed
 * again: that is JavaScript, not the wire.
 */
export const shuffledJson = (value: unknown, random: Random): string => {
  const gap = () => (random.chance(0.15) ? random.pick([" ", "\n", "\t", "  "]) : "")
  if (Array.isArray(value))
    return `[${value.map((item) => gap() + shuffledJson(item ?? null, random)).join(",")}${gap()}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  for (let index = entries.length - 1; index > 0; index--) {
    const other = random.integer(0, index)
    const [a, b] = [entries[index], entries[other]]
    if (a !== undefined && b !== undefined) {
      entries[index] = b
      entries[other] = a
    }
  }
  const members = entries.map(
    ([key, member]) => `${gap()}${JSON.stringify(key)}:${gap()}${shuffledJson(member, random)}`
  )
  return `{${members.join(",")}${gap()}}`
}
