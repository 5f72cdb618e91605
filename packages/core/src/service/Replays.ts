import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Replay, ReplayFilter, ReplayProgress } from "../replay/Replay.ts"
import type { Listing, ListRequest } from "../store/Listing.ts"
import type { Principal } from "./Access.ts"
import type { Refusal } from "./Refusal.ts"

/** What to send again, and how fast. */
export interface ReplayRequest {
  readonly filter: ReplayFilter
  /** Events per second at most. */
  readonly ratePerSecond?: number | undefined
}

/** A replay with what has become of its events. */
export interface ReplayView {
  readonly replay: Replay
  readonly progress: ReplayProgress
}

/** Sending events again. */
export class Replays extends Context.Service<
  Replays,
  {
    /** The same request within five seconds is the same replay. Without states: what is pending, expired or discarded. */
    readonly create: (principal: Principal, request: ReplayRequest) => Effect.Effect<ReplayView, Refusal>
    /** How many events a replay would be about now, by state. */
    readonly count: (principal: Principal, request: ReplayRequest) => Effect.Effect<ReplayProgress, Refusal>
    /** Newest first. */
    readonly list: (principal: Principal, request: ListRequest) => Effect.Effect<Listing<ReplayView>, Refusal>
    readonly get: (principal: Principal, id: string) => Effect.Effect<ReplayView, Refusal>
    /** Makes no more events; those that were made are still delivered. */
    readonly cancel: (principal: Principal, id: string) => Effect.Effect<ReplayView, Refusal>
  }
>()("@crochet/core/service/Replays") {}
