import { Crypto, PortableCrypto } from "@crochet/core"
import { createPublicKey, verify } from "node:crypto"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import * as NodeCrypto from "../../src/vault/NodeCrypto.ts"

const both = Effect.gen(function* () {
  return {
    node: yield* Effect.provide(Crypto.Crypto, NodeCrypto.layer),
    portable: yield* Effect.provide(Crypto.Crypto, PortableCrypto.layer)
  }
})
const bytes = (length?: number) =>
  fc.uint8Array(length === undefined ? { maxLength: 300 } : { minLength: length, maxLength: length })
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  // Lone surrogates, which UTF-8 replaces
  fc.array(fc.integer({ min: 0xd700, max: 0xe001 })).map((units) => String.fromCharCode(...units)),
  fc.integer({ min: 21_000, max: 70_000 }).map((length) => "é".repeat(length))
)

/** Bytes in buffers that somebody still holds. */
const buffers = (): number => {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void
  // What the first one found is freed beside the program; the second one waits for that.
  collect()
  collect()
  return process.memoryUsage().arrayBuffers
}

describe("NodeCrypto", () => {
  it.effect("gives the very bytes of PortableCrypto", () =>
    Effect.gen(function* () {
      const { node, portable } = yield* both
      fc.assert(
        fc.property(bytes(), bytes(), anyText, (key, data, text) => {
          assert.deepEqual([...node.sha256(data)], [...portable.sha256(data)])
          assert.deepEqual([...node.hmacSha256(key, data)], [...portable.hmacSha256(key, data)])
          const fingerprint = node.fingerprinter(key)
          assert.strictEqual(fingerprint(text), portable.fingerprinter(key)(text))
          assert.strictEqual(fingerprint(""), portable.fingerprinter(key)(""), "a text was left in the buffer")
        }),
        { numRuns: 200, seed: 4 }
      )
    })
  )

  it.effect("keeps the fingerprints of thousands of keys apart, in little memory", () =>
    Effect.gen(function* () {
      const { node, portable } = yield* both
      const keyOf = (number: number) => new Uint8Array(32).fill(number % 251)
      const before = buffers()
      const made = Array.from({ length: 4096 }, (_, number) => node.fingerprinter(keyOf(number)))
      assert.isBelow(buffers() - before, 8 * 1024 * 1024)
      for (const number of [0, 1, 2, 250, 0, 1]) {
        assert.strictEqual(made[number]!("a text"), portable.fingerprinter(keyOf(number))("a text"))
      }
    })
  )

  it.effect("keeps nothing beside thousands of keys that are in use, whatever is sealed with them", () =>
    Effect.gen(function* () {
      const { node } = yield* both
      const [nonce, text] = [new Uint8Array(12), new Uint8Array(20_000)]
      const before = buffers()
      const keys = Array.from({ length: 500 }, (_, number) => new Uint8Array(32).fill(number % 251))
      for (const key of keys) {
        node.encrypt(key, nonce, nonce, text)
        node.hmacSha256(key, text)
        node.ed25519Sign(key, text)
      }
      assert.isBelow(buffers() - before, 1024 * 1024)
      assert.lengthOf(keys, 500)
    })
  )

  it.effect("opens what the other sealed, and nothing that was touched", () =>
    Effect.gen(function* () {
      const { node, portable } = yield* both
      fc.assert(
        fc.property(bytes(32), bytes(12), bytes(), bytes(), fc.nat(), (key, nonce, data, plaintext, at) => {
          const sealed = node.encrypt(key, nonce, data, plaintext)
          assert.deepEqual([...sealed], [...portable.encrypt(key, nonce, data, plaintext)])
          assert.deepEqual([...portable.decrypt(key, nonce, data, sealed)], [...plaintext])
          assert.deepEqual([...node.decrypt(key, nonce, data, sealed)], [...plaintext])
          const touched = Uint8Array.from(sealed)
          touched[at % touched.length]! ^= 1
          assert.throws(() => node.decrypt(key, nonce, data, touched))
          assert.throws(() => node.decrypt(key, nonce, Uint8Array.of(...data, 0), sealed))
          assert.throws(() => node.decrypt(key, nonce, data, sealed.subarray(0, 15)))
        }),
        { numRuns: 100, seed: 5 }
      )
    })
  )

  it.effect("goes by the bytes of a key, not by its array", () =>
    Effect.gen(function* () {
      const { node, portable } = yield* both
      const key = new Uint8Array(32).fill(1)
      node.hmacSha256(key, key)
      key.fill(2)
      assert.deepEqual([...node.hmacSha256(key, key)], [...portable.hmacSha256(key, key)])
    })
  )

  it.effect("signs with Ed25519 as PortableCrypto does, and makes keys that both can use", () =>
    Effect.gen(function* () {
      const { node, portable } = yield* both
      fc.assert(
        fc.property(bytes(32), bytes(), (seed, data) => {
          const signature = node.ed25519Sign(seed, data)
          assert.deepEqual([...signature], [...portable.ed25519Sign(seed, data)])
        }),
        { numRuns: 30, seed: 6 }
      )
      for (const { publicKey, seed } of [node.ed25519KeyPair(), portable.ed25519KeyPair()]) {
        assert.lengthOf(seed, 32)
        const key = createPublicKey({
          key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") },
          format: "jwk"
        })
        const signature = node.ed25519Sign(seed, publicKey)
        assert.isTrue(verify(null, publicKey, key, signature))
        assert.deepEqual([...signature], [...portable.ed25519Sign(seed, publicKey)])
      }
    })
  )

  it.effect("compares without throwing for different lengths", () =>
    Effect.gen(function* () {
      const { node } = yield* both
      assert.isTrue(node.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2)))
      assert.isFalse(node.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)))
      assert.isFalse(node.equal(Uint8Array.of(1, 2), Uint8Array.of(1)))
      assert.lengthOf(node.randomBytes(12), 12)
    })
  )
})
