import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { defaultModels } from "../connector/Connector.ts"
import type { AnyResource } from "../connector/Resource.ts"
import type { Integration } from "../integration/Integration.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import type { Job } from "./Job.ts"

/** Makes new jobs: an account has one per data type. */
export const make = Effect.gen(function* () {
  const crypto = yield* Crypto
  const sync = yield* SyncStore

  /** A job with the defaults, not stored yet. */
  const newJob = Effect.fnUntraced(function* (
    integration: Pick<Integration, "id" | "workspaceId" | "appId" | "originOrgId">,
    found: AnyResource,
    destinationId: string
  ) {
    const now = yield* Clock.currentTimeMillis
    const job: Job = {
      id: yield* Id.make(crypto, "sj"),
      workspaceId: integration.workspaceId,
      integrationId: integration.id,
      appId: integration.appId,
      originOrgId: integration.originOrgId,
      category: found.dataType.category,
      dataType: found.dataType.id,
      models: defaultModels(found),
      frequency: "standard",
      honorScheduler: false,
      startAt: null,
      destinationId,
      filters: {},
      watchFields: [],
      includeInactive: false,
      state: "active",
      nextRunAt: null,
      cursor: null,
      scope: null,
      deltasSinceListing: 0,
      sequenceFloor: 0,
      createdAt: now,
      updatedAt: now
    }
    return job
  })

  /** Stores a new job; somebody else's, if one was made meanwhile. */
  const addJob = (job: Job) =>
    sync.saveJob(job).pipe(
      Effect.as(job),
      Effect.catchIf(
        (error) => error.reason._tag === "Conflict",
        (error) =>
          Effect.flatMap(sync.jobFor(job.workspaceId, job.integrationId, job.dataType), (found) =>
            Option.isSome(found) ? Effect.succeed(found.value) : Effect.fail(error)
          )
      )
    )

  return { of: newJob, add: addJob }
})
