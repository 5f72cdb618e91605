import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Clock from "effect/Clock"
import * as Option from "effect/Option"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { KeyStore, type KeyOwner } from "../store/KeyStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto, type Fingerprinter } from "./Crypto.ts"

/** A ciphertext does not open: it was changed, cut, moved to another row, or sealed with another key. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", {}) {}
/** The data key is gone: what it sealed was shredded. */
export class KeyDestroyed extends Schema.TaggedError<KeyDestroyed>()("KeyDestroyed", {}) {}
/** The master key is not the one that this database was made with. */
export class WrongMasterKey extends Schema.TaggedError<WrongMasterKey>()("WrongMasterKey", {}) {}

/** The one error of the vault; it never says what was sealed. */
export class VaultError extends Schema.TaggedError<VaultError>()("VaultError", {
  reason: Schema.Union([Unreadable, KeyDestroyed, WrongMasterKey])
}) {
  override get message(): string {
    switch (this.reason._tag) {
      case "Unreadable":
        return "Sealed data cannot be opened: it was changed, moved or sealed with another key"
      case "KeyDestroyed":
        return "Sealed data cannot be opened: its key was destroyed"
      case "WrongMasterKey":
        return "CROCHET_MASTER_KEY is not the key that this database was made with. Set the right key, or start with an empty database"
    }
  }
}

/** Where a sealed value lives: a ciphertext that is moved to another place does not open. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly row: string
}

/** Seals and opens with one data key; synchronous, for use inside pages and batches. */
export interface Sealer {
  /** Text is sealed as UTF-8. */
  readonly seal: (place: Place, plaintext: Uint8Array | string) => Uint8Array
  /** Throws `VaultError`. */
  readonly open: (place: Place, sealed: Uint8Array) => Uint8Array
  /** Fingerprints that only this key's owner can make. */
  readonly fingerprint: Fingerprinter
}

/** Whose data key is meant. */
export interface KeyScope {
  readonly owner: KeyOwner
  readonly ownerId: string
  readonly workspaceId: string
}

const version = 1
const nonceLength = 12
const encoder = new TextEncoder()
const keepKeysFor = "1 hour"
const sweepEvery = "10 minutes"

/**
 * Envelope encryption: one AES-256-GCM data key per workspace, integration and run, each wrapped by the master key.
 *
 * Stored form of a sealed value: version (1 byte), nonce (12), ciphertext, tag (16). The associated data is workspace,
 * table, column and row.
 */
export class Vault extends Context.Service<
  Vault,
  {
    /** The sealer of a scope, whose data key is made on first use. */
    readonly sealer: (scope: KeyScope) => Effect.Effect<Sealer, VaultError | StoreError>
    /** Like `sealer`, but fails with `KeyDestroyed` instead of making a key. */
    readonly opener: (scope: KeyScope) => Effect.Effect<Sealer, VaultError | StoreError>
    /** Destroys a scope's data key: whatever it sealed stays unreadable for ever. */
    readonly shred: (scope: KeyScope) => Effect.Effect<void, StoreError>
  }
>()("@crochet/core/vault/Vault") {
  /**
   * A vault under a master key of 32 bytes. Fails with `WrongMasterKey` when the database's canary does not open.
   */
  static readonly layer = (
    masterKey: Redacted.Redacted<Uint8Array>
  ): Layer.Layer<Vault, VaultError | StoreError, Crypto | KeyStore> => Layer.effect(Vault, make(masterKey))
}

const make = Effect.fnUntraced(function* (masterKey: Redacted.Redacted<Uint8Array>) {
  const crypto = yield* Crypto
  const keys = yield* KeyStore

  const sealWith = (key: Uint8Array, associatedData: string, plaintext: Uint8Array | string): Uint8Array => {
    const nonce = crypto.randomBytes(nonceLength)
    const head = new Uint8Array(1 + nonceLength)
    head[0] = version
    head.set(nonce, 1)
    return crypto.encrypt(key, nonce, encoder.encode(associatedData), plaintext, head)
  }
  const openWith = (key: Uint8Array, associatedData: string, stored: Uint8Array): Uint8Array => {
    try {
      if (stored[0] !== version) throw new RangeError("unknown version")
      return crypto.decrypt(
        key,
        stored.subarray(1, 1 + nonceLength),
        encoder.encode(associatedData),
        stored.subarray(1 + nonceLength)
      )
    } catch {
      throw new VaultError({ reason: new Unreadable() })
    }
  }
  const keyPlace = (scope: KeyScope) => `${scope.workspaceId}|data_keys|wrapped|${scope.owner}/${scope.ownerId}`

  const master = Redacted.value(masterKey)
  const masterKeyId = Base64Url.encode(
    crypto.sha256(crypto.hmacSha256(master, encoder.encode("crochet/master-key-id")))
  ).slice(0, 12)
  const canaryPlace = "meta|vault.canary"
  const canary = yield* keys.initMeta("vault.canary", Base64Url.encode(sealWith(master, canaryPlace, "crochet")))
  yield* Effect.try({
    try: () => openWith(master, canaryPlace, Result.getOrThrow(Base64Url.decode(canary))),
    catch: () => new VaultError({ reason: new WrongMasterKey() })
  })

  const sealerOf = (scope: KeyScope, dataKey: Uint8Array): Sealer => {
    const at = (place: Place) => `${scope.workspaceId}|${place.table}|${place.column}|${place.row}`
    return {
      seal: (place, plaintext) => sealWith(dataKey, at(place), plaintext),
      open: (place, sealed) => openWith(dataKey, at(place), sealed),
      fingerprint: crypto.fingerprinter(crypto.hmacSha256(dataKey, encoder.encode("crochet/fingerprint")))
    }
  }
  const unwrap = (scope: KeyScope, wrapped: Uint8Array) =>
    Effect.try({
      try: () => sealerOf(scope, openWith(master, keyPlace(scope), wrapped)),
      catch: (error) => (error instanceof VaultError ? error : new VaultError({ reason: new Unreadable() }))
    })

  const cacheKey = (scope: KeyScope) => `${scope.owner}|${scope.ownerId}|${scope.workspaceId}`
  const cache = yield* Cache.make({
    capacity: 4096,
    // A run's key is destroyed by the store, which cannot tell this cache: so no key outlives that here for longer.
    timeToLive: keepKeysFor,
    lookup: (key: string): Effect.Effect<Sealer, VaultError | StoreError> => {
      const [owner, ownerId, workspaceId] = key.split("|") as [KeyOwner, string, string]
      const scope: KeyScope = { owner, ownerId, workspaceId }
      return Effect.flatMap(keys.dataKey(owner, ownerId), (found) =>
        Option.isNone(found)
          ? Effect.fail(new VaultError({ reason: new KeyDestroyed() }))
          : unwrap(scope, found.value.wrapped)
      )
    }
  })
  // Nobody asks again for the key of a run that is over: the cache finds out that it expired when it is walked.
  yield* Effect.forkScoped(Effect.forever(Effect.delay(Effect.map(Cache.keys(cache), Array.from), sweepEvery)))
  const opener = (scope: KeyScope) =>
    // A failed look-up must not be remembered: the key may be made a moment later.
    Effect.tapError(Cache.get(cache, cacheKey(scope)), () => Cache.invalidate(cache, cacheKey(scope)))

  const create = Effect.fnUntraced(function* (scope: KeyScope) {
    const createdAt = yield* Clock.currentTimeMillis
    yield* keys.addDataKey({
      id: `dk_${Base64Url.encode(crypto.randomBytes(12))}`,
      owner: scope.owner,
      ownerId: scope.ownerId,
      workspaceId: scope.workspaceId,
      masterKeyId,
      wrapped: sealWith(master, keyPlace(scope), crypto.randomBytes(32)),
      createdAt
    })
    return yield* opener(scope)
  })

  return Vault.of({
    opener,
    sealer: (scope) =>
      Effect.catchTag(opener(scope), "VaultError", (error) =>
        error.reason._tag === "KeyDestroyed" ? create(scope) : Effect.fail(error)
      ),
    shred: (scope) =>
      Effect.andThen(keys.removeDataKey(scope.owner, scope.ownerId), Cache.invalidate(cache, cacheKey(scope)))
  })
})
