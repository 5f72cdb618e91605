import * as Context from "effect/Context"

/** Turns text into a 22-character base64url fingerprint (132 bits), keyed. */
export type Fingerprinter = (text: string) => string

/**
 * The few primitives that Crochet needs, synchronous because they run once per record.
 *
 * `layer` in `@crochet/core` is portable (noble); runtimes bring a native one.
 */
export class Crypto extends Context.Service<
  Crypto,
  {
    readonly randomBytes: (length: number) => Uint8Array
    /** SHA-256 (FIPS 180-4). */
    readonly sha256: (data: Uint8Array) => Uint8Array
    /** HMAC-SHA-256 (RFC 2104). */
    readonly hmacSha256: (key: Uint8Array, data: Uint8Array) => Uint8Array
    /**
     * A keyed fingerprint function: SHA-256 over the key, padded to a whole 64-byte block, and the text in UTF-8, cut
     * to the first 22 base64url characters. Cutting more than half of the state away is what keeps this from being
     * extended without the key (chop-MD, Coron et al. 2005); it is four times faster than HMAC where it counts.
     */
    readonly fingerprinter: (key: Uint8Array) => Fingerprinter
    /** AES-256-GCM (NIST SP 800-38D): `prefix` in clear, ciphertext, the 16-byte tag. Text is sealed as UTF-8. */
    readonly encrypt: (
      key: Uint8Array,
      nonce: Uint8Array,
      associatedData: Uint8Array,
      plaintext: Uint8Array | string,
      prefix?: Uint8Array
    ) => Uint8Array
    /** The inverse; throws when the tag does not fit. */
    readonly decrypt: (key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array) => Uint8Array
    /** A new Ed25519 key pair (RFC 8032): the private key's seed and the public key, 32 bytes each. */
    readonly ed25519KeyPair: () => { readonly seed: Uint8Array; readonly publicKey: Uint8Array }
    /** The 64-byte Ed25519 signature (RFC 8032), made with the private key's seed. */
    readonly ed25519Sign: (seed: Uint8Array, data: Uint8Array) => Uint8Array
    /** Compares in constant time; false for different lengths. */
    readonly equal: (a: Uint8Array, b: Uint8Array) => boolean
  }
>()("@crochet/core/vault/Crypto") {}
