import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Fixture from "./Fixtures.ts"
import { failure, ports, type StoreLayer } from "./Setup.ts"

/** What sign-ins must do in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("AuthorizationStore", () => {
    it.effect("gives a sign-in out once, as it was, and forgets what it was begun with", () =>
      Effect.gen(function* () {
        const { authorizations } = yield* ports
        const one = Fixture.authorization("au_1", { integrationId: "int_1" })
        yield* authorizations.add(one)
        yield* authorizations.add(Fixture.authorization("au_2"))
        assert.isTrue(Option.isNone(yield* authorizations.consume("hash of nobody", 1500)))
        const first = Option.getOrThrow(yield* authorizations.consume("hash of au_1", 1500))
        assert.deepStrictEqual(
          { ...first, authorization: { ...first.authorization, pending: [...first.authorization.pending] } },
          { was: "fresh", authorization: { ...one, pending: [1, 2, 3] } } as never
        )
        const again = Option.getOrThrow(yield* authorizations.consume("hash of au_1", 1600))
        assert.strictEqual(again.was, "used")
        assert.strictEqual(again.authorization.usedAt, 1500)
        assert.lengthOf(again.authorization.pending, 0)
        assert.strictEqual(Option.getOrThrow(yield* authorizations.consume("hash of au_2", 1500)).was, "fresh")
      }).pipe(Effect.provide(layer))
    )

    it.effect("lets one of several that come back at once win", () =>
      Effect.gen(function* () {
        const { authorizations } = yield* ports
        yield* authorizations.add(Fixture.authorization("au_1"))
        const came = yield* Effect.all(
          Array.from({ length: 5 }, () => authorizations.consume("hash of au_1", 1500)),
          { concurrency: "unbounded" }
        )
        const fresh = came.filter((one) => Option.getOrThrow(one).was === "fresh")
        assert.strictEqual(fresh.length, 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("tells which have expired, to the millisecond, and removes them", () =>
      Effect.gen(function* () {
        const { authorizations } = yield* ports
        yield* authorizations.add(Fixture.authorization("au_1"))
        yield* authorizations.add(Fixture.authorization("au_2", { expiresAt: 2001 }))
        assert.strictEqual(Option.getOrThrow(yield* authorizations.consume("hash of au_1", 2000)).was, "expired")
        assert.strictEqual(Option.getOrThrow(yield* authorizations.consume("hash of au_2", 2000)).was, "fresh")
        assert.strictEqual(yield* authorizations.removeExpired(1999), 0)
        assert.strictEqual(yield* authorizations.removeExpired(2000), 1)
        assert.isTrue(Option.isNone(yield* authorizations.consume("hash of au_1", 2000)))
        assert.isTrue(Option.isSome(yield* authorizations.consume("hash of au_2", 2000)))
      }).pipe(Effect.provide(layer))
    )

    it.effect("refuses a state that is there, and forgets those of an integration that is purged", () =>
      Effect.gen(function* () {
        const { authorizations, integrations } = yield* ports
        yield* authorizations.add(Fixture.authorization("au_1", { integrationId: "int_1" }))
        assert.strictEqual(
          yield* failure(authorizations.add(Fixture.authorization("au_2", { stateHash: "hash of au_1" }))),
          "Conflict"
        )
        yield* authorizations.add(Fixture.authorization("au_3", { integrationId: "int_2" }))
        yield* integrations.save(Fixture.integration("int_1"))
        assert.strictEqual((yield* integrations.purge(Fixture.foreign, "int_1"))["authorizations"], 0)
        assert.strictEqual((yield* integrations.purge(Fixture.workspace, "int_1"))["authorizations"], 1)
        assert.isTrue(Option.isNone(yield* authorizations.consume("hash of au_1", 1500)))
        assert.isTrue(Option.isSome(yield* authorizations.consume("hash of au_3", 1500)))
      }).pipe(Effect.provide(layer))
    )
  })
}
