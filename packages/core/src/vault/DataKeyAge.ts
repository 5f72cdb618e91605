import type { StoredDataKey } from "../store/KeyStore.ts"

/**
 * With random nonces of 96 bits a key may seal 2³² values (NIST SP 800-38D, 8.3). Seals are written down every ten
 * minutes and by a process that ends well, so a quarter of that is where a key is replaced.
 */
const mostSeals = 2 ** 30
const oldestMillis = 90 * 24 * 3_600_000
/**
 * A new key is used only when every process has read it: they look again at the latest after the hour for which keys
 * are kept in memory.
 */
const settledMillis = 2 * 3_600_000

const isSettled = (key: StoredDataKey, now: number): boolean => now - key.createdAt >= settledMillis

/** Whether the owner's newest data key has sealed too much or for too long. A run's key lives too short for that. */
export const needsSuccessor = (keys: ReadonlyArray<StoredDataKey>, now: number): boolean => {
  const newest = keys.at(-1)
  if (newest === undefined || newest.owner === "run") return false
  return newest.seals >= mostSeals || now - newest.createdAt >= oldestMillis
}

/** The index of the data key that seals now: the newest one that every process knows. */
export const current = (keys: ReadonlyArray<StoredDataKey>, now: number): number => {
  for (let at = keys.length - 1; at > 0; at--) if (isSettled(keys[at]!, now)) return at
  return 0
}
