import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Principal } from "../service/Access.ts"
import type { Refusal } from "../service/Refusal.ts"
import { Syncs } from "../service/Syncs.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Integration } from "./Integration.ts"
import { IntegrationEvents } from "./IntegrationEvents.ts"

/** Makes the one way in which an account ends, whether somebody deactivates it or its days are over. */
export const make = Effect.gen(function* () {
  const events = yield* IntegrationEvents
  const store = yield* IntegrationStore
  const syncs = yield* Syncs

  /** Ends what still reads with credentials that it has in memory. */
  const stopRuns = Effect.fnUntraced(function* ({ id, workspaceId }: Integration) {
    // Nobody calls: the account's own workspace does it.
    const principal: Principal = { workspaceId, apiKeyId: "", scopes: [] }
    for (let pageToken: string | undefined; ;) {
      const jobs = yield* syncs.jobs(principal, id, { limit: 100, pageToken })
      for (const { dataType } of jobs.items) {
        yield* Effect.catchIf(
          syncs.cancel(principal, id, dataType),
          ({ code }) => code === "sync.not_running",
          () => Effect.void
        )
      }
      if (jobs.nextPageToken === null) return
      pageToken = jobs.nextPageToken
    }
  })

  return Effect.fnUntraced(function* (
    integration: Integration,
    state: "deactivated" | "expired"
  ): Effect.fn.Return<Integration, Refusal | StoreError> {
    const now = yield* Clock.currentTimeMillis
    const next: Integration = { ...integration, state, updatedAt: now, deactivatedAt: now }
    // Said before it is written, and named by what it ends: after a crash in between it is the same event again.
    yield* events.send(next, "integration.deactivated", String(integration.updatedAt), {
      integrationId: next.id,
      appId: next.appId,
      categoryId: next.category,
      originOrgId: next.originOrgId,
      state
    })
    // An empty value replaces the sealed credentials: they are gone, even if the master key leaks later.
    yield* store.save(next, new Uint8Array())
    yield* stopRuns(next)
    return next
  })
})
