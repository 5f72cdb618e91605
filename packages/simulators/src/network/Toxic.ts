import { InvalidInput, refuseUnknown, requireInteger, requireObject, requireOneOf } from "../server/InvalidInput.ts"

/** The way of bytes through the proxy: `up` from the client to the server, `down` back. */
export type Direction = "up" | "down"

/**
 * One disturbance of a connection; without `direction` it disturbs both.
 *
 * `latency` each piece arrives later; `bandwidth` no more bytes per second; `slicer` pieces of at most `bytes`, with a
 * pause between them; `slow-close` the end of the stream arrives later; `timeout` nothing gets through while it is there,
 * the connection stays half-open, and with `afterMillis` it is closed then; `reset-peer` both ends get an RST after
 * `afterMillis`; `limit-data` the connection ends after so many bytes.
 */
export type Toxic =
  | {
      readonly kind: "latency"
      readonly direction?: Direction
      readonly millis: number
      /** Up to so much more or less, by the proxy's seed. */
      readonly jitterMillis?: number
    }
  | { readonly kind: "bandwidth"; readonly direction?: Direction; readonly bytesPerSecond: number }
  | { readonly kind: "slicer"; readonly direction?: Direction; readonly bytes: number; readonly pauseMillis?: number }
  | { readonly kind: "slow-close"; readonly direction?: Direction; readonly millis: number }
  | { readonly kind: "timeout"; readonly direction?: Direction; readonly afterMillis?: number }
  | { readonly kind: "reset-peer"; readonly afterMillis?: number }
  | { readonly kind: "limit-data"; readonly direction?: Direction; readonly bytes: number }

/** The word for a kind of disturbance. */
export type ToxicKind = Toxic["kind"]

/** What each kind takes, with the smallest value; `?` marks what may be left out. */
const fields: Readonly<Record<ToxicKind, Readonly<Record<string, number>>>> = {
  latency: { millis: 0, "jitterMillis?": 0 },
  bandwidth: { bytesPerSecond: 1 },
  slicer: { bytes: 1, "pauseMillis?": 0 },
  "slow-close": { millis: 0 },
  timeout: { "afterMillis?": 0 },
  "reset-peer": { "afterMillis?": 0 },
  "limit-data": { bytes: 0 }
}

/** All kinds of disturbance. */
export const toxicKinds = Object.keys(fields) as ReadonlyArray<ToxicKind>

/** The toxic as it was given, or `InvalidInput` that names the field. */
export const validated = (toxic: Toxic): Toxic => {
  const given = requireObject("toxic", toxic)
  const kind = requireOneOf("kind", given.kind, toxicKinds)
  const known = Object.entries(fields[kind])
  const directed = kind === "reset-peer" ? [] : ["direction"]
  refuseUnknown("", given, ["kind", ...directed, ...known.map(([name]) => name.replace("?", ""))])
  if (given.direction !== undefined) requireOneOf("direction", given.direction, ["up", "down"])
  for (const [name, least] of known) {
    const field = name.replace("?", "")
    if (name !== field && given[field] === undefined) continue
    requireInteger(field, given[field], least, Number.MAX_SAFE_INTEGER)
  }
  if (given.afterMillis !== undefined && (given.afterMillis as number) > 2_000_000_000) {
    throw new InvalidInput("afterMillis", "must be at most 2,000,000,000")
  }
  return toxic
}
