import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Attempt, EventRecord, EventState } from "../event/Event.ts"
import type { EventType } from "../event/EventType.ts"
import type { Listing, ListRequest } from "../store/Listing.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

/** An event of the log, with the id of its record unsealed for those who may see it. */
export interface EventView extends EventRecord {
  readonly recordId: string | null
}

/** Which events to list. */
export interface EventFilter {
  readonly integrationId?: string | undefined
  readonly runId?: string | undefined
  readonly recordId?: string | undefined
  readonly type?: EventType | undefined
  readonly state?: EventState | undefined
}

/** The event log and repairs. */
export class Events extends Context.Service<
  Events,
  {
    /** Newest first. `recordId` needs `integrationId`. */
    readonly list: (
      principal: Principal,
      filter: EventFilter,
      request: ListRequest
    ) => Effect.Effect<Listing<EventView>, Refusal>
    /** `body` only while the event is pending, and only with the scope `events.body`. */
    readonly get: (
      principal: Principal,
      id: string
    ) => Effect.Effect<
      { readonly event: EventView; readonly attempts: ReadonlyArray<Attempt>; readonly body: string | null },
      Refusal
    >
    /** Sends a pending event now; one that expired or was discarded by a replay, which `replayId` then names. */
    readonly retry: (principal: Principal, id: string) => Effect.Effect<EventView, Refusal>
  }
>()("@crochet/core/service/Events") {}
