import * as Option from "effect/Option"
import type { Destination } from "../../destination/Destination.ts"
import * as Barrier from "../Barrier.ts"
import { DestinationStore } from "../DestinationStore.ts"
import { oldestFirst } from "./MemoryListing.ts"
import { bookedRun, patchEvent, removePending } from "./MemoryOutbox.ts"
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
  return DestinationStore.of({
    save: (destination) =>
      atomic(() => {
        const known = state.destinations.get(destination.id)
        if (known !== undefined && known.workspaceId !== destination.workspaceId)
          throw conflict("saveDestination", "id")
        state.destinations.set(destination.id, destination)
      }),
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
        const touched = new Set<string>()
        let discarded = 0
        for (const { event } of state.outbox.values()) {
          if (event.destinationId !== id) continue
          discarded++
          removePending(state, event)
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
