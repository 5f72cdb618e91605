import { assert, describe, it } from "@effect/vitest"
import { Access, AccessLive, KeyStore, MemoryStore, PortableCrypto, Vault } from "@crochet/core"
import { Effect, Layer, Redacted } from "effect"
import { dump, inWorld } from "../engine/World.ts"

describe("API keys", () => {
  it.effect("are known by their text, until they are revoked", () =>
    inWorld(({ access, principal, refused }) =>
      Effect.gen(function* () {
        const { key, text } = yield* access.create({ workspaceId: principal.workspaceId, name: "ci", scopes: ["read"] })
        assert.deepStrictEqual(yield* access.authenticate(text), {
          workspaceId: principal.workspaceId,
          apiKeyId: key.id,
          scopes: ["read"]
        })
        for (const wrong of ["", "x", `${Redacted.value(text)}0`])
          yield* refused(access.authenticate(Redacted.make(wrong)), "auth.invalid_api_key", "Authorization")
        assert.isNotNull((yield* access.revoke(principal.workspaceId, key.id)).revokedAt)
        yield* refused(access.authenticate(text), "auth.invalid_api_key", "Authorization")
        yield* refused(access.revoke(principal.workspaceId, "key_none"), "api_key.not_found", "keyId")
      })
    )
  )

  it.effect("are stored as a hash; sealed while, and only while, a destination in Knit mode is signed with one", () =>
    inWorld(({ access, destinations, key, principal, refused, state }) =>
      Effect.gen(function* () {
        const { apiKeyId, workspaceId } = principal
        const sealed = () => state.apiKeys.get(apiKeyId)!.sealedKey
        assert.isNull(sealed())
        const register = () => destinations.register(principal, key, { category: "HRIS", url: "https://receiver.test" })
        const one = yield* register()
        const two = yield* register()
        assert.isNotNull(sealed())
        assert.notInclude(dump(state), Redacted.value(key))
        yield* refused(access.revoke(workspaceId, apiKeyId), "api_key.in_use", "keyId")
        yield* destinations.update(principal, { destinationId: one.destination.id, mode: "standard" })
        assert.isNotNull(sealed(), "the other destination needs it")
        yield* destinations.remove(principal, two.destination.id)
        assert.isNull(sealed())
        assert.isNotNull((yield* access.revoke(workspaceId, apiKeyId)).revokedAt)
      })
    )
  )
})

describe("the first start", () => {
  it.effect("of several processes on one empty database makes one workspace and one key", () =>
    Effect.gen(function* () {
      const keys = yield* KeyStore.KeyStore
      const given = Redacted.make("crochet_test_the-key-of-all-processes")
      // Between a look and what follows from it, the others do theirs.
      const slow: KeyStore.KeyStore["Service"] = {
        ...keys,
        workspaces: Effect.tap(keys.workspaces, () => Effect.yieldNow),
        apiKeyByHash: (hash) => Effect.tap(keys.apiKeyByHash(hash), () => Effect.yieldNow)
      }
      const bootstrap = Effect.flatMap(Access.Access, (access) => access.bootstrap(given)).pipe(
        Effect.provide(Layer.fresh(AccessLive.layer).pipe(Layer.provide(Layer.succeed(KeyStore.KeyStore, slow))))
      )
      const started = yield* Effect.all([bootstrap, bootstrap, bootstrap], { concurrency: "unbounded" })
      assert.lengthOf(yield* keys.workspaces, 1)
      assert.deepStrictEqual(new Set(started.map(({ workspaceId }) => workspaceId)), new Set(yield* keys.workspaces))
      assert.lengthOf(yield* keys.apiKeys(started[0].workspaceId), 1)
    }).pipe(
      Effect.provide(
        Vault.Vault.layer(Redacted.make(new Uint8Array(32))).pipe(
          Layer.provideMerge(Layer.merge(MemoryStore.layer, PortableCrypto.layer))
        )
      )
    )
  )
})
