import * as Effect from "effect/Effect"
import { keyScope } from "../event/RunEvents.ts"
import type { ClaimedEvent } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Sealer, Vault, VaultError } from "../vault/Vault.ts"

/** What opens the bodies of these events, one for each key; null when the key was destroyed. */
export const of = (
  vault: Vault["Service"],
  events: ReadonlyArray<ClaimedEvent>
): Effect.Effect<(event: ClaimedEvent) => Sealer | null, StoreError | VaultError> =>
  Effect.gen(function* () {
    const found = new Map<string, Sealer | null>()
    for (const event of events) {
      const scope = keyScope(event)
      if (found.has(scope.ownerId)) continue
      const opener = Effect.catchIf(
        vault.opener(scope),
        (error) => error._tag === "VaultError" && error.reason._tag === "KeyDestroyed",
        () => Effect.succeed(null)
      )
      found.set(scope.ownerId, yield* opener)
    }
    return (event) => found.get(keyScope(event).ownerId) ?? null
  })
