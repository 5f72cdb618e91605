import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Action, AuditEntry, Head } from "../audit/AuditEntry.ts"
import type { Listing, ListRequest } from "./Listing.ts"
import type { StoreError } from "./StoreError.ts"

/** Which entries to list. */
export interface AuditFilter {
  readonly workspaceId: string
  readonly actor?: string | undefined
  readonly action?: Action | undefined
  /** Epoch milliseconds, included. */
  readonly from?: number | undefined
  /** Epoch milliseconds, left out. */
  readonly to?: number | undefined
}

/** The audit log: entries are added, and never changed or removed; the databases refuse it. */
export class AuditStore extends Context.Service<
  AuditStore,
  {
    /** Adds the entry that `make` gives for the end of the workspace's chain; nobody gets in between. */
    readonly append: (workspaceId: string, make: (head: Head) => AuditEntry) => Effect.Effect<AuditEntry, StoreError>
    /** Newest first. */
    readonly list: (filter: AuditFilter, request: ListRequest) => Effect.Effect<Listing<AuditEntry>, StoreError>
    /** The entries after a position, oldest first. */
    readonly entries: (
      workspaceId: string,
      after: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<AuditEntry>, StoreError>
  }
>()("@crochet/core/store/AuditStore") {}
