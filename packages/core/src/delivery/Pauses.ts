import * as Effect from "effect/Effect"
import * as Envelope from "../event/Envelope.ts"
import type { NewEvent } from "../event/Event.ts"
import * as RunEvents from "../event/RunEvents.ts"
import type { Destination } from "../destination/Destination.ts"
import type { DestinationStore, Notices } from "../store/DestinationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Sealer, Vault, VaultError } from "../vault/Vault.ts"
import type { Wakeup } from "./Wakeup.ts"

/** Pauses and resumes destinations, and tells the workspace's other ones. */
export interface Pauses {
  /** Takes an active destination out of service; nothing happens to one that is paused. */
  readonly pause: (destination: Destination, reason: string) => Effect.Effect<void, StoreError | VaultError>
  /** Puts a paused one back; its 96 hours stood still. */
  readonly resume: (destination: Destination) => Effect.Effect<void, StoreError | VaultError>
}

const noticesOf =
  (
    about: Destination,
    sealer: Sealer,
    type: "destination.paused" | "destination.resumed",
    data: (at: number) => { readonly [key: string]: unknown }
  ): Notices =>
  (destinations, at) =>
    destinations.flatMap((to): ReadonlyArray<NewEvent> => {
      if (!RunEvents.wants(to, type)) return []
      const id = `ev_${sealer.fingerprint(`event|${about.id}|${type}|${at}|${to.id}`)}`
      // No URL: it may carry a secret, and it goes to somebody else.
      const body = Envelope.ofDestination(
        { eventId: id, eventType: type, occurredAt: at },
        { destinationId: about.id, categoryId: about.category, ...data(at) }
      )
      return [
        {
          id,
          workspaceId: to.workspaceId,
          destinationId: to.id,
          integrationId: null,
          jobId: null,
          runId: null,
          type,
          record: null,
          sequence: null,
          body: sealer.seal(RunEvents.bodyPlace(id), body),
          createdAt: at
        }
      ]
    })

/** On the stores. */
export const make = (services: {
  readonly destinations: DestinationStore["Service"]
  readonly vault: Vault["Service"]
  readonly wakeup: Wakeup["Service"]
}): Pauses => {
  const { destinations, vault, wakeup } = services
  const sealerOf = ({ workspaceId }: Destination) =>
    vault.sealer({ owner: "workspace", ownerId: workspaceId, workspaceId })
  const wake = (ids: ReadonlyArray<string>) => Effect.forEach(ids, wakeup.notify, { discard: true })

  return {
    pause: Effect.fnUntraced(function* (destination, reason) {
      const sealer = yield* sealerOf(destination)
      const told = yield* destinations.pause(
        destination.id,
        reason,
        noticesOf(destination, sealer, "destination.paused", (at) => ({ reason, pausedAt: String(at) }))
      )
      if (told === null) return
      yield* Effect.logWarning("A destination is paused", { destinationId: destination.id, reason })
      yield* wake([destination.id, ...told])
    }),
    resume: Effect.fnUntraced(function* (destination) {
      const sealer = yield* sealerOf(destination)
      const told = yield* destinations.resume(
        destination.id,
        noticesOf(destination, sealer, "destination.resumed", (at) => ({ resumedAt: String(at) }))
      )
      if (told === null) return
      yield* Effect.logInfo("A destination is resumed", { destinationId: destination.id })
      yield* wake([destination.id, ...told])
    })
  }
}
