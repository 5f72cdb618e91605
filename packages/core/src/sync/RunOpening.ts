import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { resourceOf } from "../connector/Connector.ts"
import { SeenBitmap } from "../diff/SeenBitmap.ts"
import type { Accounts } from "../integration/Accounts.ts"
import type { Connectors } from "../service/Connectors.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { ClaimedRun } from "../store/SyncStore.ts"
import type { VaultError } from "../vault/Vault.ts"
import * as Checkpoint from "./Checkpoint.ts"
import * as JobNormaliser from "./JobNormaliser.ts"
import * as Recorder from "./Recorder.ts"
import { RunFailure } from "./RunFailure.ts"
import type * as RunFailures from "./RunFailures.ts"
import type { RunSession } from "./RunSession.ts"
import * as Scopes from "./Scope.ts"

/** What a run needs before it can read. */
export interface Services extends Pick<RunFailures.Services, "sync" | "integrations" | "destinations" | "vault"> {
  readonly accounts: Accounts["Service"]
  readonly connectors: Connectors["Service"]
}

/** Where a run begins, or goes on after a crash. */
const firstCheckpoint = Effect.fnUntraced(function* (
  { checkpoint, job, run }: ClaimedRun,
  integrationSealer: RunSession["integrationSealer"],
  runSealer: RunSession["runSealer"]
) {
  if (checkpoint !== null) return Checkpoint.decode(runSealer.open(Recorder.checkpointPlace(run.id), checkpoint))
  const fresh = Checkpoint.initial(run.mode)
  if (run.mode !== "changes" || job.cursor === null) return fresh
  const cursor = new TextDecoder().decode(integrationSealer.open(Recorder.cursorPlace(job.id), job.cursor))
  return { ...fresh, cursor }
})

/** Finds everything that a claimed run works with; fails, with a reason for the operator, when something of it is gone. */
export const make = ({ accounts, connectors, destinations, integrations, sync, vault }: Services) =>
  Effect.fnUntraced(function* (
    claimed: ClaimedRun
  ): Effect.fn.Return<RunSession, RunFailure | StoreError | VaultError, Scope.Scope> {
    const { job, run } = claimed
    const integration = yield* integrations.get(run.workspaceId, run.integrationId)
    const destination = yield* destinations.byId(run.destinationId)
    const connector = connectors.byId(run.appId)
    const resource = connector === undefined ? undefined : resourceOf(connector, run.dataType)
    if (Option.isNone(integration)) return yield* RunFailure.of("integration.not_found", "The integration is gone.")
    if (integration.value.state !== "active") {
      return yield* RunFailure.of(
        "integration.inactive",
        `The integration is ${integration.value.state}.`,
        "Connect the account again."
      )
    }
    if (Option.isNone(destination)) {
      return yield* RunFailure.of(
        "destination.not_found",
        "The destination is gone.",
        "Name another one with sync.update."
      )
    }
    if (connector === undefined || resource === undefined) {
      return yield* RunFailure.of(
        "connector.missing",
        `No connector for ${run.appId} with ${run.dataType} is installed.`,
        "Add it to crochet.config.ts and start again."
      )
    }
    const owner = { workspaceId: run.workspaceId }
    const integrationSealer = yield* vault.sealer({ owner: "integration", ownerId: run.integrationId, ...owner })
    const normaliser = JobNormaliser.make(job, resource, integrationSealer.fingerprint)
    if ("path" in normaliser) return yield* RunFailure.of("filter.invalid", `${normaliser.path}: ${normaliser.message}`)
    const runSealer = yield* vault.sealer({ owner: "run", ownerId: run.id, ...owner })
    const client = yield* accounts.client(connector, integration.value)
    const scope = Scopes.of(integration.value, job, integrationSealer.fingerprint)
    const checkpoint = yield* firstCheckpoint(claimed, integrationSealer, runSealer)
    // Changes since a cursor say nothing about records that other credentials or filters never showed.
    const rescoped = checkpoint.mode === "changes" && job.scope !== scope
    return {
      run,
      job,
      integration: integration.value,
      destination: destination.value,
      resource,
      client,
      normaliser,
      recorder: Recorder.make({ run, destination: destination.value, integrationSealer, runSealer }),
      seen: SeenBitmap.from(yield* sync.seen(run.id)),
      integrationSealer,
      runSealer,
      scope,
      lease: claimed.lease,
      turnOver: false,
      checkpoint: rescoped ? Checkpoint.initial("listing") : checkpoint,
      nextOrdinal: claimed.nextOrdinal,
      counts: run.counts,
      issues: [],
      notes: 0,
      confirmations: 0,
      reported: client.statistics()
    }
  })
