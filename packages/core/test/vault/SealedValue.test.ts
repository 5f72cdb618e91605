import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fc from "fast-check"
import { Crypto, PortableCrypto, Vault } from "@crochet/core"
import * as SealedValue from "../../src/vault/SealedValue.ts"

const encoder = new TextEncoder()
const crypto = Effect.runSync(Effect.provide(Crypto.Crypto, PortableCrypto.layer))
const keyOf = (name: string): SealedValue.SealingKey => ({
  id: SealedValue.shortId(crypto, name),
  bytes: crypto.sha256(encoder.encode(name))
})
const keys = [keyOf("dk_1"), keyOf("dk_2")]

/** Whether it opens; anything else that is thrown, or given back, than what was sealed fails the test. */
const opens = (given: ReadonlyArray<SealedValue.SealingKey>, place: string, stored: Uint8Array): boolean => {
  try {
    SealedValue.open(crypto, given, place, stored)
    return true
  } catch (error) {
    assert.instanceOf(error, Vault.VaultError)
    assert.strictEqual((error as Vault.VaultError).reason._tag, "Unreadable")
    return false
  }
}
const name = fc.stringMatching(/^[a-z_0-9]{1,12}$/)
const place = fc.record({ table: name, column: name, row: name })
const sealedAt = (at: string, text: string) => SealedValue.seal(crypto, keys[1]!, at, text)

describe("a sealed value", () => {
  it("is version, key id, nonce, ciphertext and tag", () => {
    const sealed = sealedAt("p", "abc")
    assert.strictEqual(sealed.length, 1 + 8 + 12 + 3 + 16)
    assert.strictEqual(sealed[0], 2)
    assert.deepStrictEqual([...sealed.subarray(1, 9)], [...keys[1]!.id])
  })

  it("opens where it was sealed, with whichever of the keys sealed it", () =>
    fc.assert(
      fc.property(fc.string(), place, name, fc.constantFrom(0, 1), (text, at, workspace, key) => {
        const where = SealedValue.placeIn(workspace, at)
        const sealed = SealedValue.seal(crypto, keys[key]!, where, text)
        assert.deepStrictEqual([...SealedValue.open(crypto, keys, where, sealed)], [...encoder.encode(text)])
      })
    ))

  it("does not open in another row, column, table or tenant", () =>
    fc.assert(
      fc.property(place, name, name, fc.constantFrom("row", "column", "table", "tenant"), (at, tenant, other, what) => {
        fc.pre(other !== (what === "tenant" ? tenant : at[what]))
        const there = what === "tenant" ? at : { ...at, [what]: other }
        const to = SealedValue.placeIn(what === "tenant" ? other : tenant, there)
        assert.isFalse(opens(keys, to, sealedAt(SealedValue.placeIn(tenant, at), "secret")), what)
      })
    ))

  it("does not open with any one bit changed, or cut anywhere", () => {
    const sealed = sealedAt("p", "a secret of some length")
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      assert.isFalse(opens(keys, "p", changed), `bit ${bit}`)
    }
    for (let length = 0; length < sealed.length; length++) {
      assert.isFalse(opens(keys, "p", sealed.subarray(0, length)), `first ${length} bytes`)
      assert.isFalse(opens(keys, "p", sealed.subarray(sealed.length - length)), `last ${length} bytes`)
    }
  })

  it("does not open with the id of another key, of none, or without that key", () => {
    const sealed = sealedAt("p", "secret")
    const swapped = Uint8Array.from(sealed)
    swapped.set(keys[0]!.id, 1)
    assert.isFalse(opens(keys, "p", swapped))
    swapped.fill(0, 1, 9)
    assert.isFalse(opens(keys, "p", swapped))
    assert.isFalse(opens([keys[0]!], "p", sealed))
    assert.isFalse(opens([], "p", sealed))
  })

  it("no other bytes open, whatever they are", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          fc.uint8Array({ maxLength: 80 }).map((bytes) => Uint8Array.of(1, ...bytes)),
          fc.uint8Array({ maxLength: 80 }).map((bytes) => Uint8Array.of(2, ...keys[0]!.id, ...bytes))
        ),
        (bytes) => assert.isFalse(opens(keys, "p", bytes))
      ),
      { numRuns: 2000 }
    ))

  it("of version 1, which had no key id, opens with the first key only", () => {
    const nonce = crypto.randomBytes(12)
    const old = crypto.encrypt(keys[0]!.bytes, nonce, encoder.encode("p"), "secret", Uint8Array.of(1, ...nonce))
    assert.deepStrictEqual([...SealedValue.open(crypto, keys, "p", old)], [...encoder.encode("secret")])
    assert.isFalse(opens([keys[1]!, keys[0]!], "p", old))
    assert.isFalse(opens(keys, "q", old))
    for (let length = 0; length < old.length; length++) assert.isFalse(opens(keys, "p", old.subarray(0, length)))
  })
})
