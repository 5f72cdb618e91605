import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted } from "effect"
import { Base64Url } from "effect/encoding"
import { TestClock } from "effect/testing"
import { Crypto, KeyRotation, KeyStore, MasterKeys, MemoryStore, PortableCrypto, Vault } from "@crochet/core"

const world = Layer.mergeAll(MemoryStore.layer, PortableCrypto.layer)
const master = (byte: number): MasterKeys.MasterKey => Redacted.make(new Uint8Array(32).fill(byte))
const source = (...bytes: [number, ...Array<number>]): MasterKeys.MasterKeySource => ({
  keys: bytes.map(master) as never
})
const idOf = (byte: number) => Effect.map(Crypto.Crypto, (crypto) => MasterKeys.idOf(crypto, master(byte)))
const vault = (given: MasterKeys.MasterKeySource) =>
  Effect.flatMap(Layer.build(Layer.fresh(Vault.Vault.layer(given))), (context) =>
    Effect.provideContext(Vault.Vault, context)
  )
const rotation = (given: MasterKeys.MasterKeySource) =>
  Effect.flatMap(Layer.build(Layer.fresh(KeyRotation.KeyRotation.layer(given))), (context) =>
    Effect.provideContext(KeyRotation.KeyRotation, context)
  )
const scope = (ownerId: string) => ({ owner: "integration", ownerId, workspaceId: "ws_1" }) as const
const place = { table: "t", column: "c", row: "r" }
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
/** Runs to its end although it pauses between batches. */
const whole = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(self)
    for (let i = 0; i < 50; i++) yield* TestClock.adjust("10 millis")
    return yield* Fiber.join(fiber)
  })
const reason = <A, R>(self: Effect.Effect<A, unknown, R>) =>
  Effect.map(Effect.flip(self), (error) => (error instanceof Vault.VaultError ? error : assert.fail(String(error))))

describe("KeyRotation", () => {
  it.effect("moves every data key while vaults with both keys go on", () =>
    Effect.gen(function* () {
      const [old, next] = [yield* idOf(1), yield* idOf(2)]
      const before = yield* vault(source(1))
      const sealed = new Map<string, Uint8Array>()
      for (let i = 0; i < 25; i++) {
        sealed.set(`int_${i}`, (yield* before.sealer(scope(`int_${i}`))).seal(place, `text ${i}`))
      }
      // The new key is known to everybody first; nothing is wrapped with it yet.
      const running = yield* vault(source(2, 1))
      yield* running.sealer(scope("int_before"))
      const keys = yield* rotation(source(2, 1))
      assert.deepStrictEqual(yield* keys.status, [
        { id: old, dataKeys: 26, active: true, given: true },
        { id: next, dataKeys: 0, active: false, given: true }
      ])
      assert.deepStrictEqual(yield* keys.rotate({ dryRun: true }), {
        to: next,
        from: [old],
        rewrapped: 26,
        unreadable: 0
      })
      const progress: Array<number> = []
      const result = yield* whole(
        keys.rotate({ batch: 10, onProgress: ({ done }) => Effect.sync(() => void progress.push(done)) })
      )
      assert.deepStrictEqual(result, { to: next, from: [old], rewrapped: 26, unreadable: 0 })
      assert.deepStrictEqual(progress, [10, 20, 26])
      assert.deepStrictEqual(yield* whole(keys.rotate()), { to: next, from: [], rewrapped: 0, unreadable: 0 })
      yield* running.sealer(scope("int_after"))
      assert.deepStrictEqual(
        (yield* keys.status).map(({ dataKeys, id }) => [id, dataKeys]),
        [
          [next, 27],
          [old, 0]
        ]
      )
      const after = yield* vault(source(2))
      for (const [id, value] of sealed) {
        const i = id.slice("int_".length)
        assert.strictEqual(text((yield* running.opener(scope(id))).open(place, value)), `text ${i}`)
        assert.strictEqual(text((yield* after.opener(scope(id))).open(place, value)), `text ${i}`)
      }
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("goes on after it was stopped between any two batches", () =>
    Effect.gen(function* () {
      const before = yield* vault(source(1))
      for (let i = 0; i < 12; i++) yield* before.sealer(scope(`int_${i}`))
      const next = yield* idOf(2)
      for (let stopAfter = 1; stopAfter < 6; stopAfter++) {
        const keys = yield* rotation(source(2, 1))
        yield* Effect.exit(
          whole(
            keys.rotate({
              batch: 2,
              onProgress: ({ done }) => (done >= stopAfter * 2 ? Effect.die("killed") : Effect.void)
            })
          )
        )
        // Whatever is done, both kinds of data keys open, and new ones are made under the new key.
        const running = yield* vault(source(2, 1))
        for (let i = 0; i < 12; i++) yield* running.opener(scope(`int_${i}`))
        yield* running.sealer(scope(`int_new_${stopAfter}`))
      }
      const keys = yield* rotation(source(2, 1))
      yield* whole(keys.rotate())
      assert.deepStrictEqual(
        (yield* (yield* KeyStore.KeyStore).masterKeyUse).map((use) => use.masterKeyId),
        [next]
      )
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("counts a data key that does not open, and needs the old master key no longer because of it", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore.KeyStore
      yield* (yield* vault(source(1))).sealer(scope("int_1"))
      yield* store.addDataKey({
        id: "dk_damaged",
        ...scope("int_2"),
        masterKeyId: yield* idOf(1),
        wrapped: new Uint8Array(60).fill(2),
        createdAt: 0
      })
      const result = yield* whole((yield* rotation(source(2, 1))).rotate())
      assert.deepInclude(result, { rewrapped: 1, unreadable: 1 })
      const after = yield* vault(source(2))
      assert.strictEqual((yield* reason(after.opener(scope("int_2")))).reason._tag, "Unreadable")
      yield* after.opener(scope("int_1"))
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("says which key is missing, wrong or retired, and what to do", () =>
    Effect.gen(function* () {
      const [old, next] = [yield* idOf(1), yield* idOf(2)]
      yield* (yield* vault(source(1))).sealer(scope("int_1"))
      const wrong = yield* reason(vault(source(9)))
      assert.strictEqual(wrong.reason._tag, "WrongMasterKey")
      const ahead = yield* reason(vault(source(2)))
      assert.strictEqual(ahead.reason._tag, "WrongMasterKey", "a key that nobody rotated to")

      const keys = yield* rotation(source(2, 1))
      yield* whole(Effect.ignoreCause(keys.rotate({ onProgress: () => Effect.die("killed") })))
      yield* (yield* KeyStore.KeyStore).putMeta("vault.master_key", next)
      const onlyOld = yield* reason(vault(source(1)))
      assert.deepStrictEqual(onlyOld.reason, new Vault.RetiredMasterKey({ needed: next }))
      assert.match(onlyOld.message, new RegExp(`${next}.*CROCHET_MASTER_KEYS_OLD`))

      yield* (yield* KeyStore.KeyStore).rewrapDataKeys({
        from: next,
        to: old,
        after: "",
        limit: 10,
        rewrap: (key) => key.wrapped
      })
      const half = yield* reason(vault(source(2)))
      assert.deepStrictEqual(half.reason, new Vault.MissingMasterKey({ needed: old, dataKeys: 1 }))
      assert.match(half.message, /CROCHET_MASTER_KEYS_OLD.*crochet keys rotate/)
      for (const error of [wrong, onlyOld, half]) {
        assert.notInclude(`${error.message}${JSON.stringify(error)}`, Base64Url.encode(new Uint8Array(32).fill(1)))
      }
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("a running vault looks again for a key that came after it started", () =>
    Effect.gen(function* () {
      const given = [master(1)]
      const running = yield* vault({ keys: [master(1)], reload: Effect.sync(() => given) })
      const sealed = (yield* running.sealer(scope("int_1"))).seal(place, "text")
      given.unshift(master(2))
      yield* whole((yield* rotation(source(2, 1))).rotate())
      yield* TestClock.adjust("2 hours")
      assert.strictEqual(text((yield* running.opener(scope("int_1"))).open(place, sealed)), "text", "reads under it")
      yield* running.sealer(scope("int_2"))
      assert.deepStrictEqual(
        (yield* (yield* KeyStore.KeyStore).masterKeyUse).map((use) => use.masterKeyId),
        [yield* idOf(2)],
        "wraps with it"
      )
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("takes over a database from before keys could be rotated", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore.KeyStore
      const crypto = yield* Crypto.Crypto
      const bytes = new TextEncoder()
      const nonce = crypto.randomBytes(12)
      const canary = crypto.encrypt(
        Redacted.value(master(1)),
        nonce,
        bytes.encode("meta|vault.canary"),
        "crochet",
        Uint8Array.of(1, ...nonce)
      )
      yield* store.initMeta("vault.canary", Base64Url.encode(canary))
      const dataKey = new Uint8Array(32).fill(5)
      yield* store.addDataKey({
        id: "dk_old",
        ...scope("int_1"),
        masterKeyId: yield* idOf(1),
        wrapped: crypto.encrypt(
          Redacted.value(master(1)),
          nonce,
          bytes.encode("ws_1|data_keys|wrapped|integration/int_1"),
          dataKey,
          Uint8Array.of(1, ...nonce)
        ),
        createdAt: 0
      })
      const sealed = crypto.encrypt(dataKey, nonce, bytes.encode("ws_1|t|c|r"), "text", Uint8Array.of(1, ...nonce))
      assert.strictEqual((yield* reason(vault(source(9)))).reason._tag, "WrongMasterKey")
      yield* whole((yield* rotation(source(2, 1))).rotate())
      const after = yield* vault(source(2))
      assert.strictEqual(text((yield* after.opener(scope("int_1"))).open(place, sealed)), "text")
    }).pipe(Effect.provide(world), Effect.scoped)
  )
})

describe("a data key", () => {
  it.effect("is replaced after 90 days, when every process knows the new one; the old one still opens", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore.KeyStore
      const [one, two] = [yield* vault(source(1)), yield* vault(source(1))]
      const first = yield* one.sealer(scope("int_1"))
      const old = first.seal(place, "old")
      yield* TestClock.adjust("90 days")
      yield* one.sealer(scope("int_1"))
      assert.lengthOf(yield* store.dataKeys("integration", "int_1"), 2)
      const keyOf = (sealed: Uint8Array) => Base64Url.encode(sealed.subarray(1, 9))
      const meanwhile = (yield* one.sealer(scope("int_1"))).seal(place, "x")
      assert.strictEqual(keyOf(meanwhile), keyOf(old), "not used before everybody has it")
      yield* TestClock.adjust("3 hours")
      const sealed = (yield* one.sealer(scope("int_1"))).seal(place, "new")
      assert.notStrictEqual(keyOf(sealed), keyOf(old))
      const other = yield* two.sealer(scope("int_1"))
      assert.deepStrictEqual([other.open(place, old), other.open(place, sealed)].map(text), ["old", "new"])
      assert.strictEqual(other.fingerprint("x"), first.fingerprint("x"), "fingerprints stay comparable")
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("is replaced before it sealed 2³² values, and a run's is not", () =>
    Effect.gen(function* () {
      const store = yield* KeyStore.KeyStore
      const one = yield* vault(source(1))
      const sealer = yield* one.sealer(scope("int_1"))
      for (let i = 0; i < 7; i++) sealer.seal(place, "x")
      yield* TestClock.adjust("10 minutes")
      const [key] = yield* store.dataKeys("integration", "int_1")
      assert.strictEqual(key?.seals, 7, "written down")
      yield* store.countSeals(new Map([[key!.id, 2 ** 30]]))
      yield* TestClock.adjust("1 hour")
      yield* one.sealer(scope("int_1"))
      assert.lengthOf(yield* store.dataKeys("integration", "int_1"), 2)
      const run = { owner: "run", ownerId: "run_1", workspaceId: "ws_1" } as const
      yield* one.sealer(run)
      yield* TestClock.adjust("91 days")
      yield* one.opener(run)
      assert.lengthOf(yield* store.dataKeys("run", "run_1"), 1)
      assert.isTrue(Option.isSome(yield* store.dataKey("run", "run_1")))
    }).pipe(Effect.provide(world), Effect.scoped)
  )
})
