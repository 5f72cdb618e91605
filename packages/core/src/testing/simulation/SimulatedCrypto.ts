import { ed25519 } from "@noble/curves/ed25519.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import type { Crypto } from "../../vault/Crypto.ts"
import type { SeededRandom } from "./SeededRandom.ts"

/** HMAC-SHA-256. */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array

/** On audited JavaScript. */
export const portableHmac: Hmac = (key, data) => hmac(sha256, key, data)

const tagLength = 16
const encoder = new TextEncoder()
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/**
 * `Crypto` for simulations: hashes are real, so that signatures verify, but random bytes follow from the seed, and the
 * cipher and the fingerprints, which make most of the work, only behave like real ones. Whatever is sealed is unreadable
 * to a search, and opens with the same key, nonce and associated data only. It protects nothing. `onSealed` is told
 * which text became which sealed value.
 */
export const make = (
  random: SeededRandom,
  hmacSha256: Hmac,
  onSealed: (sealed: Uint8Array, text: string) => void
): Crypto["Service"] => ({
  randomBytes: (length) => random.bytes(length),
  sha256: (data) => sha256(data),
  hmacSha256,
  fingerprinter: (key) => {
    const seed = checksum(0x811c9dc5, key)
    return (text) => {
      let [a, b] = [seed, ~seed]
      for (let i = 0; i < text.length; i++) {
        a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
        b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13)
      }
      let print = ""
      for (let i = 0; i < 22; i++) {
        a = mix(a ^ b)
        b = mix(b + 0x6d2b79f5)
        print += alphabet[a & 63]!
      }
      return print
    }
  },
  encrypt: (key, nonce, associatedData, plaintext, prefix = new Uint8Array()) => {
    const bytes = typeof plaintext === "string" ? encoder.encode(plaintext) : plaintext
    const sealed = new Uint8Array(prefix.length + bytes.length + tagLength)
    sealed.set(prefix)
    stream(key, nonce, bytes, sealed.subarray(prefix.length))
    sealed.set(tagOf(key, nonce, associatedData, bytes), prefix.length + bytes.length)
    if (typeof plaintext === "string") onSealed(sealed, plaintext)
    return sealed
  },
  decrypt: (key, nonce, associatedData, sealed) => {
    if (sealed.length < tagLength) throw new RangeError("too short")
    const bytes = new Uint8Array(sealed.length - tagLength)
    stream(key, nonce, sealed.subarray(0, bytes.length), bytes)
    const tag = tagOf(key, nonce, associatedData, bytes)
    for (let i = 0; i < tagLength; i++)
      if (tag[i] !== sealed[bytes.length + i]) throw new RangeError("the tag does not fit")
    return bytes
  },
  ed25519KeyPair: () => {
    const seed = random.bytes(32)
    return { seed, publicKey: ed25519.getPublicKey(seed) }
  },
  ed25519Sign: (seed, data) => ed25519.sign(data, seed),
  equal: (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at])
})

const mix = (value: number): number => {
  const mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16)
}

const checksum = (seed: number, bytes: Uint8Array): number => {
  let sum = seed
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes[i]!, 0x01000193)
  return sum | 0
}

const stream = (key: Uint8Array, nonce: Uint8Array, from: Uint8Array, to: Uint8Array): void => {
  const seed = checksum(checksum(0x811c9dc5, key), nonce)
  let word = 0
  for (let i = 0; i < from.length; i++) {
    if ((i & 3) === 0) word = mix(seed + i)
    to[i] = from[i]! ^ (word >>> ((i & 3) * 8))
  }
}

const tagOf = (key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, bytes: Uint8Array): Uint8Array => {
  const tag = new Uint8Array(tagLength)
  let sum = checksum(checksum(checksum(checksum(0x811c9dc5, key), nonce), associatedData), bytes)
  for (let i = 0; i < tagLength; i++) tag[i] = (sum = mix(sum + i)) & 255
  return tag
}
