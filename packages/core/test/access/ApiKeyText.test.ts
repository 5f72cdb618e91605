import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Crypto, PortableCrypto } from "@crochet/core"
import * as ApiKeyText from "../../src/access/ApiKeyText.ts"

describe("ApiKeyText", () => {
  it.effect("makes keys that scanners know by their prefix and checksum", () =>
    Effect.gen(function* () {
      const crypto = yield* Crypto.Crypto
      const text = Redacted.value(ApiKeyText.generate(crypto, "live"))
      assert.match(text, /^crochet_live_[A-Za-z0-9_-]{43}[0-9a-f]{6}$/)
      assert.isTrue(ApiKeyText.isWellFormed(crypto, text))
      assert.notStrictEqual(text, Redacted.value(ApiKeyText.generate(crypto, "live")))
      for (let at = 0; at < text.length; at++) {
        const typo = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`
        assert.isFalse(ApiKeyText.isWellFormed(crypto, typo), `a typo at ${at}`)
      }
      for (const other of ["", text.slice(1), `${text}0`, ` ${text}`])
        assert.isFalse(ApiKeyText.isWellFormed(crypto, other))
    }).pipe(Effect.provide(PortableCrypto.layer))
  )

  it.effect("keeps a hash that is not the key, and prints nothing", () =>
    Effect.gen(function* () {
      const crypto = yield* Crypto.Crypto
      const text = ApiKeyText.generate(crypto, "test")
      assert.match(ApiKeyText.hash(crypto, text), /^[0-9a-f]{64}$/)
      assert.strictEqual(ApiKeyText.hash(crypto, text), ApiKeyText.hash(crypto, Redacted.make(Redacted.value(text))))
      assert.notInclude(`${String(text)}${JSON.stringify(text)}`, Redacted.value(text))
    }).pipe(Effect.provide(PortableCrypto.layer))
  )
})
