import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Wakeup } from "../delivery/Wakeup.ts"
import * as RunEvents from "../event/RunEvents.ts"
import { DestinationStore } from "../store/DestinationStore.ts"
import { KeyStore } from "../store/KeyStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import type { Run } from "../sync/Run.ts"
import { Vault } from "../vault/Vault.ts"

const batchSize = 100

/**
 * Makes what closes runs that became ready outside of their own deliveries: a newer event took the place of their last
 * one, or a replay made up for the last one that had expired. Returns how many.
 */
export const make = Effect.gen(function* () {
  const sync = yield* SyncStore
  const destinations = yield* DestinationStore
  const keys = yield* KeyStore
  const vault = yield* Vault
  const wakeup = yield* Wakeup

  const close = Effect.fnUntraced(function* (run: Run) {
    const { workspaceId } = run
    const now = yield* Clock.currentTimeMillis
    const first = yield* destinations.byId(run.destinationId)
    // Where the run sent its events may be gone: then the news goes where its sync sends to by now.
    const job = Option.isSome(first) ? Option.none() : yield* sync.job(workspaceId, run.jobId)
    const destination = Option.getOrNull(Option.isSome(job) ? yield* destinations.byId(job.value.destinationId) : first)
    // The key of a run that had ended is destroyed. (The vault may still remember it: it would seal what nobody opens.)
    const alive = Option.isSome(yield* keys.dataKey("run", run.id))
    const sealer = yield* vault.sealer(
      alive
        ? { owner: "run", ownerId: run.id, workspaceId }
        : { owner: "integration", ownerId: run.integrationId, workspaceId }
    )
    const closing = RunEvents.close({
      sealer: () => sealer,
      destination: () => destination ?? { events: [] },
      now,
      ...(alive
        ? {}
        : {
            apart: (of, _, type) => ({
              id: RunEvents.eventId(sealer, of.id, "run", type),
              origin: { replayId: null, eventId: null, runId: of.id },
              destinationId: destination?.id ?? of.destinationId
            })
          })
    })
    if (yield* sync.closeRun(run.id, closing)) yield* wakeup.notify(destination?.id ?? run.destinationId)
  })

  return Effect.gen(function* () {
    const ready = yield* sync.closable(batchSize)
    yield* Effect.forEach(
      ready,
      (run) =>
        Effect.catchCause(close(run), (cause) =>
          Effect.logError("A run could not be closed, and will be tried again", { runId: run.id }, cause)
        ),
      { discard: true }
    )
    return ready.length
  })
})
