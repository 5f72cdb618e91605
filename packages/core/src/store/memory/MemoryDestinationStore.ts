import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Destination } from "../../destination/Destination.ts"
import * as Circuit from "../../delivery/Circuit.ts"
import * as Barrier from "../Barrier.ts"
import { DestinationStore, type Notices } from "../DestinationStore.ts"
import { oldestFirst } from "./MemoryListing.ts"
import { bookedRun, insertEvents, patchEvent, removePending } from "./MemoryOutbox.ts"
import { atomic, type MemoryState, shredRuns } from "./MemoryState.ts"
import { conflict } from "../StoreError.ts"

/** `DestinationStore` over the shared state. */
export const make = (state: MemoryState): DestinationStore["Service"] => {
  const newest = (matches: (destination: Destination) => boolean) =>
    Option.fromUndefinedOr(
      [...state.destinations.values()]
        .filter(matches)
        .sort(
          (a, b) =>
            Number(a.category === null) - Number(b.category === null) ||
            b.createdAt - a.createdAt ||
            (a.id < b.id ? 1 : -1)
        )[0]
    )
  /** Writes what the workspace's active destinations are told, and returns those that are. */
  const tell = (workspaceId: string, notices: Notices, now: number): ReadonlyArray<string> => {
    const active = [...state.destinations.values()]
      .filter((found) => found.workspaceId === workspaceId && found.state === "active")
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    return insertEvents(state, notices(active, now), now).events.map((event) => event.destinationId)
  }

  return DestinationStore.of({
    save: (destination) =>
      atomic(() => {
        const known = state.destinations.get(destination.id)
        if (known !== undefined && known.workspaceId !== destination.workspaceId)
          throw conflict("saveDestination", "id")
        state.destinations.set(destination.id, destination)
      }),
    change: (workspaceId, id, change) =>
      Effect.flatMap(
        atomic(() => {
          const known = state.destinations.get(id)
          if (known?.workspaceId !== workspaceId) return Result.succeed(Option.none())
          const changed = Result.map(change(known), (next) => ({ ...next, id, workspaceId }))
          if (Result.isSuccess(changed)) state.destinations.set(id, changed.success)
          return Result.map(changed, Option.some)
        }),
        Effect.fromResult
      ),
    get: (workspaceId, id) =>
      atomic(() =>
        Option.filter(Option.fromUndefinedOr(state.destinations.get(id)), (found) => found.workspaceId === workspaceId)
      ),
    byId: (id) => atomic(() => Option.fromUndefinedOr(state.destinations.get(id))),
    forCategory: (workspaceId, category) =>
      atomic(() => newest((found) => found.workspaceId === workspaceId && found.category === category)),
    forUrl: (workspaceId, url, apiKeyId) =>
      atomic(() =>
        newest((found) => found.workspaceId === workspaceId && found.url === url && found.apiKeyId === apiKeyId)
      ),
    list: (workspaceId, request) =>
      atomic(() =>
        oldestFirst(
          "listDestinations",
          state.destinations.values(),
          request,
          (found) => found.workspaceId === workspaceId
        )
      ),
    remove: (workspaceId, id) =>
      atomic((now) => {
        if (state.destinations.get(id)?.workspaceId !== workspaceId) return 0
        state.destinations.delete(id)
        state.health.delete(id)
        const touched = new Set<string>()
        let discarded = 0
        for (const { event } of state.outbox.values()) {
          if (event.destinationId !== id) continue
          discarded++
          removePending(state, event, "discarded")
          patchEvent(state, event.id, { state: "discarded", settledAt: now, nextAttemptAt: null })
          const runId = bookedRun(event)
          const entry = runId === null ? undefined : state.runs.get(runId)
          if (entry === undefined) continue
          touched.add(entry.run.id)
          state.runs.set(entry.run.id, { ...entry, ...Barrier.leave(entry, event, "discarded", now) })
        }
        for (const runId of touched) {
          const entry = state.runs.get(runId)!
          const { books } = Barrier.closeIfDone(entry, () => null, now)
          state.runs.set(runId, { ...entry, ...books })
        }
        shredRuns(state, touched)
        return discarded
      }),
    pause: (id, reason, notices) =>
      atomic((now) => {
        const found = state.destinations.get(id)
        if (found?.state !== "active") return null
        state.destinations.set(id, {
          ...found,
          state: "paused",
          pausedReason: reason,
          pausedAt: now,
          updatedAt: Math.max(now, found.updatedAt + 1)
        })
        return tell(found.workspaceId, notices, now)
      }),
    resume: (id, notices) =>
      atomic((now) => {
        const found = state.destinations.get(id)
        if (found?.state !== "paused") return null
        state.destinations.set(id, {
          ...found,
          state: "active",
          pausedReason: null,
          pausedAt: null,
          updatedAt: Math.max(now, found.updatedAt + 1)
        })
        const pausedAt = Math.min(found.pausedAt ?? now, now)
        const length = now - pausedAt
        for (const pending of length === 0 ? [] : state.outbox.values()) {
          if (pending.event.destinationId !== id || pending.firstAttemptAt === null) continue
          const dueAt = pending.dueAt > pausedAt ? pending.dueAt + length : pending.dueAt
          state.outbox.set(pending.event.id, { ...pending, dueAt, firstAttemptAt: pending.firstAttemptAt + length })
          patchEvent(state, pending.event.id, { nextAttemptAt: dueAt })
        }
        const before = state.health.get(id) ?? Circuit.unknown(id)
        state.health.set(id, { ...Circuit.closed(before, now), parkedUntil: null })
        return tell(found.workspaceId, notices, now)
      }),
    usesApiKey: (apiKeyId) =>
      atomic(() =>
        [...state.destinations.values()].some((found) => found.mode === "knit" && found.apiKeyId === apiKeyId)
      ),
    jobsOf: (id) =>
      atomic(() =>
        [...state.jobs.values()]
          .filter((job) => job.destinationId === id)
          .map((job) => job.id)
          .sort()
      )
  })
}
