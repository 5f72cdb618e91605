import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SigningKey, SigningKeyRotation } from "../../delivery/SigningKey.ts"
import * as Fixture from "./Fixtures.ts"
import { ports, type StoreLayer } from "./Setup.ts"

const signingKey = (id: string, overrides: Partial<SigningKey> = {}): SigningKey => ({
  id,
  workspaceId: Fixture.workspace,
  publicKey: new Uint8Array([1, 255]),
  sealedSeed: new Uint8Array([0, 7]),
  createdAt: 10,
  retiresAt: null,
  ...overrides
})
const rotation = (key: SigningKey, replaces: string | null, overrides: Partial<SigningKeyRotation> = {}) => ({
  key,
  replaces,
  retiresAt: key.createdAt,
  endEarlier: false,
  ...overrides
})

/** What the keys of workspaces' signatures must do in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("KeyStore: signing keys", () => {
    it.effect("lets one first signing key win, and one rotation", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        const first = yield* Effect.all(
          ["a", "b", "c"].map((id) => keys.rotateSigningKey(rotation(signingKey(id), null))),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(first.filter(Boolean).length, 1)
        const [current, ...others] = yield* keys.signingKeys(Fixture.workspace)
        assert.deepStrictEqual(others, [])
        assert.deepStrictEqual([...current!.publicKey], [1, 255])
        assert.deepStrictEqual([...current!.sealedSeed], [0, 7])
        const late = rotation(signingKey("x"), "other", { retiresAt: 11, endEarlier: true })
        assert.isFalse(yield* keys.rotateSigningKey(late))
        assert.deepStrictEqual(yield* keys.signingKeys(Fixture.workspace), [current!])
        const second = yield* Effect.all(
          ["d", "e"].map((id) =>
            keys.rotateSigningKey(rotation(signingKey(id, { createdAt: 20 }), current!.id, { retiresAt: 50 }))
          ),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(second.filter(Boolean).length, 1)
        const winner = second[0] === true ? "d" : "e"
        const both = yield* keys.signingKeys(Fixture.workspace)
        assert.deepStrictEqual(
          both.map(({ id, retiresAt }) => [id, retiresAt]),
          [
            [current!.id, 50],
            [winner, null]
          ]
        )
        assert.isFalse(yield* keys.rotateSigningKey({ ...late, replaces: current!.id }))
        assert.deepStrictEqual(yield* keys.signingKeys(Fixture.workspace), both)
        assert.deepStrictEqual(yield* keys.signingKeys(Fixture.foreign), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("removes signing keys that have retired, and ends earlier ones only when told", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        const ends = Effect.map(keys.signingKeys(Fixture.workspace), (all) =>
          all.map(({ id, retiresAt }) => [id, retiresAt])
        )
        const other = signingKey("foreign", { workspaceId: Fixture.foreign, createdAt: 1 })
        assert.isTrue(yield* keys.rotateSigningKey(rotation(other, null)))
        yield* keys.rotateSigningKey(rotation(signingKey("a", { createdAt: 10 }), null))
        yield* keys.rotateSigningKey(rotation(signingKey("b", { createdAt: 20 }), "a", { retiresAt: 90 }))
        yield* keys.rotateSigningKey(rotation(signingKey("c", { createdAt: 30 }), "b", { retiresAt: 40 }))
        assert.deepStrictEqual(yield* ends, [
          ["a", 90],
          ["b", 40],
          ["c", null]
        ])
        yield* keys.rotateSigningKey(rotation(signingKey("d", { createdAt: 40 }), "c", { retiresAt: 60 }))
        assert.deepStrictEqual(yield* ends, [
          ["a", 90],
          ["c", 60],
          ["d", null]
        ])
        yield* keys.rotateSigningKey(
          rotation(signingKey("e", { createdAt: 45 }), "d", { retiresAt: 50, endEarlier: true })
        )
        assert.deepStrictEqual(yield* ends, [
          ["a", 50],
          ["c", 50],
          ["d", 50],
          ["e", null]
        ])
        yield* keys.rotateSigningKey(
          rotation(signingKey("f", { createdAt: 49 }), "e", { retiresAt: 49, endEarlier: true })
        )
        assert.deepStrictEqual(yield* ends, [["f", null]])
        assert.lengthOf(yield* keys.signingKeys(Fixture.foreign), 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("lets every worker see a new signing key by the destinations that it signs for", () =>
      Effect.gen(function* () {
        const { destinations, keys } = yield* ports
        yield* destinations.save(Fixture.destination("v1", { updatedAt: 5 }))
        yield* destinations.save(Fixture.destination("v1a", { updatedAt: 5, signatures: ["v1a"] }))
        yield* destinations.save(Fixture.destination("later", { updatedAt: 99, signatures: ["v1", "v1a"] }))
        yield* destinations.save(
          Fixture.destination("foreign", { workspaceId: Fixture.foreign, updatedAt: 5, signatures: ["v1a"] })
        )
        yield* keys.rotateSigningKey(rotation(signingKey("a", { createdAt: 20 }), null))
        const seen = yield* Effect.forEach(["v1", "v1a", "later", "foreign"], (id) =>
          Effect.map(destinations.byId(id), (found) => Option.getOrThrow(found).updatedAt)
        )
        assert.deepStrictEqual(seen, [5, 20, 100, 5])
      }).pipe(Effect.provide(layer))
    )
  })
}
