import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { ApiKey, Scope } from "../access/ApiKey.ts"
import type { Refusal } from "./Refusal.ts"

/** Who calls: everything that a call sees belongs to this workspace. */
export interface Principal {
  readonly workspaceId: string
  readonly apiKeyId: string
  readonly scopes: ReadonlyArray<Scope>
}

/** API keys: `crochet_<environment>_<256 random bits><checksum>`. */
export class Access extends Context.Service<
  Access,
  {
    /** Makes the first workspace and, when there is no key yet, a first key, whose text is returned this once. */
    readonly bootstrap: (
      given?: Redacted.Redacted
    ) => Effect.Effect<{ readonly workspaceId: string; readonly created: Redacted.Redacted | null }, Refusal>
    /** Makes another workspace with an admin key, whose text is returned this once. */
    readonly createWorkspace: Effect.Effect<{ readonly key: ApiKey; readonly text: Redacted.Redacted }, Refusal>
    /** Whose key this is; `unauthenticated` for anything else, at the same speed. */
    readonly authenticate: (text: Redacted.Redacted) => Effect.Effect<Principal, Refusal>
    readonly create: (options: {
      readonly workspaceId: string
      readonly name: string
      readonly scopes: ReadonlyArray<Scope>
    }) => Effect.Effect<{ readonly key: ApiKey; readonly text: Redacted.Redacted }, Refusal>
    readonly list: (workspaceId: string) => Effect.Effect<ReadonlyArray<ApiKey>, Refusal>
    /** Refused while a destination in Knit mode is signed with it. */
    readonly revoke: (workspaceId: string, id: string) => Effect.Effect<ApiKey, Refusal>
    /** Keeps a sealed copy of the key, because a destination in Knit mode is signed with it. */
    readonly keepForSigning: (workspaceId: string, id: string, text: Redacted.Redacted) => Effect.Effect<void, Refusal>
  }
>()("@crochet/core/service/Access") {}
