import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { KeyStore, WrappedKey } from "../store/KeyStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Crypto } from "./Crypto.ts"
import * as SealedValue from "./SealedValue.ts"
import { MissingMasterKey, RetiredMasterKey, unreadable, VaultError, WrongMasterKey } from "./VaultError.ts"

/** A master key: 32 bytes. */
export type MasterKey = Redacted.Redacted<Uint8Array>

/**
 * Where master keys come from. The first is the one that `crochet keys rotate` moves to; the others are only read.
 * `reload` looks again, e.g. into a key file that a rotation changed while this process runs.
 */
export interface MasterKeySource {
  readonly keys: readonly [MasterKey, ...ReadonlyArray<MasterKey>]
  readonly reload?: Effect.Effect<ReadonlyArray<MasterKey>> | undefined
}

/** One master key, or where several come from. */
export const sourceOf = (given: MasterKey | MasterKeySource): MasterKeySource =>
  Redacted.isRedacted(given) ? { keys: [given] } : given

/** The id of a master key: tells keys apart and says nothing of them. */
export const idOf = (crypto: Crypto["Service"], key: MasterKey): string =>
  Base64Url.encode(
    crypto.sha256(crypto.hmacSha256(Redacted.value(key), encoder.encode("crochet/master-key-id")))
  ).slice(0, 12)

/** The meta value that names the master key which wraps new data keys: the same one for every process. */
export const activeKey = "vault.master_key"
const canaryOf = (id: string) => `vault.canary.${id}`
/** The only canary of databases from before master keys could be rotated. */
const firstCanary = "vault.canary"
const encoder = new TextEncoder()

type Wrapped = Pick<WrappedKey, "owner" | "ownerId" | "workspaceId">

/** The master keys of a process, checked against the database. */
export interface MasterKeys {
  /** The id of the key that a rotation moves to. */
  readonly preferred: string
  /** The ids of the keys that are there. */
  readonly ids: () => ReadonlyArray<string>
  /** Wraps with the key that the database names. */
  readonly wrap: (
    scope: Wrapped,
    dataKey: Uint8Array
  ) => Effect.Effect<Pick<WrappedKey, "masterKeyId" | "wrapped">, VaultError | StoreError>
  readonly unwrap: (key: WrappedKey) => Effect.Effect<Uint8Array, VaultError>
  /** The same data key under another master key, null when it does not open. Both keys must be there. */
  readonly rewrap: (key: WrappedKey, to: string) => Uint8Array | null
  /** Makes the preferred key the one that wraps new data keys, everywhere at once. */
  readonly activate: Effect.Effect<void, StoreError>
}

const keyPlace = (scope: Wrapped) =>
  SealedValue.placeIn(scope.workspaceId, {
    table: "data_keys",
    column: "wrapped",
    row: `${scope.owner}/${scope.ownerId}`
  })

/**
 * Opens the database's canary with the keys. Fails with `WrongMasterKey`, `RetiredMasterKey` (only keys that were
 * rotated out) or `MissingMasterKey` (some data keys need another one too).
 */
export const open = Effect.fnUntraced(function* (
  source: MasterKeySource,
  crypto: Crypto["Service"],
  store: KeyStore["Service"]
): Effect.fn.Return<MasterKeys, VaultError | StoreError> {
  const loaded = new Map<string, SealedValue.SealingKey>()
  const take = (keys: ReadonlyArray<MasterKey>) => {
    for (const key of keys) {
      const id = idOf(crypto, key)
      if (!loaded.has(id)) loaded.set(id, { id: SealedValue.shortId(crypto, id), bytes: Redacted.value(key) })
    }
  }
  take(source.keys)
  const preferred = idOf(crypto, source.keys[0])
  /** Whether the key is there, after a second look where keys come from. */
  const has = (id: string): Effect.Effect<boolean> =>
    Effect.suspend(() =>
      loaded.has(id) || source.reload === undefined
        ? Effect.succeed(loaded.has(id))
        : Effect.map(source.reload, (keys) => {
            take(keys)
            return loaded.has(id)
          })
    )
  const missing = (needed: string) =>
    Effect.flatMap(store.masterKeyUse, (uses) =>
      Effect.fail(
        new VaultError({
          reason: new MissingMasterKey({
            needed,
            dataKeys: uses.find((use) => use.masterKeyId === needed)?.dataKeys ?? 0
          })
        })
      )
    )
  const opens = (id: string, place: string, canary: string): boolean => {
    try {
      SealedValue.open(crypto, [loaded.get(id)!], place, Result.getOrThrow(Base64Url.decode(canary)))
      return true
    } catch {
      return false
    }
  }
  const canaryPlace = (name: string) => `meta|${name}`
  /** The canary under a key that is there. */
  const canary = (id: string) =>
    store.initMeta(
      canaryOf(id),
      Base64Url.encode(SealedValue.seal(crypto, loaded.get(id)!, canaryPlace(canaryOf(id)), "crochet"))
    )
  const wrong = () => Effect.fail(new VaultError({ reason: new WrongMasterKey() }))

  let active = Option.getOrUndefined(yield* store.meta(activeKey))
  if (active === undefined) {
    const first = Option.getOrUndefined(yield* store.meta(firstCanary))
    const known =
      first === undefined ? preferred : [...loaded.keys()].find((id) => opens(id, canaryPlace(firstCanary), first))
    if (known === undefined) return yield* wrong()
    active = yield* store.initMeta(activeKey, known)
  }
  if (!(yield* has(active))) {
    for (const id of loaded.keys()) {
      const old = Option.getOrUndefined(yield* store.meta(canaryOf(id)))
      if (old !== undefined && opens(id, canaryPlace(canaryOf(id)), old)) {
        return yield* new VaultError({ reason: new RetiredMasterKey({ needed: active }) })
      }
    }
    return yield* wrong()
  }
  if (!opens(active, canaryPlace(canaryOf(active)), yield* canary(active))) return yield* wrong()
  for (const { masterKeyId } of yield* store.masterKeyUse) {
    if (!(yield* has(masterKeyId))) return yield* missing(masterKeyId)
  }

  return {
    preferred,
    ids: () => [...loaded.keys()],
    wrap: Effect.fnUntraced(function* (scope, dataKey) {
      const masterKeyId = Option.getOrElse(yield* store.meta(activeKey), () => preferred)
      if (!(yield* has(masterKeyId))) return yield* missing(masterKeyId)
      const wrapped = SealedValue.seal(crypto, loaded.get(masterKeyId)!, keyPlace(scope), dataKey)
      return { masterKeyId, wrapped }
    }),
    unwrap: Effect.fnUntraced(function* (key) {
      if (!(yield* has(key.masterKeyId))) {
        return yield* new VaultError({ reason: new MissingMasterKey({ needed: key.masterKeyId, dataKeys: 1 }) })
      }
      return yield* Effect.try({
        try: () => SealedValue.open(crypto, [loaded.get(key.masterKeyId)!], keyPlace(key), key.wrapped),
        catch: (error) => (error instanceof VaultError ? error : unreadable())
      })
    }),
    rewrap: (key, to) => {
      try {
        const dataKey = SealedValue.open(crypto, [loaded.get(key.masterKeyId)!], keyPlace(key), key.wrapped)
        return SealedValue.seal(crypto, loaded.get(to)!, keyPlace(key), dataKey)
      } catch {
        return null
      }
    },
    activate: Effect.andThen(canary(preferred), store.putMeta(activeKey, preferred))
  }
})
