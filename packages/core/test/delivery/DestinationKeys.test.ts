import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { DeliveryWorld as World } from "@crochet/core/testing"
import type { Destination } from "../../src/destination/Destination.ts"
import * as SecretRotation from "../../src/destination/SecretRotation.ts"
import { DestinationKeys } from "../../src/delivery/DestinationKeys.ts"
import { Dispatcher } from "../../src/delivery/Dispatcher.ts"
import { maximumPrevious, newSecret, standardSigner } from "../../src/delivery/Signature.ts"
import { SigningKeys } from "../../src/delivery/SigningKeys.ts"
import { DestinationStore } from "../../src/store/DestinationStore.ts"
import { KeyStore } from "../../src/store/KeyStore.ts"
import { Crypto } from "../../src/vault/Crypto.ts"
import { Vault } from "../../src/vault/Vault.ts"
import { places } from "../../src/delivery/DestinationKeys.ts"

const layer = SigningKeys.layer.pipe(Layer.provideMerge(World.layer))
const { workspaceId } = World
const body = new TextEncoder().encode("{}")
const hour = 3_600_000

/** What the secret alone signs. */
const signatureOf = (secret: Redacted.Redacted<string>, at: number) =>
  Effect.map(Crypto, (crypto) =>
    Result.getOrThrow(standardSigner(crypto, [{ version: "v1", secret }]))("ev_1", at, body)
  )
/** What the destination, as it is stored now, signs at the test's time. */
const signaturesOf = (id: string) =>
  Effect.gen(function* () {
    const stored = Option.getOrThrow(yield* (yield* DestinationStore).byId(id))
    const { standard } = yield* (yield* DestinationKeys).of(stored)
    return standard("ev_1", yield* TestClock.testClockWith((clock) => clock.currentTimeMillis), body).split(" ")
  })
/** Rotates as `webhook.rotateSecret` does. */
const rotate = (id: string, overlapMillis: number | null) =>
  Effect.gen(function* () {
    const secret = newSecret(yield* Crypto)
    const sealer = yield* (yield* Vault).sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })
    const sealed = sealer.seal(places.secret(id), Redacted.value(secret))
    const now = yield* TestClock.testClockWith((clock) => clock.currentTimeMillis)
    const store = yield* DestinationStore
    yield* store.change(workspaceId, id, (known: Destination) =>
      SecretRotation.rotated(known, sealed, overlapMillis, now)
    )
    return secret
  })

describe("DestinationKeys", () => {
  it.effect("signs with a replaced secret until its time, and not a millisecond longer, without any update", () =>
    Effect.gen(function* () {
      yield* World.setUp
      const { secret: first } = yield* World.destination("d1")
      const second = yield* rotate("d1", 2 * hour)
      yield* TestClock.adjust("1 hour")
      const third = yield* rotate("d1", 2 * hour)
      const expected = (...secrets: ReadonlyArray<Redacted.Redacted<string>>) =>
        Effect.gen(function* () {
          const at = yield* TestClock.testClockWith((clock) => clock.currentTimeMillis)
          const wanted = yield* Effect.forEach(secrets, (secret) => signatureOf(secret, at))
          assert.sameMembers(yield* signaturesOf("d1"), wanted)
        })
      yield* expected(first, second, third)
      yield* TestClock.adjust(hour - 1)
      yield* expected(first, second, third)
      yield* TestClock.adjust("1 millis")
      yield* expected(second, third)
      yield* TestClock.adjust("1 hour")
      yield* expected(third)
      const fourth = yield* rotate("d1", 0)
      yield* expected(fourth)
      yield* rotate("d1", hour)
      const sixth = yield* rotate("d1", null)
      yield* expected(sixth)
    }).pipe(Effect.provide(layer))
  )

  it.effect("keeps at most nine replaced secrets, and those that ended do not count", () =>
    Effect.gen(function* () {
      yield* World.setUp
      yield* World.destination("d1", { signatures: ["v1", "v1a"] })
      for (let i = 0; i < maximumPrevious; i++) yield* rotate("d1", hour)
      assert.lengthOf(yield* signaturesOf("d1"), maximumPrevious + 2)
      const refused = yield* Effect.flip(rotate("d1", hour))
      assert.include(refused, { _tag: "Refusal", code: "webhook.too_many_secrets", field: "overlapSeconds" })
      assert.lengthOf(yield* signaturesOf("d1"), maximumPrevious + 2)
      yield* TestClock.adjust("1 hour")
      yield* rotate("d1", hour)
      assert.lengthOf(yield* signaturesOf("d1"), 3)
    }).pipe(Effect.provide(layer))
  )

  it.effect("signs v1a with the workspace's key, made once, and with old and new while a rotation lasts", () =>
    Effect.gen(function* () {
      yield* World.setUp
      yield* World.destination("d1", { signatures: ["v1a"] })
      yield* World.destination("d2", { signatures: ["v1", "v1a"] })
      const keys = yield* SigningKeys
      const [one, ...others] = yield* signaturesOf("d1")
      assert.match(one!, /^v1a,[A-Za-z0-9+/]{86}==$/)
      assert.deepStrictEqual(others, [])
      assert.include(yield* signaturesOf("d2"), one)
      const first = (yield* keys.of(workspaceId))[0]!
      yield* TestClock.adjust("1 millis")
      const both = yield* keys.rotate(workspaceId, hour)
      assert.deepStrictEqual(
        both.map(({ id, retiresAt }) => [id === first.id, retiresAt]),
        [
          [true, hour + 1],
          [false, null]
        ]
      )
      const during = yield* signaturesOf("d1")
      assert.lengthOf(during, 2)
      assert.include(during, one)
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(yield* signaturesOf("d1"), 1)
      assert.deepStrictEqual(Option.getOrThrow(yield* keys.published(workspaceId)), [both[1]!])
      const after = yield* keys.rotate(workspaceId, null)
      assert.lengthOf(after, 1)
      assert.notStrictEqual(after[0]!.id, both[1]!.id)
      assert.lengthOf(yield* (yield* KeyStore).signingKeys(workspaceId), 1, "a private key outlived its time")
    }).pipe(Effect.provide(layer))
  )

  it.effect("makes one first key, however many ask at once, and none for whom it only shows keys", () =>
    Effect.gen(function* () {
      yield* World.setUp
      const keys = yield* SigningKeys
      assert.deepStrictEqual(yield* keys.published(workspaceId), Option.some([]))
      assert.deepStrictEqual(yield* keys.published("ws_none"), Option.none())
      assert.deepStrictEqual(yield* (yield* KeyStore).signingKeys(workspaceId), [])
      const seen = yield* Effect.all(
        Array.from({ length: 8 }, () => keys.of(workspaceId)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(seen.flat().map(({ id }) => id)).size, 1)
      for (let i = 0; i < maximumPrevious; i++) yield* keys.rotate(workspaceId, hour)
      const refused = yield* Effect.flip(keys.rotate(workspaceId, hour))
      assert.include(refused, { _tag: "Refusal", code: "webhook.too_many_keys" })
      assert.lengthOf(yield* keys.rotate(workspaceId, null), 1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("says what cannot be read and what to do about it", () =>
    Effect.gen(function* () {
      yield* World.setUp
      const unreadable = new Uint8Array(40).fill(1)
      const cases: ReadonlyArray<readonly [Partial<Destination>, RegExp]> = [
        [{ secret: unreadable }, /its secret cannot be read\. .*webhook\.rotateSecret/],
        [{ previousSecrets: [{ sealed: "AAEC", until: hour }] }, /its secret cannot be read/],
        [{ previousSecrets: [{ sealed: "*", until: hour }] }, /its secret cannot be read/],
        [{ headers: unreadable }, /its headers cannot be read\. .*webhook\.register/],
        [{ signatures: ["v1a"] }, /its signing key cannot be read\. .*webhook\.rotateKey/]
      ]
      yield* (yield* KeyStore).rotateSigningKey({
        key: {
          id: "whk_bad",
          workspaceId,
          publicKey: unreadable.subarray(0, 32),
          sealedSeed: unreadable,
          createdAt: 0,
          retiresAt: null
        },
        replaces: null,
        retiresAt: 0,
        endEarlier: false
      })
      for (const [index, [patch, message]] of cases.entries()) {
        const { saved } = yield* World.destination(`d${index}`, patch)
        const error = yield* Effect.flip((yield* DestinationKeys).of(saved))
        assert.strictEqual(error._tag, "KeysUnusable")
        assert.match(error.message, message)
      }
      // A secret that ended is not opened: it must not stop deliveries.
      const { saved } = yield* World.destination("d9", { previousSecrets: [{ sealed: "*", until: 0 }] })
      assert.isFunction((yield* (yield* DestinationKeys).of(saved)).standard)
    }).pipe(Effect.provide(layer))
  )

  it.effect("lets a rotation be seen within a second by a lane that is busy all the time", () =>
    Effect.gen(function* () {
      const { layer: transport, seen } = World.scripted()
      yield* World.setUp
      const { secret: old } = yield* World.destination("d1", { signatures: ["v1", "v1a"] })
      yield* Layer.build(Dispatcher.layer().pipe(Layer.provide(transport)))
      let fresh = old
      let rotatedAt = Number.POSITIVE_INFINITY
      for (let i = 0; i < 40; i++) {
        yield* World.run(`run_${i}`, "d1", [{ record: `r${i}` }])
        yield* TestClock.adjust("100 millis")
        if (i !== 15) continue
        fresh = yield* rotate("d1", null)
        yield* (yield* SigningKeys).rotate(workspaceId, hour)
        rotatedAt = yield* TestClock.testClockWith((clock) => clock.currentTimeMillis)
      }
      const crypto = yield* Crypto
      const by = (secret: Redacted.Redacted<string>, one: World.Seen) =>
        Result.getOrThrow(standardSigner(crypto, [{ version: "v1", secret }]))(
          one.event.eventId,
          one.at,
          new TextEncoder().encode(one.text)
        )
      const before = seen.filter(({ at }) => at < rotatedAt)
      const after = seen.filter(({ at }) => at > rotatedAt + 1000)
      assert.isAbove(before.length, 10)
      assert.isAbove(after.length, 10)
      for (const one of before) {
        const given = one.headers["webhook-signature"]!.split(" ")
        assert.lengthOf(given, 2)
        assert.include(given, by(old, one))
      }
      for (const one of after) {
        const given = one.headers["webhook-signature"]!.split(" ")
        assert.lengthOf(given, 3, "v1 with the new secret, v1a with both keys")
        assert.include(given, by(fresh, one))
        assert.notInclude(given, by(old, one))
      }
    }).pipe(Effect.provide(layer))
  )
})
