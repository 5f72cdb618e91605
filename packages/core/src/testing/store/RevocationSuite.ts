import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import * as Fixture from "./Fixtures.ts"
import { failure, ids, ports, type StoreLayer } from "./Setup.ts"

const { foreign, workspace } = Fixture
const blank = new Uint8Array()
const sealed = new Uint8Array([9, 8])
const bytes = (value: Uint8Array | undefined) => (value === undefined ? undefined : [...value])

/** What revocations that are owed must do in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("RevocationStore", () => {
    it.effect("keeps what is owed of an account that ends, in the step in which its credentials go", () =>
      Effect.gen(function* () {
        const { integrations, revocations } = yield* ports
        const saved = Fixture.integration("int_1")
        const ended = { ...saved, state: "deactivated" as const, deactivatedAt: 5 }
        yield* integrations.save(saved, sealed)
        const owed = Fixture.revocation("rv_1", { createdAt: 7 })
        const stale = { credentials: new Uint8Array([9, 9]), revocation: owed }
        assert.strictEqual(yield* failure(integrations.end(ended, stale)), "Conflict")
        const farewell = { credentials: sealed, revocation: owed }
        assert.strictEqual(yield* failure(integrations.end({ ...ended, workspaceId: foreign }, farewell)), "Conflict")
        assert.strictEqual(yield* failure(integrations.end({ ...ended, id: "int_2" }, farewell)), "Conflict")
        assert.deepStrictEqual(yield* integrations.get(workspace, "int_1"), Option.some(saved))
        assert.deepStrictEqual(bytes(Option.getOrThrow(yield* integrations.credentials(workspace, "int_1"))), [9, 8])
        assert.deepStrictEqual(yield* revocations.claim(9, 1000), [], "nothing of it, or all of it")

        yield* integrations.end(ended, farewell)
        assert.deepStrictEqual(yield* integrations.get(workspace, "int_1"), Option.some(ended))
        assert.lengthOf(Option.getOrThrow(yield* integrations.credentials(workspace, "int_1")), 0)
        const [claimed, ...others] = yield* revocations.claim(9, 1000)
        assert.deepStrictEqual(
          { ...claimed, sealed: bytes(claimed?.sealed) },
          { ...owed, sealed: [1, 2, 3], attempts: 1, nextAttemptAt: 1000 }
        )
        assert.deepStrictEqual(others, [])
        yield* integrations.end(ended, { credentials: blank, revocation: null })
      }).pipe(Effect.provide(layer))
    )

    it.effect("is tied to the end by one transaction: what cannot be written down ends nothing", () =>
      Effect.gen(function* () {
        const { integrations, revocations } = yield* ports
        const saved = Fixture.integration("int_1")
        yield* integrations.save(saved, sealed)
        const owed = Fixture.revocation("rv_1", { nextAttemptAt: 1_000_000 })
        yield* revocations.add(owed)
        assert.strictEqual(yield* failure(revocations.add(owed)), "Conflict")
        const farewell = { credentials: sealed, revocation: owed }
        const ended = { ...saved, state: "expired" as const }
        assert.strictEqual(yield* failure(integrations.end(ended, farewell)), "Conflict")
        assert.strictEqual(yield* failure(integrations.purge(workspace, "int_1", farewell)), "Conflict")
        assert.deepStrictEqual(yield* integrations.get(workspace, "int_1"), Option.some(saved))
        assert.deepStrictEqual(bytes(Option.getOrThrow(yield* integrations.credentials(workspace, "int_1"))), [9, 8])
      }).pipe(Effect.provide(layer))
    )

    it.effect("keeps what is owed of an account that is purged, and what was owed before", () =>
      Effect.gen(function* () {
        const { integrations, revocations } = yield* ports
        yield* integrations.save(Fixture.integration("int_1"), sealed)
        yield* revocations.add(Fixture.revocation("rv_0"))
        const farewell = { credentials: sealed, revocation: Fixture.revocation("rv_1", { nextAttemptAt: 1 }) }
        yield* integrations.purge(foreign, "int_1", farewell)
        assert.strictEqual(
          yield* failure(integrations.purge(workspace, "int_1", { ...farewell, credentials: blank })),
          "Conflict"
        )
        assert.isTrue(Option.isSome(yield* integrations.get(workspace, "int_1")))
        yield* integrations.purge(workspace, "int_1", farewell)
        assert.isTrue(Option.isNone(yield* integrations.get(workspace, "int_1")))
        yield* integrations.purge(workspace, "int_1", { ...farewell, revocation: Fixture.revocation("rv_2") })
        yield* TestClock.adjust(1)
        assert.deepStrictEqual(ids(yield* revocations.claim(9, 1000)), ["rv_0", "rv_1"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives what is due out to one, for as long as the lease, and again afterwards", () =>
      Effect.gen(function* () {
        const { revocations } = yield* ports
        yield* TestClock.setTime(10_000)
        for (const [id, nextAttemptAt] of [
          ["rv_1", 3],
          ["rv_2", 2],
          ["rv_3", 10_000],
          ["rv_4", 10_001]
        ] as const) {
          yield* revocations.add(
            Fixture.revocation(id, { nextAttemptAt, workspaceId: id === "rv_1" ? foreign : workspace })
          )
        }
        assert.deepStrictEqual(ids(yield* revocations.claim(1, 5000)), ["rv_2"])
        const both = yield* Effect.all([revocations.claim(9, 5000), revocations.claim(9, 5000)], {
          concurrency: "unbounded"
        })
        assert.deepStrictEqual(both.map(ids).flat().sort(), ["rv_1", "rv_3"])
        assert.deepStrictEqual(yield* revocations.claim(9, 5000).pipe(Effect.map(ids)), [])
        yield* TestClock.adjust(5000)
        const again = yield* revocations.claim(9, 5000)
        assert.deepStrictEqual(again.map(({ attempts, id }) => [id, attempts]).sort(), [
          ["rv_1", 2],
          ["rv_2", 2],
          ["rv_3", 2],
          ["rv_4", 1]
        ])
      }).pipe(Effect.provide(layer))
    )

    it.effect("comes back after a while or never, and not for somebody whose lease is over", () =>
      Effect.gen(function* () {
        const { revocations } = yield* ports
        yield* revocations.add(Fixture.revocation("rv_1"))
        yield* revocations.add(Fixture.revocation("rv_2"))
        const [first] = yield* revocations.claim(1, 1000)
        yield* revocations.postpone(first!, 60_000)
        yield* TestClock.adjust(59_999)
        const [second] = yield* revocations.claim(9, 1000)
        assert.strictEqual(second?.id, "rv_2")
        yield* TestClock.adjust(1000)
        assert.deepStrictEqual(
          (yield* revocations.claim(9, 1000)).map(({ attempts, id }) => [id, attempts]),
          [
            ["rv_1", 2],
            ["rv_2", 2]
          ]
        )
        yield* revocations.postpone(first!, 999_999)
        yield* revocations.remove("rv_2")
        yield* revocations.remove("unknown")
        yield* TestClock.adjust(1000)
        assert.deepStrictEqual(ids(yield* revocations.claim(9, 1000)), ["rv_1"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("finds live accounts of the company in all workspaces, and those of which nobody knows", () =>
      Effect.gen(function* () {
        const { integrations, revocations } = yield* ports
        const save = (id: string, subject: string | null, overrides: Parameters<typeof Fixture.integration>[1] = {}) =>
          integrations.save(Fixture.integration(id, { subject, ...overrides }))
        yield* save("a", "42")
        yield* save("b", "42/user", { workspaceId: foreign, state: "needs_reconnect" })
        yield* save("c", "420")
        yield* save("d", "43/42")
        yield* save("e", null)
        yield* save("f", "42", { state: "deactivated" })
        yield* save("g", "42", { state: "expired" })
        yield* save("h", "42", { appId: "other" })
        assert.deepStrictEqual(ids(yield* revocations.sharing("playground", "42")), ["a", "b", "e"])
        assert.deepStrictEqual(ids(yield* revocations.sharing("playground", null)), ["a", "b", "c", "d", "e"])
        assert.deepStrictEqual(yield* revocations.sharing("other", "42"), [
          Fixture.integration("h", { subject: "42", appId: "other" })
        ])
      }).pipe(Effect.provide(layer))
    )
  })
}
