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

    /** Stores the key unless its owner has one already; returns the one that is stored now. */
    readonly addDataKey: (key: WrappedKey) => Effect.Effect<WrappedKey, StoreError>
    readonly dataKey: (owner: KeyOwner, ownerId: string) => Effect.Effect<Option.Option<WrappedKey>, StoreError>
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
  }
>()("@crochet/core/store/KeyStore") {}
