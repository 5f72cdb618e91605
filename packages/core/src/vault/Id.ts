import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Crypto } from "./Crypto.ts"

/** The kinds of things that have ids: integration, job, run, destination, API key, workspace, event, webhook key, replay, authorisation. */
export type Prefix = "int" | "sj" | "sr" | "dest" | "key" | "ws" | "ev" | "whk" | "rp" | "au" | "rv"

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

/**
 * A new id, e.g. `sr_01jd6q3m8x…`: ten characters of time (Crockford's base 32, like a ULID), so that ids sort by age,
 * and sixteen random ones (80 bits).
 */
export const make = (crypto: Pick<Crypto["Service"], "randomBytes">, prefix: Prefix): Effect.Effect<string> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    let time = ""
    for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = alphabet[rest % 32]! + time
    return `${prefix}_${time}${Array.from(crypto.randomBytes(16), (byte) => alphabet[byte % 32]).join("")}`
  })
