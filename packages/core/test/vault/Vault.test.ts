import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { Crypto, KeyStore, MemoryStore, PortableCrypto, Vault } from "@crochet/core"
import * as Id from "../../src/vault/Id.ts"

const world = Layer.mergeAll(MemoryStore.layer, PortableCrypto.layer)
const open = (byte = 7) =>
  Effect.map(Layer.build(Layer.fresh(Vault.Vault.layer(Redacted.make(new Uint8Array(32).fill(byte))))), (context) =>
    (context as never as { readonly mapUnsafe: Map<string, Vault.Vault["Service"]> }).mapUnsafe.get(Vault.Vault.key)!
  )
const scope = (ownerId = "int_1", workspaceId = "ws_1") => ({ owner: "integration", ownerId, workspaceId }) as const
const place = { table: "t", column: "c", row: "r" }
const canary = "canary-7f3a"
const bytes = new TextEncoder().encode(canary)
/** The reason's tag, and whether the error says nothing of what was sealed. */
const reasonOf = (run: () => unknown): string => {
  try {
    run()
    return "opened"
  } catch (error) {
    if (!(error instanceof Vault.VaultError)) return String(error)
    assert.notInclude(`${error.message}${JSON.stringify(error)}${String(error.stack)}`, canary)
    return error.reason._tag
  }
}

describe("Vault", () => {
  it.effect("opens what it sealed, there and nowhere else", () =>
    Effect.gen(function* () {
      const vault = yield* open()
      const sealer = yield* vault.sealer(scope())
      const sealed = sealer.seal(place, bytes)
      assert.deepStrictEqual(sealer.open(place, sealed), bytes)
      assert.notDeepEqual(sealer.seal(place, bytes), sealed, "another nonce each time")
      assert.notInclude(new TextDecoder().decode(sealed), canary)
      for (const other of [
        { ...place, row: "s" },
        { ...place, column: "d" },
        { ...place, table: "u" }
      ]) {
        assert.strictEqual(
          reasonOf(() => sealer.open(other, sealed)),
          "Unreadable",
          "moved to another row"
        )
      }
      for (const others of [scope("int_2"), scope("int_3", "ws_2")]) {
        const other = yield* vault.sealer(others)
        assert.strictEqual(
          reasonOf(() => other.open(place, sealed)),
          "Unreadable",
          "moved to another account or tenant"
        )
      }
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("opens nothing that was cut or changed by a single bit", () =>
    Effect.gen(function* () {
      const sealer = yield* (yield* open()).sealer(scope())
      const sealed = sealer.seal(place, bytes)
      for (let length = 0; length < sealed.length; length++)
        assert.strictEqual(
          reasonOf(() => sealer.open(place, sealed.slice(0, length))),
          "Unreadable"
        )
      for (let at = 0; at < sealed.length; at++) {
        const changed = Uint8Array.from(sealed)
        changed[at]! ^= 1
        assert.strictEqual(
          reasonOf(() => sealer.open(place, changed)),
          "Unreadable",
          `byte ${at}`
        )
      }
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("does not start with another master key", () =>
    Effect.gen(function* () {
      yield* open(7)
      const second = yield* Effect.result(open(8))
      assert.isTrue(
        Result.isFailure(second) &&
          second.failure._tag === "VaultError" &&
          second.failure.reason._tag === "WrongMasterKey"
      )
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("opens after a restart, and never again after shredding", () =>
    Effect.gen(function* () {
      const vault = yield* open()
      const sealed = (yield* vault.sealer(scope())).seal(place, bytes)
      const restarted = yield* open()
      assert.deepStrictEqual((yield* restarted.opener(scope())).open(place, sealed), bytes)
      yield* vault.shred(scope())
      const gone = yield* Effect.flip(vault.opener(scope()))
      assert.isTrue(gone._tag === "VaultError" && gone.reason._tag === "KeyDestroyed")
      const fresh = yield* vault.sealer(scope())
      assert.strictEqual(
        reasonOf(() => fresh.open(place, sealed)),
        "Unreadable",
        "a new key is not the old one"
      )
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("holds a key that somebody else destroyed for no longer than an hour", () =>
    Effect.gen(function* () {
      const vault = yield* open()
      const sealed = (yield* vault.sealer(scope())).seal(place, bytes)
      yield* Effect.flatMap(KeyStore.KeyStore, (keys) => keys.removeDataKey("integration", "int_1"))
      yield* TestClock.adjust("59 minutes")
      assert.deepStrictEqual((yield* vault.opener(scope())).open(place, sealed), bytes, "still cached")
      yield* TestClock.adjust("1 minutes")
      const gone = yield* Effect.flip(vault.opener(scope()))
      assert.isTrue(gone._tag === "VaultError" && gone.reason._tag === "KeyDestroyed")
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("holds the key of a run that is over for minutes, and opens with it again while the run goes on", () =>
    Effect.gen(function* () {
      const vault = yield* open()
      const [over, long] = [
        { ...scope("run_1"), owner: "run" },
        { ...scope("run_2"), owner: "run" }
      ] as const
      const sealed = (yield* vault.sealer(over)).seal(place, bytes)
      const sealedLong = (yield* vault.sealer(long)).seal(place, bytes)
      yield* Effect.flatMap(KeyStore.KeyStore, (keys) => keys.removeDataKey("run", "run_1"))
      yield* TestClock.adjust("4 minutes")
      assert.deepStrictEqual((yield* vault.opener(over)).open(place, sealed), bytes, "still cached")
      yield* TestClock.adjust("1 minutes")
      const gone = yield* Effect.flip(vault.opener(over))
      assert.isTrue(gone._tag === "VaultError" && gone.reason._tag === "KeyDestroyed")
      assert.deepStrictEqual((yield* vault.opener(long)).open(place, sealedLong), bytes)
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("refuses a tenant the key of another, even by id", () =>
    Effect.gen(function* () {
      const vault = yield* open()
      yield* vault.sealer(scope("int_1", "ws_1"))
      const foreign = yield* Effect.flip(vault.sealer(scope("int_1", "ws_2")))
      assert.isTrue(foreign._tag === "VaultError" && foreign.reason._tag === "Unreadable")
    }).pipe(Effect.provide(world), Effect.scoped)
  )

  it.effect("gives two processes that ask at once the same key", () =>
    Effect.gen(function* () {
      const [one, two] = [yield* open(), yield* open()]
      const [a, b] = yield* Effect.all([one.sealer(scope()), two.sealer(scope())], { concurrency: 2 })
      assert.deepStrictEqual(b.open(place, a.seal(place, bytes)), bytes)
      assert.strictEqual(a.fingerprint("x"), b.fingerprint("x"))
      assert.isDefined(yield* KeyStore.KeyStore)
    }).pipe(Effect.provide(world), Effect.scoped)
  )
})

describe("Id", () => {
  it.effect("sorts by age and does not repeat", () =>
    Effect.gen(function* () {
      const crypto = yield* Crypto.Crypto
      const ids: Array<string> = []
      for (let i = 0; i < 50; i++) {
        ids.push(yield* Id.make(crypto, "sr"))
        yield* TestClock.adjust("1 millis")
      }
      assert.deepStrictEqual(ids, [...ids].sort())
      assert.isTrue(ids.every((id) => /^sr_[0-9a-hjkmnp-tv-z]{26}$/.test(id)))
      const same = yield* Effect.all(Array.from({ length: 50 }, () => Id.make(crypto, "ev")))
      assert.strictEqual(new Set(same).size, 50)
    }).pipe(Effect.provide(PortableCrypto.layer))
  )
})
