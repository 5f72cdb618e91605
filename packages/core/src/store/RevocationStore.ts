import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Integration } from "../integration/Integration.ts"
import type { StoreError } from "./StoreError.ts"

/** What an app is still to be told: that tokens of an account which has ended are not to be accepted any more. */
export interface Revocation {
  readonly id: string
  readonly workspaceId: string
  /** The account, which may be gone; the sign-in, when that came to no account. */
  readonly integrationId: string
  readonly appId: string
  /** The token and how it is revoked, sealed by the workspace: the account's own key may be destroyed. */
  readonly sealed: Uint8Array
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** When it is due, epoch milliseconds; while somebody works on it, when it is due without an answer. */
  readonly nextAttemptAt: number
  /** How often somebody has begun to tell the app. */
  readonly attempts: number
}

/** An account that ends, as it was read: it is not ended when its credentials have changed since. */
export interface Farewell {
  /** The sealed credentials; empty when there were none. */
  readonly credentials: Uint8Array
  /** Null when the app is not to be told. */
  readonly revocation: Revocation | null
}

/** Revocations that are still owed. `IntegrationStore.end` and `purge` write most of them. */
export class RevocationStore extends Context.Service<
  RevocationStore,
  {
    readonly add: (revocation: Revocation) => Effect.Effect<void, StoreError>
    /** Due revocations of all workspaces, longest first; nobody else is given them within the lease. */
    readonly claim: (limit: number, leaseMillis: number) => Effect.Effect<ReadonlyArray<Revocation>, StoreError>
    /** Tries again after a while; nothing happens when somebody else has begun meanwhile. */
    readonly postpone: (
      claimed: Pick<Revocation, "id" | "attempts">,
      delayMillis: number
    ) => Effect.Effect<void, StoreError>
    readonly remove: (id: string) => Effect.Effect<void, StoreError>
    /**
     * Live accounts of all workspaces at the app that may be of the company: a company that is not known, here or there,
     * may be any.
     */
    readonly sharing: (appId: string, company: string | null) => Effect.Effect<ReadonlyArray<Integration>, StoreError>
  }
>()("@crochet/core/store/RevocationStore") {}
