import { Crypto } from "@crochet/core"
import * as Layer from "effect/Layer"
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createSecretKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomFillSync,
  sign,
  timingSafeEqual
} from "node:crypto"

const algorithm = "aes-256-gcm"
const tagLength = 16
const blockLength = 64
const fingerprintLength = 22
const reusedLength = 64 * 1024
/** One for all keys: thousands of them are kept at a time, and texts are hashed one after the other. */
const reused = Buffer.alloc(reusedLength)

/**
 * Keys as OpenSSL wants them. Making that object costs five times as much as an HMAC of an ordinary body, so it is kept
 * as long as the caller keeps the bytes, and made anew should they have been changed.
 */
const keep = (make: (bytes: Buffer) => KeyObject) => {
  const prepared = new WeakMap<Uint8Array, { readonly key: KeyObject; readonly bytes: Buffer }>()
  return (bytes: Uint8Array): KeyObject => {
    const known = prepared.get(bytes)
    if (known !== undefined && known.bytes.equals(bytes)) return known.key
    // Not `Buffer.from`: each key would keep a whole page of its pool in memory, 64 KB.
    const copy = Buffer.alloc(bytes.length)
    copy.set(bytes)
    const key = make(copy)
    prepared.set(bytes, { key, bytes: copy })
    return key
  }
}
const keyOf = keep(createSecretKey)

// An Ed25519 private key in PKCS #8 (RFC 8410, 7) and its public key in SPKI are these bytes and then the key's own 32.
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex")
const spkiHeadLength = 12
const signingKeyOf = keep((seed) =>
  createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" })
)

const nothing = new Uint8Array()
const poolLength = 16 * 1024
const largestPooled = 64
let pool = new Uint8Array()
let poolAt = 0

/** Small random values come from a pool that is filled at once: asking for each nonce alone takes twenty times as long. */
const randomBytes = (length: number): Uint8Array => {
  if (length > largestPooled) return randomFillSync(new Uint8Array(length))
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
  hmacSha256: (key, data) => createHmac("sha256", keyOf(key)).update(data).digest(),
  fingerprinter: (key) => {
    const block = Buffer.alloc(blockLength)
    block.set(key.length > blockLength ? hash("sha256", key, "buffer") : key)
    // Key block and text go to OpenSSL in one call, from one buffer that is used again and again for ordinary texts.
    return (text) => {
      // UTF-8 takes at most three bytes for each UTF-16 unit.
      const long = blockLength + text.length * 3 > reusedLength
      if (!long) reused.set(block)
      const input = long
        ? Buffer.concat([block, Buffer.from(text, "utf8")])
        : reused.subarray(0, blockLength + reused.write(text, blockLength, "utf8"))
      return hash("sha256", input, "base64url").slice(0, fingerprintLength)
    }
  },
  encrypt: (key, nonce, associatedData, plaintext, prefix = nothing) => {
    const cipher = createCipheriv(algorithm, keyOf(key), nonce, { authTagLength: tagLength })
    cipher.setAAD(associatedData)
    const ciphertext = typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext)
    cipher.final()
    return Buffer.concat([prefix, ciphertext, cipher.getAuthTag()])
  },
  decrypt: (key, nonce, associatedData, sealed) => {
    if (sealed.length < tagLength) throw new RangeError("The ciphertext is shorter than its tag")
    const end = sealed.length - tagLength
    const decipher = createDecipheriv(algorithm, keyOf(key), nonce, { authTagLength: tagLength })
    decipher.setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(end))
    const plaintext = decipher.update(sealed.subarray(0, end))
    decipher.final()
    return plaintext
  },
  ed25519KeyPair: () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
      privateKeyEncoding: { format: "der", type: "pkcs8" },
      publicKeyEncoding: { format: "der", type: "spki" }
    })
    return {
      seed: Uint8Array.from(privateKey.subarray(pkcs8Head.length)),
      publicKey: Uint8Array.from(publicKey.subarray(spkiHeadLength))
    }
  },
  ed25519Sign: (seed, data) => sign(null, data, signingKeyOf(seed)),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b)
})
