import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Action, AuditEntry, Break, Detail, Head } from "../audit/AuditEntry.ts"
import type { AuditFilter } from "../store/AuditStore.ts"
import type { Listing, ListRequest } from "../store/Listing.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

/** Who did it, and in which workspace. */
export type Actor = Pick<Principal, "workspaceId" | "apiKeyId">

/** Somebody at the command line. */
export const operator = (workspaceId: string): Actor => ({ workspaceId, apiKeyId: "operator" })
/** Crochet itself. */
export const system = (workspaceId: string): Actor => ({ workspaceId, apiKeyId: "system" })

/** What a walk along a workspace's chain came to. */
export interface Verification {
  readonly workspaceId: string
  readonly entries: number
  /** The last entry that holds: a copy of its hash, kept elsewhere, shows later that nothing was cut off behind it. */
  readonly head: Head
  /** The first entry that does not hold. */
  readonly broken: Break | null
}

/** The append-only, hash-chained audit log of a workspace. */
export class Audit extends Context.Service<
  Audit,
  {
    /**
     * Writes down what was done, right after it was. `detail` has no secrets and no values of records. Fails with
     * `audit.unwritten`; a call that cannot be written down fails with it, although it was carried out.
     */
    readonly record: (
      who: Actor,
      action: Action,
      target: string | null,
      detail?: Detail
    ) => Effect.Effect<void, Refusal>
    /** Newest first. */
    readonly list: (filter: AuditFilter, request: ListRequest) => Effect.Effect<Listing<AuditEntry>, Refusal>
    /** Walks the whole chain. */
    readonly verify: (workspaceId: string) => Effect.Effect<Verification, Refusal>
  }
>()("@crochet/core/service/Audit") {}
