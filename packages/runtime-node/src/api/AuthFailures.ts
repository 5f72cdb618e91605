import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

const windowMillis = 60_000
const allowed = 20
const remembered = 10_000

/**
 * Counts calls with wrong keys per address: from the 21st within a minute on they are told to wait. Calls with good
 * keys are never held up, because many callers may share an address behind a proxy.
 */
export const make = () => {
  const failures = new Map<string, { since: number; count: number }>()
  return {
    /** Notes a failure; how many seconds the address must wait, or `undefined` while it is within its limit. */
    note: (address: string): Effect.Effect<number | undefined> =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const known = failures.get(address)
        const entry = known === undefined || now - known.since >= windowMillis ? { since: now, count: 0 } : known
        entry.count++
        failures.delete(address)
        failures.set(address, entry)
        if (failures.size > remembered) failures.delete(failures.keys().next().value ?? address)
        return entry.count > allowed ? Math.ceil((entry.since + windowMillis - now) / 1000) : undefined
      })
  }
}
