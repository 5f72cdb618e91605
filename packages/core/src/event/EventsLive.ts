import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Principal } from "../service/Access.ts"
import { Events, type EventView } from "../service/Events.ts"
import { notFound, Refusal, orRefuse, unprocessable } from "../service/Refusal.ts"
import { Replays } from "../service/Replays.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import { SyncStore } from "../store/SyncStore.ts"
import * as Recorder from "../sync/Recorder.ts"
import { Vault } from "../vault/Vault.ts"
import { Wakeup } from "../delivery/Wakeup.ts"
import type { EventRecord } from "./Event.ts"
import * as RunEvents from "./RunEvents.ts"

/** The event log on the stores; record ids are unsealed from the snapshot, one query per job and page. */
export const layer: Layer.Layer<Events, never, OutboxStore | Replays | SyncStore | Vault | Wakeup> = Layer.effect(
  Events,
  Effect.gen(function* () {
    const outbox = yield* OutboxStore
    const replays = yield* Replays
    const sync = yield* SyncStore
    const vault = yield* Vault
    const wakeup = yield* Wakeup

    const views = Effect.fnUntraced(function* (workspaceId: string, events: ReadonlyArray<EventRecord>) {
      const ids = new Map<string, string>()
      for (const [jobId, ofJob] of Map.groupBy(events, (event) => event.jobId)) {
        const ordinals = [...new Set(ofJob.flatMap((event) => event.record ?? []))]
        const ownerId = ofJob[0]!.integrationId
        if (jobId === null || ownerId === null || ordinals.length === 0) continue
        const sealer = yield* vault.opener({ owner: "integration", ownerId, workspaceId })
        for (const row of yield* sync.rows(jobId, ordinals)) {
          ids.set(`${jobId}/${row.ordinal}`, Recorder.openIdentifiers(sealer, jobId, row).recordId)
        }
      }
      return events.map((event): EventView => ({
        ...event,
        recordId: ids.get(`${event.jobId}/${event.record}`) ?? null
      }))
    })

    /** Where the record is in the snapshot of the integration's job that has it. */
    const recordOf = Effect.fnUntraced(function* (workspaceId: string, integrationId: string, key: string) {
      const jobs = yield* sync.jobs({ workspaceId, integrationId }, { limit: 100 })
      for (const job of jobs.items) {
        const [row] = yield* sync.lookup(job.id, [key])
        if (row !== undefined) return { jobId: job.id, ordinals: [row.ordinal] }
      }
      return undefined
    })

    const find = Effect.fnUntraced(function* (principal: Principal, id: string) {
      const found = yield* outbox.event(principal.workspaceId, id)
      if (Option.isNone(found)) return yield* notFound("event", "eventId")
      return found.value
    })

    return Events.of({
      list: Effect.fn("Events.list")(function* (principal, { recordId, ...filter }, request) {
        const { workspaceId } = principal
        let records: { readonly jobId: string; readonly ordinals: ReadonlyArray<number> } | undefined
        if (recordId !== undefined) {
          if (filter.integrationId === undefined) {
            return yield* unprocessable(
              "event.needs_integration",
              "integrationId",
              "Record ids belong to an integration.",
              "Send X-Knit-Integration-Id or integrationId too."
            )
          }
          // No key, or another workspace's: there is nothing. A store that is away is another matter.
          const sealer = yield* vault.opener({ owner: "integration", ownerId: filter.integrationId, workspaceId }).pipe(
            Effect.asSome,
            Effect.catchTag("VaultError", () => Effect.succeedNone)
          )
          if (Option.isNone(sealer)) return { items: [], nextPageToken: null }
          records = yield* recordOf(workspaceId, filter.integrationId, sealer.value.fingerprint(`record|${recordId}`))
          if (records === undefined) return { items: [], nextPageToken: null }
        }
        const listing = yield* outbox.list({ workspaceId, ...filter, records }, request)
        return { ...listing, items: yield* views(workspaceId, listing.items) }
      }, orRefuse),
      get: Effect.fn("Events.get")(function* (principal, id) {
        const event = yield* find(principal, id)
        const [view] = yield* views(principal.workspaceId, [event])
        const attempts = yield* outbox.attempts(id)
        const mayRead = principal.scopes.includes("events.body") || principal.scopes.includes("admin")
        const sealed = mayRead ? yield* outbox.body(principal.workspaceId, id) : Option.none<Uint8Array>()
        if (Option.isNone(sealed)) return { event: view!, attempts, body: null }
        const sealer = yield* vault.opener(RunEvents.keyScope(event))
        return {
          event: view!,
          attempts,
          body: new TextDecoder().decode(sealer.open(RunEvents.bodyPlace(id), sealed.value))
        }
      }, orRefuse),
      retry: Effect.fn("Events.retry")(function* (principal, id) {
        const event = yield* find(principal, id)
        if (event.state === "expired" || event.state === "discarded") {
          // Its body is gone: the same as a replay of this one event.
          const { replay } = yield* replays.create(principal, { filter: { eventIds: [id] } })
          const [view] = yield* views(principal.workspaceId, [event])
          return { ...view!, replayId: replay.id }
        }
        if (event.state !== "pending" || !(yield* outbox.retryNow(principal.workspaceId, id))) {
          return yield* new Refusal({
            kind: "conflict",
            code: "event.not_pending",
            msg: `The event is ${event.state}; its body is gone.`,
            field: "eventId",
            resolution: "Send the record again with events.replay and its eventId, or with record.resync."
          })
        }
        yield* wakeup.notify(event.destinationId)
        const [view] = yield* views(principal.workspaceId, [yield* find(principal, id)])
        return view!
      }, orRefuse)
    })
  })
)
