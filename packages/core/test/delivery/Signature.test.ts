import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result } from "effect"
import { Webhook } from "standardwebhooks"
import fc from "fast-check"
import * as Signature from "../../src/delivery/Signature.ts"
import { Crypto } from "../../src/vault/Crypto.ts"
import * as PortableCrypto from "../../src/vault/PortableCrypto.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const signer = (crypto: Crypto["Service"], ...secrets: ReadonlyArray<string>) =>
  Result.getOrThrow(
    Signature.standardSigner(
      crypto,
      secrets.map((secret) => ({ version: "v1", secret: Redacted.make(secret) }))
    )
  )

describe("Signature", () => {
  it.effect("gives Knit's published value", () =>
    Effect.gen(function* () {
      const sign = Signature.knitSigner(yield* Crypto, Redacted.make("test-api-key"))
      assert.strictEqual(
        sign(bytes(`{"eventId":"e_1","eventType":"record.new"}`)),
        "ir327X3inTBtLVxHxGeFnBwvN6WqwrkZvrv1fvVdvbo"
      )
    }).pipe(Effect.provide(PortableCrypto.layer))
  )

  it.effect("gives the published value of Standard Webhooks", () =>
    Effect.gen(function* () {
      const sign = signer(yield* Crypto, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
      assert.strictEqual(
        sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330_999, bytes(`{"test": 2432232314}`)),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
      )
    }).pipe(Effect.provide(PortableCrypto.layer))
  )

  it.effect("gives the value of v1a that others publish", () =>
    Effect.gen(function* () {
      const seed = Buffer.from("6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=", "base64")
      const sign = Result.getOrThrow(
        Signature.standardSigner(yield* Crypto, [{ version: "v1a", seed: Redacted.make(seed) }])
      )
      assert.strictEqual(
        sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330_000, bytes(`{"test": 2432232314}`)),
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
      )
    }).pipe(Effect.provide(PortableCrypto.layer))
  )

  it.effect("signs with every key until its time, and with no more than receivers read", () =>
    Effect.gen(function* () {
      const crypto = yield* Crypto
      const secret = () => ({ version: "v1" as const, secret: Signature.newSecret(crypto) })
      const seed = () => ({ version: "v1a" as const, seed: Redacted.make(crypto.ed25519KeyPair().seed) })
      const keys: Array<Signature.StandardKey> = [secret(), seed()]
      for (let i = 1; i <= Signature.maximumPrevious; i++) {
        keys.push({ ...secret(), until: 1000 * i }, { ...seed(), until: 1000 * i })
      }
      const sign = Result.getOrThrow(Signature.standardSigner(crypto, keys))
      const at = (millis: number) => sign("ev_1", millis, bytes("{}")).split(" ")
      assert.lengthOf(at(0), Signature.maximumSignatures)
      assert.isBelow(at(0).join(" ").length, 4096)
      assert.lengthOf(at(999), 20)
      assert.lengthOf(at(1000), 18)
      assert.lengthOf(at(1000 * Signature.maximumPrevious), 2)
      const tooMany = Signature.standardSigner(crypto, [...keys, secret()])
      assert.match(String(Result.getOrThrow(Result.flip(tooMany))), /at most 20/)
      const allEnd = Signature.standardSigner(crypto, [{ ...secret(), until: 9 }])
      assert.match(String(Result.getOrThrow(Result.flip(allEnd))), /does not end/)
    }).pipe(Effect.provide(PortableCrypto.layer))
  )

  it.effect("is accepted by the standardwebhooks library, and only there where it belongs", () =>
    Effect.gen(function* () {
      const crypto = yield* Crypto
      const now = Math.floor(Date.now() / 1000)
      fc.assert(
        fc.property(fc.json(), fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/), (body, id) => {
          const secret = Redacted.value(Signature.newSecret(crypto))
          const other = Redacted.value(Signature.newSecret(crypto))
          const headers = (signature: string) => ({
            "webhook-id": id,
            "webhook-timestamp": String(now),
            "webhook-signature": signature
          })
          const signature = signer(crypto, secret)(id, now * 1000, bytes(body))
          assert.deepStrictEqual(new Webhook(secret).verify(body, headers(signature)), JSON.parse(body))
          assert.throws(() => new Webhook(other).verify(body, headers(signature)))
          assert.throws(() => new Webhook(secret).verify(`${body} `, headers(signature)))
          const rotating = signer(crypto, other, secret)(id, now * 1000, bytes(body))
          assert.deepStrictEqual(new Webhook(secret).verify(body, headers(rotating)), JSON.parse(body))
          assert.deepStrictEqual(new Webhook(other).verify(body, headers(rotating)), JSON.parse(body))
        }),
        { numRuns: 50, seed: 1 }
      )
    }).pipe(Effect.provide(PortableCrypto.layer))
  )

  it.effect.each([
    ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "does not start with"],
    ["whsec_", "it has 0 bytes"],
    ["whsec_c2hvcnQ=", "it has 5 bytes"],
    ["whsec_***", "not base64"]
  ] as const)("refuses the secret %s", ([secret, problem]) =>
    Effect.gen(function* () {
      const result = Signature.standardSigner(yield* Crypto, [{ version: "v1", secret: Redacted.make(secret) }])
      assert.isTrue(Result.isFailure(result))
      if (Result.isFailure(result)) {
        assert.include(result.failure.message, problem)
        if (secret.length > 10) assert.notInclude(result.failure.message, secret)
      }
    }).pipe(Effect.provide(PortableCrypto.layer))
  )
})
