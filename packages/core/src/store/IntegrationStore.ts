import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Integration, IntegrationState } from "../integration/Integration.ts"
import type { Farewell } from "./RevocationStore.ts"
import type { ListRequest, Listing } from "./Listing.ts"
import type { StoreError } from "./StoreError.ts"

/** How many rows of each table a purge removed. */
export interface PurgeReport {
  readonly [table: string]: number
}

/** Connected accounts and their sealed credentials. A foreign workspace's id is simply not there. */
export class IntegrationStore extends Context.Service<
  IntegrationStore,
  {
    /** Inserts or replaces; `credentials` are replaced only when given. */
    readonly save: (integration: Integration, credentials?: Uint8Array) => Effect.Effect<void, StoreError>
    /**
     * Ends an account in one transaction: saves it, replaces its credentials with nothing, and keeps what its app is still
     * to be told. A conflict when the credentials are not the ones of `farewell` any more.
     */
    readonly end: (integration: Integration, farewell: Farewell) => Effect.Effect<void, StoreError>
    readonly get: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Integration>, StoreError>
    readonly credentials: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Uint8Array>, StoreError>
    /** Replaces the credentials only if they still are `previous` (compared byte by byte): one refresh wins. */
    readonly replaceCredentials: (
      id: string,
      previous: Uint8Array,
      next: Uint8Array
    ) => Effect.Effect<boolean, StoreError>
    readonly list: (
      filter: {
        readonly workspaceId: string
        readonly originOrgId?: string | undefined
        readonly appId?: string | undefined
        readonly state?: IntegrationState | undefined
      },
      request: ListRequest
    ) => Effect.Effect<Listing<Integration>, StoreError>
    /** Test accounts that are not deactivated or expired. */
    readonly countTestAccounts: (workspaceId: string) => Effect.Effect<number, StoreError>
    /** Live test accounts of all workspaces that are test accounts since `time` or longer, longest first. */
    readonly testAccountsSince: (time: number, limit: number) => Effect.Effect<ReadonlyArray<Integration>, StoreError>
    /**
     * Removes the integration and everything that belongs to it, in one transaction: credentials, jobs, runs,
     * snapshots, seen bits, events, outbox, attempts, data keys. With `farewell` it keeps what its app is still to be told,
     * and is a conflict when the credentials are others. Revocations that are owed already stay.
     */
    readonly purge: (workspaceId: string, id: string, farewell?: Farewell) => Effect.Effect<PurgeReport, StoreError>
  }
>()("@crochet/core/store/IntegrationStore") {}
