import type { Crypto } from "./Crypto.ts"
import { unreadable } from "./VaultError.ts"

/** Where a sealed value lives: a ciphertext that is moved to another place does not open. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly row: string
}

/** A key and the short form of its id, which every value that it seals begins with. */
export interface SealingKey {
  readonly id: Uint8Array
  readonly bytes: Uint8Array
}

const version = 2
/** Values of before keys had ids: version, nonce, ciphertext, tag. */
const versionWithoutId = 1
const idLength = 8
const nonceLength = 12
const tagLength = 16
const headLength = 1 + idLength + nonceLength
const encoder = new TextEncoder()

/** The eight bytes that stand for a key's id in sealed values. */
export const shortId = (crypto: Crypto["Service"], id: string): Uint8Array =>
  crypto.sha256(encoder.encode(id)).slice(0, idLength)

/** A place in a workspace, as it is authenticated with the value. */
export const placeIn = (workspaceId: string, { column, row, table }: Place): string =>
  `${workspaceId}|${table}|${column}|${row}`

/**
 * AES-256-GCM: version (1 byte), key id (8), nonce (12), ciphertext, tag (16). The associated data is the version,
 * workspace, table, column and row.
 */
export const seal = (
  crypto: Crypto["Service"],
  key: SealingKey,
  place: string,
  plaintext: Uint8Array | string
): Uint8Array => {
  const nonce = crypto.randomBytes(nonceLength)
  const head = new Uint8Array(headLength)
  head[0] = version
  head.set(key.id, 1)
  head.set(nonce, 1 + idLength)
  return crypto.encrypt(key.bytes, nonce, encoder.encode(`${version}|${place}`), plaintext, head)
}

/**
 * Opens a value with the key that it names; values of version 1 name none and were sealed with the first. Throws
 * `VaultError`, and nothing else, for whatever is not what one of these keys sealed at this place.
 */
export const open = (
  crypto: Crypto["Service"],
  keys: ReadonlyArray<SealingKey>,
  place: string,
  stored: Uint8Array,
  onUnknownKey?: () => void
): Uint8Array => {
  const old = stored[0] === versionWithoutId
  const sealedAt = old ? 1 + nonceLength : headLength
  if ((!old && stored[0] !== version) || stored.length < sealedAt + tagLength) throw unreadable()
  const key = old ? keys[0] : keys.find(({ id }) => startsWith(stored, id))
  if (key === undefined) {
    onUnknownKey?.()
    throw unreadable()
  }
  try {
    return crypto.decrypt(
      key.bytes,
      stored.subarray(sealedAt - nonceLength, sealedAt),
      encoder.encode(old ? place : `${version}|${place}`),
      stored.subarray(sealedAt)
    )
  } catch {
    throw unreadable()
  }
}

const startsWith = (stored: Uint8Array, id: Uint8Array): boolean => {
  for (let at = 0; at < idLength; at++) if (stored[1 + at] !== id[at]) return false
  return true
}
