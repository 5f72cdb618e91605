import { gcm } from "@noble/ciphers/aes.js"
import { randomBytes } from "@noble/ciphers/utils.js"
import { ed25519 } from "@noble/curves/ed25519.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Layer from "effect/Layer"
import { Crypto } from "./Crypto.ts"

const blockLength = 64
const fingerprintLength = 22
const encoder = new TextEncoder()

/** `Crypto` on audited JavaScript (noble), for every runtime; slower than a native one. */
export const layer: Layer.Layer<Crypto> = Layer.succeed(Crypto, {
  randomBytes,
  sha256: (data) => sha256(data),
  hmacSha256: (key, data) => hmac(sha256, key, data),
  fingerprinter: (key) => {
    const block = new Uint8Array(blockLength)
    block.set(key.length > blockLength ? sha256(key) : key)
    const keyed = sha256.create().update(block)
    return (text) => Base64Url.encode(keyed.clone().update(encoder.encode(text)).digest()).slice(0, fingerprintLength)
  },
  encrypt: (key, nonce, associatedData, plaintext, prefix) => {
    const sealed = gcm(key, nonce, associatedData).encrypt(
      typeof plaintext === "string" ? encoder.encode(plaintext) : plaintext
    )
    if (prefix === undefined) return sealed
    const joined = new Uint8Array(prefix.length + sealed.length)
    joined.set(prefix)
    joined.set(sealed, prefix.length)
    return joined
  },
  decrypt: (key, nonce, associatedData, sealed) => gcm(key, nonce, associatedData).decrypt(sealed),
  ed25519KeyPair: () => {
    const { publicKey, secretKey } = ed25519.keygen()
    return { seed: secretKey, publicKey }
  },
  ed25519Sign: (seed, data) => ed25519.sign(data, seed),
  equal: (a, b) => {
    if (a.length !== b.length) return false
    let difference = 0
    for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
    return difference === 0
  }
})
