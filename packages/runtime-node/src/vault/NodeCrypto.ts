import { Crypto } from "@crochet/core"
import * as Layer from "effect/Layer"
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  type KeyObject,
  randomFillSync,
  timingSafeEqual
} from "node:crypto"

const algorithm = "aes-256-gcm"
const tagLength = 16
const blockLength = 64
const fingerprintLength = 22
const reusedLength = 64 * 1024
const poolLength = 16 * 1024

const keyObjects = new WeakMap<Uint8Array, KeyObject>()

/** Node makes a key object of raw bytes at every call, which takes three times as long as encrypting an event. */
const keyObject = (key: Uint8Array): KeyObject => {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  const made = createSecretKey(key)
  keyObjects.set(key, made)
  return made
}

let pool = new Uint8Array()
let poolAt = 0

/** Small random values come from a pool that is filled at once: one call for each nonce is ten times slower. */
const randomBytes = (length: number): Uint8Array => {
  if (length > 64) return randomFillSync(new Uint8Array(length))
  if (poolAt + length > pool.length) {
    pool = randomFillSync(new Uint8Array(poolLength))
    poolAt = 0
  }
  const bytes = pool.slice(poolAt, poolAt + length)
  // What was given out does not stay in memory.
  pool.fill(0, poolAt, poolAt + length)
  poolAt += length
  return bytes
}

/** `Crypto` on Node's OpenSSL: the same results as `PortableCrypto`, several times faster. */
export const layer: Layer.Layer<Crypto.Crypto> = Layer.succeed(Crypto.Crypto, {
  randomBytes,
  sha256: (data) => hash("sha256", data, "buffer"),
  hmacSha256: (key, data) => createHmac("sha256", keyObject(key)).update(data).digest(),
  fingerprinter: (key) => {
    const block = Buffer.alloc(blockLength)
    block.set(key.length > blockLength ? hash("sha256", key, "buffer") : key)
    // Key block and text go to OpenSSL in one call, from one buffer that is used again and again for ordinary texts.
    const reused = Buffer.alloc(reusedLength)
    reused.set(block)
    return (text) => {
      // UTF-8 takes at most three bytes for each UTF-16 unit.
      const long = blockLength + text.length * 3 > reusedLength
      const input = long
        ? Buffer.concat([block, Buffer.from(text, "utf8")])
        : reused.subarray(0, blockLength + reused.write(text, blockLength, "utf8"))
      return hash("sha256", input, "base64url").slice(0, fingerprintLength)
    }
  },
  encrypt: (key, nonce, associatedData, plaintext) => {
    const cipher = createCipheriv(algorithm, keyObject(key), nonce, { authTagLength: tagLength })
    cipher.setAAD(associatedData)
    const sealed = Buffer.allocUnsafeSlow(plaintext.length + tagLength)
    sealed.set(cipher.update(plaintext))
    cipher.final()
    sealed.set(cipher.getAuthTag(), plaintext.length)
    return sealed
  },
  decrypt: (key, nonce, associatedData, sealed) => {
    if (sealed.length < tagLength) throw new RangeError("The ciphertext is shorter than its tag")
    const end = sealed.length - tagLength
    const decipher = createDecipheriv(algorithm, keyObject(key), nonce, { authTagLength: tagLength })
    decipher.setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(end))
    const plaintext = decipher.update(sealed.subarray(0, end))
    decipher.final()
    return plaintext
  },
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b)
})
