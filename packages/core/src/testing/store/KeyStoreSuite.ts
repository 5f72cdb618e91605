import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { WrappedKey } from "../../store/KeyStore.ts"
import * as Fixture from "./Fixtures.ts"
import { failure, ids, ports, type StoreLayer } from "./Setup.ts"

const wrapped = (ownerId: string, id: string): WrappedKey => ({
  id,
  owner: "integration",
  ownerId,
  workspaceId: Fixture.workspace,
  masterKeyId: "mk",
  wrapped: new Uint8Array([0, 1, 255]),
  createdAt: 5
})

/** What API keys and data keys must do in every store. */
export const suite = (layer: StoreLayer): void => {
  describe("KeyStore", () => {
    it.effect("lists workspaces oldest first and adds each once", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.addWorkspace("b", 1)
        yield* keys.addWorkspace("c", 0)
        yield* keys.addWorkspace("a", 1)
        yield* keys.addWorkspace("c", 9)
        assert.deepStrictEqual(yield* keys.workspaces, ["c", "a", "b"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("gives API keys back as they were, by id and by hash, to their workspace only", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        const one = Fixture.apiKey("key_1", { sealedKey: new Uint8Array([1, 2, 3]), createdAt: 2 })
        const two = Fixture.apiKey("key_2")
        yield* keys.addApiKey(one)
        yield* keys.addApiKey(two)
        const found = Option.getOrThrow(yield* keys.apiKeyByHash(one.hash))
        assert.deepStrictEqual({ ...found, sealedKey: [...found.sealedKey!] }, {
          ...one,
          sealedKey: [1, 2, 3]
        } as never)
        assert.isTrue(Option.isNone(yield* keys.apiKeyByHash("other")))
        assert.isTrue(Option.isSome(yield* keys.apiKey(Fixture.workspace, "key_1")))
        assert.isTrue(Option.isNone(yield* keys.apiKey(Fixture.foreign, "key_1")))
        assert.deepStrictEqual(ids(yield* keys.apiKeys(Fixture.workspace)), ["key_2", "key_1"])
        assert.deepStrictEqual(yield* keys.apiKeys(Fixture.foreign), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("refuses a second API key with the same id or hash", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.addApiKey(Fixture.apiKey("key_1"))
        assert.strictEqual(yield* failure(keys.addApiKey(Fixture.apiKey("key_1", { hash: "else" }))), "Conflict")
        assert.strictEqual(
          yield* failure(keys.addApiKey(Fixture.apiKey("key_2", { hash: "hash-of-key_1" }))),
          "Conflict"
        )
        assert.lengthOf(yield* keys.apiKeys(Fixture.workspace), 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("changes an API key for its own workspace, and makes none", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.addApiKey(Fixture.apiKey("key_1"))
        yield* keys.updateApiKey(Fixture.apiKey("key_1", { revokedAt: 77, scopes: ["admin"] }))
        yield* keys.updateApiKey(Fixture.apiKey("key_1", { workspaceId: Fixture.foreign, name: "taken over" }))
        yield* keys.updateApiKey(Fixture.apiKey("key_9"))
        const [key, ...others] = yield* keys.apiKeys(Fixture.workspace)
        assert.deepStrictEqual(others, [])
        assert.strictEqual(key?.revokedAt, 77)
        assert.strictEqual(key?.name, "Key key_1")
        assert.deepStrictEqual(key?.scopes, ["admin"])
      }).pipe(Effect.provide(layer))
    )

    it.effect("remembers when keys were last used, and never an earlier time", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.addApiKey(Fixture.apiKey("key_1"))
        yield* keys.addApiKey(Fixture.apiKey("key_2"))
        yield* keys.touchApiKeys(
          new Map([
            ["key_1", 10],
            ["unknown", 10]
          ])
        )
        yield* keys.touchApiKeys(
          new Map([
            ["key_1", 7],
            ["key_2", 3]
          ])
        )
        yield* keys.touchApiKeys(new Map())
        assert.deepStrictEqual(
          (yield* keys.apiKeys(Fixture.workspace)).map((key) => key.lastUsedAt),
          [10, 3]
        )
      }).pipe(Effect.provide(layer))
    )

    it.effect("keeps the first data key of an owner, and forgets a removed one", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        assert.strictEqual((yield* keys.addDataKey(wrapped("int_1", "dk_1"))).id, "dk_1")
        assert.strictEqual((yield* keys.addDataKey(wrapped("int_1", "dk_2"))).id, "dk_1")
        const found = Option.getOrThrow(yield* keys.dataKey("integration", "int_1"))
        assert.deepStrictEqual([...found.wrapped], [0, 1, 255])
        assert.strictEqual(found.createdAt, 5)
        assert.isTrue(Option.isNone(yield* keys.dataKey("run", "int_1")))
        yield* keys.removeDataKey("integration", "int_1")
        assert.isTrue(Option.isNone(yield* keys.dataKey("integration", "int_1")))
      }).pipe(Effect.provide(layer))
    )

    it.effect("keeps several data keys of an owner in order, counts what they seal, and removes them together", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.addDataKey(wrapped("int_1", "dk_1"))
        assert.strictEqual((yield* keys.addDataKey(wrapped("int_1", "dk_2"), 2)).id, "dk_2")
        assert.strictEqual((yield* keys.addDataKey(wrapped("int_1", "dk_3"), 2)).id, "dk_2", "the second is there")
        yield* keys.addDataKey(wrapped("int_2", "dk_4"))
        yield* keys.countSeals(
          new Map([
            ["dk_2", 5],
            ["unknown", 1]
          ])
        )
        yield* keys.countSeals(new Map([["dk_2", 2]]))
        yield* keys.countSeals(new Map())
        assert.deepStrictEqual(
          (yield* keys.dataKeys("integration", "int_1")).map(({ id, seals }) => [id, seals]),
          [
            ["dk_1", 0],
            ["dk_2", 7]
          ]
        )
        assert.strictEqual(Option.getOrThrow(yield* keys.dataKey("integration", "int_1")).id, "dk_1")
        yield* keys.removeDataKey("integration", "int_1")
        assert.deepStrictEqual(yield* keys.dataKeys("integration", "int_1"), [])
        assert.lengthOf(yield* keys.dataKeys("integration", "int_2"), 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("wraps data keys anew in batches, and brings none back", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        for (const n of [3, 1, 2, 5, 4]) yield* keys.addDataKey(wrapped(`int_${n}`, `dk_${n}`))
        yield* keys.addDataKey({ ...wrapped("int_9", "dk_9"), masterKeyId: "other" })
        const seen: Array<string> = []
        const batch = (after: string) =>
          keys.rewrapDataKeys({
            from: "mk",
            to: "new",
            after,
            limit: 2,
            rewrap: (key) => {
              seen.push(key.id)
              return key.id === "dk_2" ? null : new Uint8Array([9])
            }
          })
        assert.deepStrictEqual(yield* batch(""), { rewrapped: 1, skipped: 1, last: "dk_2" })
        yield* keys.removeDataKey("integration", "int_3")
        assert.deepStrictEqual(yield* batch("dk_2"), { rewrapped: 2, skipped: 0, last: "dk_5" })
        assert.deepStrictEqual(yield* batch("dk_5"), { rewrapped: 0, skipped: 0, last: null })
        assert.deepStrictEqual(seen, ["dk_1", "dk_2", "dk_4", "dk_5"])
        assert.deepStrictEqual(yield* keys.masterKeyUse, [
          { masterKeyId: "mk", dataKeys: 1 },
          { masterKeyId: "new", dataKeys: 3 },
          { masterKeyId: "other", dataKeys: 1 }
        ])
        const [first] = yield* keys.dataKeys("integration", "int_1")
        assert.deepStrictEqual([first?.masterKeyId, ...(first?.wrapped ?? [])], ["new", 9])
        assert.deepStrictEqual(yield* keys.dataKeys("integration", "int_3"), [])
      }).pipe(Effect.provide(layer))
    )

    it.effect("takes no data key under another master key than the one that is in use", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.addDataKey(wrapped("int_1", "dk_1"))
        yield* keys.putMeta("vault.master_key", "new")
        assert.strictEqual((yield* keys.addDataKey(wrapped("int_1", "dk_2"))).id, "dk_1", "what is there is there")
        assert.strictEqual(yield* failure(keys.addDataKey(wrapped("int_2", "dk_3"))), "Conflict")
        assert.strictEqual((yield* keys.addDataKey({ ...wrapped("int_2", "dk_4"), masterKeyId: "new" })).id, "dk_4")
      }).pipe(Effect.provide(layer))
    )

    it.effect("replaces the value of a meta key when told to", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        yield* keys.putMeta("name", "one")
        yield* keys.putMeta("name", "two")
        assert.deepStrictEqual(yield* keys.meta("name"), Option.some("two"))
        assert.strictEqual(yield* keys.initMeta("name", "three"), "two")
      }).pipe(Effect.provide(layer))
    )

    it.effect("keeps the first value of a meta key", () =>
      Effect.gen(function* () {
        const { keys } = yield* ports
        assert.isTrue(Option.isNone(yield* keys.meta("canary")))
        assert.strictEqual(yield* keys.initMeta("canary", "one"), "one")
        assert.strictEqual(yield* keys.initMeta("canary", "two"), "one")
        assert.deepStrictEqual(yield* keys.meta("canary"), Option.some("one"))
      }).pipe(Effect.provide(layer))
    )
  })
}
