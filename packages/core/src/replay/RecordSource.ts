import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { resourceOf } from "../connector/Connector.ts"
import type { ConnectorError } from "../connector/ConnectorError.ts"
import type { Normaliser } from "../diff/Normaliser.ts"
import type { Accounts } from "../integration/Accounts.ts"
import type { Connectors } from "../service/Connectors.ts"
import type { IntegrationStore } from "../store/IntegrationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { SyncStore } from "../store/SyncStore.ts"
import type { Job } from "../sync/Job.ts"
import * as JobNormaliser from "../sync/JobNormaliser.ts"
import { contextFor } from "../sync/RunSession.ts"
import type { Sealer, Vault, VaultError } from "../vault/Vault.ts"
import type { SkipReason } from "./SkipReason.ts"

/** Where the records of a job are read again, one by one. */
export interface RecordSource {
  readonly job: Job
  readonly normaliser: Normaliser
  /** The integration's sealer. */
  readonly sealer: Sealer
  /** The record as the app has it now; `None` when it is gone. */
  readonly read: (recordId: string) => Effect.Effect<Option.Option<unknown>, ConnectorError>
}

/** What opening a source needs of the world. */
export interface Services {
  readonly sync: SyncStore["Service"]
  readonly integrations: IntegrationStore["Service"]
  readonly vault: Vault["Service"]
  readonly accounts: Accounts["Service"]
  readonly connectors: Connectors["Service"]
}

/** Opens the source of a job, or says why its records cannot be read. */
export const open = Effect.fnUntraced(function* (
  services: Services,
  workspaceId: string,
  jobId: string
): Effect.fn.Return<RecordSource | SkipReason, StoreError | VaultError, Scope.Scope> {
  const job = Option.getOrNull(yield* services.sync.job(workspaceId, jobId))
  if (job === null) return "sync.not_found"
  const integration = Option.getOrNull(yield* services.integrations.get(workspaceId, job.integrationId))
  if (integration?.state !== "active") return "integration.inactive"
  const connector = services.connectors.byId(job.appId)
  const resource = connector === undefined ? undefined : resourceOf(connector, job.dataType)
  if (connector === undefined || resource === undefined) return "connector.missing"
  const { get } = resource
  if (get === undefined) return "capability.unsupported"
  const sealer = yield* services.vault.sealer({ owner: "integration", ownerId: integration.id, workspaceId })
  const normaliser = JobNormaliser.make(job, resource, sealer.fingerprint)
  if ("path" in normaliser) return "record.unreadable"
  const client = yield* services.accounts.client(connector, integration)
  const context = contextFor(job, client, null, () => Effect.void)
  return {
    job,
    sealer,
    normaliser,
    read: (recordId) => get(context, recordId)
  }
})
