import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { ApiKey } from "../access/ApiKey.ts"
import type { SigningKey, SigningKeyRotation } from "../delivery/SigningKey.ts"
import type { StoreError } from "./StoreError.ts"

/** What a data key belongs to. Destroying a run's key shreds all its bodies. */
export type KeyOwner = "workspace" | "integration" | "run"

/** A data key, wrapped by the master key that `masterKeyId` names. */
export interface WrappedKey {
  readonly id: string
  readonly owner: KeyOwner
  readonly ownerId: string
  readonly workspaceId: string
  readonly masterKeyId: string
  readonly wrapped: Uint8Array
  readonly createdAt: number
}

/** A data key of an owner that may have several, and how much it has sealed, as far as that was written down. */
export interface StoredDataKey extends WrappedKey {
  readonly seals: number
}

/** A batch of data keys that go from one master key to another. */
export interface RewrapBatch {
  readonly from: string
  readonly to: string
  /** The id of the last data key of the batch before; empty at the beginning. */
  readonly after: string
  readonly limit: number
  /** The key as it is wrapped by `to`; null leaves it as it is. Called again when the transaction is. */
  readonly rewrap: (key: WrappedKey) => Uint8Array | null
}

/** Workspaces, API keys, wrapped data keys, and the keys that sign webhooks. */
export class KeyStore extends Context.Service<
  KeyStore,
  {
    /** The workspaces' ids, oldest first. */
    readonly workspaces: Effect.Effect<ReadonlyArray<string>, StoreError>
    readonly addWorkspace: (id: string, createdAt: number) => Effect.Effect<void, StoreError>

    readonly addApiKey: (key: ApiKey) => Effect.Effect<void, StoreError>
    readonly apiKeyByHash: (hash: string) => Effect.Effect<Option.Option<ApiKey>, StoreError>
    readonly apiKey: (workspaceId: string, id: string) => Effect.Effect<Option.Option<ApiKey>, StoreError>
    readonly apiKeys: (workspaceId: string) => Effect.Effect<ReadonlyArray<ApiKey>, StoreError>
    /** Replaces the key with the same id. */
    readonly updateApiKey: (key: ApiKey) => Effect.Effect<void, StoreError>
    /** Notes that keys were used: batched by the caller, last one wins. */
    readonly touchApiKeys: (lastUsed: ReadonlyMap<string, number>) => Effect.Effect<void, StoreError>

    /**
     * Stores the key as its owner's nth (the first by default), unless there is one; returns the one that is stored now.
     * Conflict when the meta value `vault.master_key` names another master key: a rotation began meanwhile.
     */
    readonly addDataKey: (key: WrappedKey, generation?: number) => Effect.Effect<WrappedKey, StoreError>
    /** The owner's first data key. */
    readonly dataKey: (owner: KeyOwner, ownerId: string) => Effect.Effect<Option.Option<WrappedKey>, StoreError>
    /** All data keys of the owner, oldest first. */
    readonly dataKeys: (owner: KeyOwner, ownerId: string) => Effect.Effect<ReadonlyArray<StoredDataKey>, StoreError>
    /** Adds to what data keys have sealed, by their ids. */
    readonly countSeals: (seals: ReadonlyMap<string, number>) => Effect.Effect<void, StoreError>
    /** How many data keys each master key wraps, by its id. */
    readonly masterKeyUse: Effect.Effect<
      ReadonlyArray<{ readonly masterKeyId: string; readonly dataKeys: number }>,
      StoreError
    >
    /**
     * Wraps the next data keys anew, in one transaction; keys that are removed meanwhile do not come back. `last` is
     * null at the end.
     */
    readonly rewrapDataKeys: (
      batch: RewrapBatch
    ) => Effect.Effect<
      { readonly rewrapped: number; readonly skipped: number; readonly last: string | null },
      StoreError
    >
    /** Removes all data keys of the owner. */
    readonly removeDataKey: (owner: KeyOwner, ownerId: string) => Effect.Effect<void, StoreError>

    /** The workspace's Ed25519 keys, oldest first. */
    readonly signingKeys: (workspaceId: string) => Effect.Effect<ReadonlyArray<SigningKey>, StoreError>
    /**
     * In one transaction: puts a new current key in the place of the one that is expected, removes those that have
     * retired by the new one's creation, and lets `updatedAt` of the destinations that these keys sign for grow, so that
     * every worker sees it. False, and nothing changed, when another key is the current one.
     */
    readonly rotateSigningKey: (rotation: SigningKeyRotation) => Effect.Effect<boolean, StoreError>

    /** A small value of the installation itself, e.g. the vault's canary. */
    readonly meta: (key: string) => Effect.Effect<Option.Option<string>, StoreError>
    /** Stores the value unless there is one; returns the one that is stored now. */
    readonly initMeta: (key: string, value: string) => Effect.Effect<string, StoreError>
    /** Stores the value in the place of one that is there. */
    readonly putMeta: (key: string, value: string) => Effect.Effect<void, StoreError>
  }
>()("@crochet/core/store/KeyStore") {}
