import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Principal } from "../service/Access.ts"
import { Connectors } from "../service/Connectors.ts"
import type { Refusal } from "../service/Refusal.ts"
import { Syncs } from "../service/Syncs.ts"
import { IntegrationStore, type PurgeReport } from "../store/IntegrationStore.ts"
import type { Farewell } from "../store/RevocationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { Accounts } from "./Accounts.ts"
import type { Integration } from "./Integration.ts"
import { IntegrationEvents } from "./IntegrationEvents.ts"
import { RevocationWakeup } from "./RevocationWakeup.ts"

/** How often credentials may be refreshed between reading and destroying them. */
const tries = 5

/** Makes the ways in which an account ends: somebody deactivates it, its days are over, or it is forgotten altogether. */
export const make = Effect.gen(function* () {
  const accounts = yield* Accounts
  const connectors = yield* Connectors
  const events = yield* IntegrationEvents
  const store = yield* IntegrationStore
  const syncs = yield* Syncs
  const wakeup = yield* RevocationWakeup

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

  /** An account can end whatever its credentials have become: what does not open cannot be revoked either. */
  const revocationOf = Effect.fnUntraced(function* (integration: Integration, sealed: Uint8Array) {
    const connector = connectors.byId(integration.appId)
    if (connector === undefined || sealed.length === 0) return null
    return yield* accounts.open(integration, sealed).pipe(
      Effect.flatMap((credentials) => accounts.revocation(connector, integration, credentials)),
      Effect.catchTag("VaultError", () =>
        Effect.as(
          Effect.logWarning("Tokens of an account cannot be revoked, because they do not open").pipe(
            Effect.annotateLogs({ integrationId: integration.id, appId: integration.appId })
          ),
          null
        )
      )
    )
  })

  /** Destroys credentials together with writing down that the app is to be told; it is told afterwards. */
  const takeLeave = <A>(integration: Integration, destroy: (farewell: Farewell) => Effect.Effect<A, StoreError>) =>
    Effect.gen(function* () {
      const credentials = Option.getOrElse(
        yield* store.credentials(integration.workspaceId, integration.id),
        () => new Uint8Array()
      )
      const revocation = yield* revocationOf(integration, credentials)
      const destroyed = yield* destroy({ credentials, revocation })
      if (revocation !== null) yield* wakeup.notify
      return destroyed
    }).pipe(
      // The tokens were replaced meanwhile: the new ones are to be revoked.
      Effect.retry({ while: ({ reason }: StoreError) => reason._tag === "Conflict", times: tries })
    )

  const end = Effect.fnUntraced(function* (
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
    yield* takeLeave(next, (farewell) => store.end(next, farewell))
    yield* stopRuns(next)
    return next
  })

  const purge = (integration: Integration): Effect.Effect<PurgeReport, StoreError> =>
    takeLeave(integration, (farewell) => store.purge(integration.workspaceId, integration.id, farewell))

  return { end, purge }
})
