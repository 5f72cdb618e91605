import * as Option from "effect/Option"
import { isOver, type Integration } from "../../integration/Integration.ts"
import type { Farewell } from "../RevocationStore.ts"
import { IntegrationStore } from "../IntegrationStore.ts"
import { removePending } from "./MemoryOutbox.ts"
import { atomic, type MemoryState } from "./MemoryState.ts"
import { equal, oldestFirst } from "./MemoryListing.ts"
import { conflict } from "../StoreError.ts"

const isLiveTest = (integration: Integration) => integration.accountType === "test" && !isOver(integration)

/** `IntegrationStore` over the shared state. */
export const make = (state: MemoryState): IntegrationStore["Service"] => {
  const find = (workspaceId: string, id: string) =>
    Option.filter(Option.fromUndefinedOr(state.integrations.get(id)), (found) => found.workspaceId === workspaceId)
  const takeLeave = (operation: string, id: string, { credentials, revocation }: Farewell) => {
    if (!equal(state.credentials.get(id) ?? new Uint8Array(), credentials)) throw conflict(operation, "credentials")
    if (revocation === null) return
    if (state.revocations.has(revocation.id)) throw conflict(operation, "revocation")
    state.revocations.set(revocation.id, revocation)
  }
  return IntegrationStore.of({
    save: (integration, credentials) =>
      atomic(() => {
        const known = state.integrations.get(integration.id)
        if (known !== undefined && known.workspaceId !== integration.workspaceId)
          throw conflict("saveIntegration", "id")
        state.integrations.set(integration.id, integration)
        if (credentials !== undefined) state.credentials.set(integration.id, credentials)
      }),
    end: (integration, farewell) =>
      atomic(() => {
        const known = state.integrations.get(integration.id)
        if (known === undefined || known.workspaceId !== integration.workspaceId) throw conflict("endIntegration", "id")
        takeLeave("endIntegration", integration.id, farewell)
        state.integrations.set(integration.id, integration)
        if (state.credentials.has(integration.id)) state.credentials.set(integration.id, new Uint8Array())
      }),
    get: (workspaceId, id) => atomic(() => find(workspaceId, id)),
    credentials: (workspaceId, id) =>
      atomic(() => Option.flatMap(find(workspaceId, id), () => Option.fromUndefinedOr(state.credentials.get(id)))),
    replaceCredentials: (id, previous, next) =>
      atomic(() => {
        const current = state.credentials.get(id)
        if (current === undefined || !equal(current, previous)) return false
        state.credentials.set(id, next)
        return true
      }),
    list: (filter, request) =>
      atomic(() =>
        oldestFirst(
          "listIntegrations",
          state.integrations.values(),
          request,
          (integration) =>
            integration.workspaceId === filter.workspaceId &&
            (filter.originOrgId === undefined || integration.originOrgId === filter.originOrgId) &&
            (filter.appId === undefined || integration.appId === filter.appId) &&
            (filter.state === undefined || integration.state === filter.state)
        )
      ),
    countTestAccounts: (workspaceId) =>
      atomic(() => {
        let count = 0
        for (const integration of state.integrations.values()) {
          if (integration.workspaceId === workspaceId && isLiveTest(integration)) count++
        }
        return count
      }),
    testAccountsSince: (time, limit) =>
      atomic(() =>
        [...state.integrations.values()]
          .flatMap((integration) =>
            isLiveTest(integration) && integration.testSince !== null && integration.testSince <= time
              ? [{ integration, since: integration.testSince }]
              : []
          )
          .sort((a, b) => a.since - b.since || (a.integration.id < b.integration.id ? -1 : 1))
          .slice(0, limit)
          .map(({ integration }) => integration)
      ),
    purge: (workspaceId, id, farewell) =>
      atomic(() => {
        const there = Option.isSome(find(workspaceId, id))
        const jobs = there
          ? [...state.jobs.values()].filter((job) => job.integrationId === id).map((job) => job.id)
          : []
        const runs = there
          ? [...state.runs.values()].filter(({ run }) => run.integrationId === id).map(({ run }) => run.id)
          : []
        const events = there ? [...state.events.values()].filter(({ record }) => record.integrationId === id) : []
        const signIns = there ? [...state.authorizations.values()].filter((one) => one.integrationId === id) : []
        const sum = (sizes: ReadonlyArray<number>) => sizes.reduce((a, b) => a + b, 0)
        const pending = events.flatMap(({ record }) => state.outbox.get(record.id) ?? [])
        const keys = [`integration|${id}`, ...runs.map((run) => `run|${run}`)].filter(
          (key) => there && state.dataKeys.has(key)
        )
        const report = {
          integrations: there ? 1 : 0,
          authorizations: signIns.length,
          credentials: there && state.credentials.has(id) ? 1 : 0,
          jobs: jobs.length,
          runs: runs.length,
          snapshot: sum(jobs.map((job) => state.snapshots.get(job)?.size ?? 0)),
          seen_bits: sum(runs.map((run) => state.seen.get(run)?.size ?? 0)),
          events: events.length,
          outbox: pending.length,
          bodies: pending.length,
          attempts: sum(events.map(({ record }) => state.attempts.get(record.id)?.length ?? 0)),
          data_keys: keys.length
        }
        if (!there) return report
        if (farewell !== undefined) takeLeave("purge", id, farewell)
        for (const { event } of pending) removePending(state, event, "discarded")
        for (const { record } of events) {
          state.events.delete(record.id)
          state.attempts.delete(record.id)
        }
        for (const run of runs) {
          state.runs.delete(run)
          state.seen.delete(run)
        }
        for (const job of jobs) {
          state.jobs.delete(job)
          state.snapshots.delete(job)
        }
        for (const key of keys) state.dataKeys.delete(key)
        for (const signIn of signIns) state.authorizations.delete(signIn.id)
        state.credentials.delete(id)
        state.integrations.delete(id)
        return report
      })
  })
}
