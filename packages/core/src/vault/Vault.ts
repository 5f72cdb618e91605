import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Base64Url from "effect/encoding/Base64Url"
import { KeyStore, type KeyOwner } from "../store/KeyStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Crypto, type Fingerprinter } from "./Crypto.ts"
import * as DataKeyAge from "./DataKeyAge.ts"
import * as MasterKeys from "./MasterKeys.ts"
import * as SealedValue from "./SealedValue.ts"
import { KeyDestroyed, unreadable, VaultError } from "./VaultError.ts"

export {
  KeyDestroyed,
  MissingMasterKey,
  RetiredMasterKey,
  Unreadable,
  VaultError,
  WrongMasterKey
} from "./VaultError.ts"
export type { Place } from "./SealedValue.ts"

/** Seals and opens with the data keys of one scope; synchronous, for use inside pages and batches. */
export interface Sealer {
  /** Text is sealed as UTF-8. */
  readonly seal: (place: SealedValue.Place, plaintext: Uint8Array | string) => Uint8Array
  /** Throws `VaultError`. */
  readonly open: (place: SealedValue.Place, sealed: Uint8Array) => Uint8Array
  /** Fingerprints that only this scope's owner can make; the same through all its data keys. */
  readonly fingerprint: Fingerprinter
}

/** Whose data key is meant. */
export interface KeyScope {
  readonly owner: KeyOwner
  readonly ownerId: string
  readonly workspaceId: string
}

const encoder = new TextEncoder()
const keepKeysFor = "1 hour"
/** Most runs are over in minutes, and a longer one's key is read again. */
const keepRunKeysFor = "5 minutes"

/**
 * How often a vault lets go of keys that nobody asks for any more and writes down how much was sealed: five minutes, but
 * for those who wake up a process rarely, as a simulation of days does.
 */
export const SweepEvery: Context.Reference<Duration.Duration> = Context.Reference<Duration.Duration>(
  "@crochet/core/vault/Vault/SweepEvery",
  { defaultValue: () => Duration.minutes(5) }
)

/**
 * Envelope encryption: AES-256-GCM data keys per workspace, integration and run, each wrapped by a master key.
 *
 * Stored form of a sealed value: version (1 byte), key id (8), nonce (12), ciphertext, tag (16). The associated data is
 * version, workspace, table, column and row.
 */
export class Vault extends Context.Service<
  Vault,
  {
    /** The sealer of a scope, whose data key is made on first use. */
    readonly sealer: (scope: KeyScope) => Effect.Effect<Sealer, VaultError | StoreError>
    /** Like `sealer`, but fails with `KeyDestroyed` instead of making a key. */
    readonly opener: (scope: KeyScope) => Effect.Effect<Sealer, VaultError | StoreError>
    /** Destroys a scope's data keys: whatever they sealed stays unreadable for ever. */
    readonly shred: (scope: KeyScope) => Effect.Effect<void, StoreError>
  }
>()("@crochet/core/vault/Vault") {
  /**
   * A vault under a master key of 32 bytes, or several. Fails when they do not fit the database: `WrongMasterKey`,
   * `RetiredMasterKey`, `MissingMasterKey`.
   */
  static readonly layer = (
    masterKey: MasterKeys.MasterKey | MasterKeys.MasterKeySource
  ): Layer.Layer<Vault, VaultError | StoreError, Crypto | KeyStore> => Layer.effect(Vault, make(masterKey))
}

const make = Effect.fnUntraced(function* (given: MasterKeys.MasterKey | MasterKeys.MasterKeySource) {
  const crypto = yield* Crypto
  const store = yield* KeyStore
  const masterKeys = yield* MasterKeys.open(MasterKeys.sourceOf(given), crypto, store)
  const seals = new Map<string, number>()

  /** Stores a fresh data key as the owner's nth, unless there is one. A rotation in between is met by asking again. */
  const add = (scope: KeyScope, generation: number) =>
    Effect.gen(function* () {
      const createdAt = yield* Clock.currentTimeMillis
      const id = `dk_${Base64Url.encode(crypto.randomBytes(12))}`
      const under = yield* masterKeys.wrap(scope, crypto.randomBytes(32))
      yield* store.addDataKey({ id, ...scope, ...under, createdAt }, generation)
    }).pipe(
      Effect.retry({ while: (error) => error._tag === "StoreError" && error.reason._tag === "Conflict", times: 5 })
    )

  /** Null when the scope has no key: nothing was sealed for it yet, or its keys are destroyed. */
  const load = Effect.fnUntraced(function* (scope: KeyScope, onUnknownKey: () => void) {
    let stored = yield* store.dataKeys(scope.owner, scope.ownerId)
    if (stored.length === 0) return null
    if (stored.some((key) => key.workspaceId !== scope.workspaceId)) return yield* unreadable()
    const now = yield* Clock.currentTimeMillis
    if (DataKeyAge.needsSuccessor(stored, now)) {
      yield* add(scope, stored.length + 1)
      stored = yield* store.dataKeys(scope.owner, scope.ownerId)
    }
    const keys: Array<SealedValue.SealingKey> = []
    for (const key of stored) {
      keys.push({ id: SealedValue.shortId(crypto, key.id), bytes: yield* masterKeys.unwrap(key) })
    }
    const current = DataKeyAge.current(stored, now)
    const sealing = keys[current]!
    const { id } = stored[current]!
    // A run's key lives for one run, which is far from any limit.
    const counted = scope.owner !== "run"
    // Fingerprints are compared over years: they stay with the first key. Most who open a scope make none.
    let fingerprint: Fingerprinter | undefined
    return {
      seal: (place, plaintext) => {
        if (counted) seals.set(id, (seals.get(id) ?? 0) + 1)
        return SealedValue.seal(crypto, sealing, SealedValue.placeIn(scope.workspaceId, place), plaintext)
      },
      open: (place, sealed) =>
        SealedValue.open(crypto, keys, SealedValue.placeIn(scope.workspaceId, place), sealed, onUnknownKey),
      fingerprint: (text) => {
        fingerprint ??= crypto.fingerprinter(crypto.hmacSha256(keys[0]!.bytes, encoder.encode("crochet/fingerprint")))
        return fingerprint(text)
      }
    } satisfies Sealer
  })

  const cacheKey = (scope: KeyScope) => `${scope.owner}|${scope.ownerId}|${scope.workspaceId}`
  const cache: Cache.Cache<string, Sealer | null, VaultError | StoreError> = yield* Cache.makeWith(
    (key: string): Effect.Effect<Sealer | null, VaultError | StoreError> => {
      const [owner, ownerId, workspaceId] = key.split("|") as [KeyOwner, string, string]
      // Another process may have made a key since: the next one who asks looks again.
      return load({ owner, ownerId, workspaceId }, () => Effect.runSync(Cache.invalidate(cache, key)))
    },
    {
      capacity: 4096,
      // A run's key is destroyed by the store, which cannot tell this cache: so no key outlives that here for long.
      timeToLive: (_, key) => (key.startsWith("run|") ? keepRunKeysFor : keepKeysFor)
    }
  )
  const writeDown = Effect.suspend(() => {
    const counts = new Map(seals)
    seals.clear()
    return counts.size === 0
      ? Effect.void
      : Effect.catch(store.countSeals(counts), () =>
          // Not lost: counted with the next ones.
          Effect.sync(() => {
            for (const [id, count] of counts) seals.set(id, (seals.get(id) ?? 0) + count)
          })
        )
  })
  // Nobody asks again for the key of a run that is over: the cache finds out that it expired when it is walked.
  const sweep = Effect.andThen(Effect.map(Cache.keys(cache), Array.from), writeDown)
  yield* Effect.forkScoped(Effect.forever(Effect.delay(sweep, yield* SweepEvery)))
  yield* Effect.addFinalizer(() => writeDown)

  const find = (scope: KeyScope): Effect.Effect<Sealer | null, VaultError | StoreError> => {
    const key = cacheKey(scope)
    const forget = Cache.invalidate(cache, key)
    // Neither a failed look-up nor that there is no key must be remembered: it may be made a moment later.
    return Effect.tapError(Cache.get(cache, key), () => forget).pipe(
      Effect.tap((found) => (found === null ? forget : Effect.void))
    )
  }
  const opener = (scope: KeyScope) =>
    Effect.flatMap(find(scope), (found) =>
      found === null ? Effect.fail(new VaultError({ reason: new KeyDestroyed() })) : Effect.succeed(found)
    )

  return Vault.of({
    opener,
    sealer: (scope) =>
      Effect.flatMap(find(scope), (found) =>
        found === null ? Effect.andThen(add(scope, 1), opener(scope)) : Effect.succeed(found)
      ),
    shred: (scope) =>
      Effect.andThen(store.removeDataKey(scope.owner, scope.ownerId), Cache.invalidate(cache, cacheKey(scope)))
  })
})
