import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { resourceOf } from "../connector/Connector.ts"
import type { AnyResource } from "../connector/Resource.ts"
import { DestinationRegistry } from "../destination/DestinationRegistry.ts"
import type { Principal } from "../service/Access.ts"
import { Connectors } from "../service/Connectors.ts"
import { notFound, Refusal, orRefuse, unprocessable } from "../service/Refusal.ts"
import { Syncs } from "../service/Syncs.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import type { Crypto } from "../vault/Crypto.ts"
import type { Vault } from "../vault/Vault.ts"
import type { Job } from "./Job.ts"
import * as JobDefinition from "./JobDefinition.ts"
import * as NewJob from "./NewJob.ts"
import * as NewRun from "./NewRun.ts"
import { reading } from "./Run.ts"
import { RunEngine } from "./RunEngine.ts"
import * as RunQueue from "./RunQueue.ts"
import { RunWakeup } from "./Scheduler.ts"
import * as Timetable from "./Timetable.ts"

/** Sync jobs and runs on the stores. */
export const layer: Layer.Layer<
  Syncs,
  never,
  | Connectors
  | Crypto
  | DestinationRegistry
  | DestinationStore
  | IntegrationStore
  | RunEngine
  | RunWakeup
  | SyncStore
  | Vault
> = Layer.effect(
  Syncs,
  Effect.gen(function* () {
    const connectors = yield* Connectors
    const registry = yield* DestinationRegistry
    const destinations = yield* DestinationStore
    const integrations = yield* IntegrationStore
    const engine = yield* RunEngine
    const wakeup = yield* RunWakeup
    const sync = yield* SyncStore
    const newJob = yield* NewJob.make
    const queue = yield* RunQueue.make

    const account = Effect.fnUntraced(function* (workspaceId: string, id: string) {
      const found = yield* integrations.get(workspaceId, id)
      if (Option.isNone(found)) return yield* notFound("integration", "X-Knit-Integration-Id")
      return found.value
    })

    const activeAccount = Effect.fnUntraced(function* (workspaceId: string, id: string) {
      const integration = yield* account(workspaceId, id)
      if (integration.state === "active") return integration
      return yield* new Refusal({
        kind: "conflict",
        code: "integration.inactive",
        msg: `The integration is ${integration.state}.`,
        field: "X-Knit-Integration-Id",
        resolution: "Connect the account again with integration.import and its integrationId."
      })
    })

    const jobOf = Effect.fnUntraced(function* (principal: Principal, integrationId: string, dataType: string) {
      yield* account(principal.workspaceId, integrationId)
      const found = yield* sync.jobFor(principal.workspaceId, integrationId, dataType)
      if (Option.isSome(found)) return found.value
      return yield* new Refusal({
        kind: "not_found",
        code: "sync.not_found",
        msg: "There is no sync of this data type for this integration.",
        field: "dataType",
        resolution: "Start one with sync.start."
      })
    })

    const runOf = Effect.fnUntraced(function* (principal: Principal, id: string) {
      const found = yield* sync.run(principal.workspaceId, id)
      if (Option.isNone(found)) return yield* notFound("run", "syncRunId")
      return found.value
    })

    const resource = Effect.fnUntraced(function* (appId: string, dataType: string) {
      const connector = connectors.byId(appId)
      const found = connector === undefined ? undefined : resourceOf(connector, dataType)
      if (found !== undefined) return found
      const offered = connector?.resources.map(({ dataType }) => dataType.id).join(", ") ?? ""
      return yield* unprocessable(
        "sync.unknown_data_type",
        "dataType",
        `${appId} has no data type ${JSON.stringify(dataType)}.`,
        offered === "" ? `Install the connector for ${appId}.` : `Use one of ${offered}.`
      )
    })

    const deltaMode = (job: Job, found: AnyResource) => NewRun.deltaMode(job, found, engine.settings.reconcileEvery)

    return Syncs.of({
      start: Effect.fn("Syncs.start")(function* (principal, apiKey, integrationId, request) {
        const integration = yield* activeAccount(principal.workspaceId, integrationId)
        const found = yield* resource(integration.appId, request.dataType)
        const known = Option.getOrNull(yield* sync.jobFor(principal.workspaceId, integrationId, request.dataType))
        const changes = yield* JobDefinition.changes(found, request, known)
        let destinationId = known?.destinationId
        if (request.destination !== undefined) {
          destinationId = (yield* registry.forUrl(principal, apiKey, request.destination)).id
        } else if (destinationId === undefined) {
          const registered = yield* destinations.forCategory(principal.workspaceId, found.dataType.category)
          if (Option.isNone(registered)) {
            return yield* unprocessable(
              "destination.missing",
              "destination",
              `No webhook is registered for ${found.dataType.category}, and the call names none.`,
              "Register one with webhook.register, or name a URL in destination."
            )
          }
          destinationId = registered.value.id
        }
        const now = yield* Clock.currentTimeMillis
        const base = known ?? (yield* newJob.add(yield* newJob.of(integration, found, destinationId)))
        const job: Job = { ...base, ...changes, destinationId, state: "active", updatedAt: now }
        const stays = known !== null && job.honorScheduler && !JobDefinition.needsTimetable(known, job)
        const scheduled: Job = stays ? job : { ...job, nextRunAt: Timetable.next(job.frequency, job.startAt, now) }
        yield* sync.saveJob(scheduled)
        // A run by the old definition would leave the receiver without what was added, and with what was left out.
        if (known !== null && JobDefinition.needsInitial(known, scheduled)) {
          return { job: scheduled, run: yield* queue.restart(scheduled, "api") }
        }
        const mode = request.syncType === "delta_sync" ? deltaMode(scheduled, found) : "initial"
        return { job: scheduled, run: yield* queue.start(scheduled, mode, "api") }
      }, orRefuse),
      update: Effect.fn("Syncs.update")(function* (principal, apiKey, integrationId, request) {
        const job = yield* jobOf(principal, integrationId, request.dataType)
        const found = yield* resource(job.appId, request.dataType)
        const changes = yield* JobDefinition.changes(found, request, job)
        const destinationId =
          request.destination === undefined
            ? job.destinationId
            : (yield* registry.forUrl(principal, apiKey, request.destination)).id
        const now = yield* Clock.currentTimeMillis
        const next: Job = { ...job, ...changes, destinationId, updatedAt: now }
        const rescheduled: Job = JobDefinition.needsTimetable(job, next)
          ? { ...next, nextRunAt: Timetable.next(next.frequency, next.startAt, now) }
          : next
        const rebaseline = JobDefinition.needsInitial(job, rescheduled)
        if (rebaseline) yield* activeAccount(principal.workspaceId, integrationId)
        yield* sync.saveJob(rescheduled)
        return { job: rescheduled, run: rebaseline ? yield* queue.restart(rescheduled, "update") : null }
      }, orRefuse),
      pause: Effect.fn("Syncs.pause")(function* (principal, integrationId, dataType) {
        const job = yield* jobOf(principal, integrationId, dataType)
        const paused: Job = { ...job, state: "paused", updatedAt: yield* Clock.currentTimeMillis }
        yield* sync.saveJob(paused)
        return paused
      }, orRefuse),
      resume: Effect.fn("Syncs.resume")(function* (principal, integrationId, dataType) {
        const job = yield* jobOf(principal, integrationId, dataType)
        const now = yield* Clock.currentTimeMillis
        const nextRunAt = job.nextRunAt ?? Timetable.next(job.frequency, job.startAt, now)
        const resumed: Job = { ...job, state: "active", nextRunAt, updatedAt: now }
        yield* sync.saveJob(resumed)
        yield* wakeup.notify
        return resumed
      }, orRefuse),
      cancel: Effect.fn("Syncs.cancel")(function* (principal, integrationId, dataType) {
        const job = yield* jobOf(principal, integrationId, dataType)
        const now = yield* Clock.currentTimeMillis
        for (const status of reading) {
          const { items } = yield* sync.runs(
            { workspaceId: principal.workspaceId, jobId: job.id, status },
            { limit: 1 }
          )
          for (const run of items) {
            if (yield* sync.cancelRun(principal.workspaceId, run.id, now)) return yield* runOf(principal, run.id)
          }
        }
        return yield* new Refusal({
          kind: "conflict",
          code: "sync.not_running",
          msg: "No run of this sync is going on.",
          field: "dataType",
          resolution: "Nothing to do."
        })
      }, orRefuse),
      jobs: (principal, integrationId, request) =>
        orRefuse(sync.jobs({ workspaceId: principal.workspaceId, integrationId }, request)),
      job: Effect.fn("Syncs.job")(function* (principal, id) {
        const found = yield* sync.job(principal.workspaceId, id)
        return Option.isSome(found) ? found.value : yield* notFound("sync", "syncJobId")
      }, orRefuse),
      runs: (principal, filter, request) =>
        orRefuse(sync.runs({ workspaceId: principal.workspaceId, ...filter }, request)),
      run: (principal, id) => orRefuse(runOf(principal, id)),
      watchFields: Effect.fn("Syncs.watchFields")(function* (principal, integrationId, dataType, jsonPaths) {
        const job = yield* jobOf(principal, integrationId, dataType)
        const found = yield* resource(job.appId, dataType)
        yield* JobDefinition.checkPaths(found, jsonPaths, "jsonPaths")
        const next: Job = { ...job, watchFields: jsonPaths, updatedAt: yield* Clock.currentTimeMillis }
        yield* sync.saveJob(next)
        return next
      }, orRefuse),
      resync: Effect.fn("Syncs.resync")(function* (principal, integrationId, dataType, recordId) {
        yield* activeAccount(principal.workspaceId, integrationId)
        const job = yield* jobOf(principal, integrationId, dataType)
        const found = yield* resource(job.appId, dataType)
        if (found.get === undefined) {
          return yield* new Refusal({
            kind: "unsupported",
            code: "capability.unsupported",
            msg: `${job.appId} cannot read a single record of ${dataType}.`,
            field: "dataType",
            resolution: "Start the sync again with sync.start."
          })
        }
        return { job, run: yield* queue.startResync(job, recordId) }
      }, orRefuse),
      releaseDeletions: Effect.fn("Syncs.releaseDeletions")(function* (principal, runId) {
        const held = yield* runOf(principal, runId)
        const job = yield* sync.job(principal.workspaceId, held.jobId)
        if (Option.isNone(job)) return yield* notFound("sync", "syncRunId")
        if ((yield* sync.countMissing(held.jobId)) === 0) return yield* nothingHeld
        return yield* queue.startRelease(job.value)
      }, orRefuse),
      discardDeletions: Effect.fn("Syncs.discardDeletions")(function* (principal, runId) {
        const held = yield* runOf(principal, runId)
        if ((yield* sync.countMissing(held.jobId)) === 0) return yield* nothingHeld
        return { discarded: yield* sync.discardMissing(held.jobId) }
      }, orRefuse),
      startAutomatic: Effect.fn("Syncs.startAutomatic")(function* (workspaceId, integrationId) {
        const integration = yield* account(workspaceId, integrationId)
        const started = []
        for (const found of connectors.byId(integration.appId)?.resources ?? []) {
          if (Option.isSome(yield* sync.jobFor(workspaceId, integrationId, found.dataType.id))) continue
          const destination = yield* destinations.forCategory(workspaceId, found.dataType.category)
          if (Option.isNone(destination)) continue
          const job = yield* newJob.of(integration, found, destination.value.id)
          const added = yield* newJob.add({
            ...job,
            nextRunAt: Timetable.next(job.frequency, job.startAt, job.createdAt)
          })
          // Whoever was faster starts it.
          if (added.id === job.id) started.push(yield* queue.start(added, "initial", "validation"))
        }
        return started
      }, orRefuse)
    })
  })
)

const nothingHeld = new Refusal({
  kind: "conflict",
  code: "deletions.none_held",
  msg: "No deletions are held for this sync.",
  field: "syncRunId",
  resolution: "Nothing to do."
})
