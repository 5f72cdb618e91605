import * as Base64Url from "effect/encoding/Base64Url"
import * as Hex from "effect/encoding/Hex"
import * as Redacted from "effect/Redacted"
import type { Crypto } from "../vault/Crypto.ts"

const label = "API key"
const shape = /^crochet_(test|live)_([A-Za-z0-9_-]{43})([0-9a-f]{6})$/
const encoder = new TextEncoder()

/**
 * A new key: `crochet_<environment>_`, 256 random bits in base64url, and six hex digits of a checksum, by which scanners
 * and typos are told apart from keys without asking the database.
 */
export const generate = (crypto: Crypto["Service"], environment: "test" | "live"): Redacted.Redacted => {
  const random = Base64Url.encode(crypto.randomBytes(32))
  return Redacted.make(`crochet_${environment}_${random}${checksum(crypto, random)}`, { label })
}

/** Whether the text can be one of our keys at all. */
export const isWellFormed = (crypto: Crypto["Service"], text: string): boolean => {
  const found = shape.exec(text)
  return found !== null && checksum(crypto, found[2]!) === found[3]
}

/** The stored form: SHA-256 in hex. */
export const hash = (crypto: Crypto["Service"], text: Redacted.Redacted): string =>
  Hex.encode(crypto.sha256(encoder.encode(Redacted.value(text))))

const checksum = (crypto: Crypto["Service"], random: string): string =>
  Hex.encode(crypto.sha256(encoder.encode(random))).slice(0, 6)
