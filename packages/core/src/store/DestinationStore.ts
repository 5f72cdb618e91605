import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Result from "effect/Result"
import type { Destination } from "../destination/Destination.ts"
import type { NewEvent } from "../event/Event.ts"
import type { Category } from "../model/DataType.ts"
import type { ListRequest, Listing } from "./Listing.ts"
import type { StoreError } from "./StoreError.ts"

/** Makes the events that tell destinations of a change of another one (or of their own), at the time of the change. */
export type Notices = (destinations: ReadonlyArray<Destination>, at: number) => ReadonlyArray<NewEvent>

/** Where events go. A foreign workspace's id is simply not there. */
export class DestinationStore extends Context.Service<
  DestinationStore,
  {
    /** Inserts or replaces. */
    readonly save: (destination: Destination) => Effect.Effect<void, StoreError>
    /**
     * Reads it, changes it and saves it in one transaction, so that no other change is lost; none when it is not there. A
     * failure of `change`, which is a pure function, changes nothing. Id and workspace stay as they are.
     */
    readonly change: <E>(
      workspaceId: string,
      id: string,
      change: (destination: Destination) => Result.Result<Destination, E>
    ) => Effect.Effect<Option.Option<Destination>, E | StoreError>
    readonly get: (workspaceId: string, id: string) => Effect.Effect<Option.Option<Destination>, StoreError>
    /** By id alone, for the dispatcher. */
    readonly byId: (id: string) => Effect.Effect<Option.Option<Destination>, StoreError>
    /** The newest destination registered for the category. */
    readonly forCategory: (
      workspaceId: string,
      category: Category
    ) => Effect.Effect<Option.Option<Destination>, StoreError>
    /** The one with the URL that was made with the API key: a registered one before one that a sync named, newest first. */
    readonly forUrl: (
      workspaceId: string,
      url: string,
      apiKeyId: string
    ) => Effect.Effect<Option.Option<Destination>, StoreError>
    readonly list: (workspaceId: string, request: ListRequest) => Effect.Effect<Listing<Destination>, StoreError>
    /**
     * Removes it and discards its undelivered events, in one transaction; returns how many were discarded. Runs that were
     * read and thereby have nothing outstanding end as `incomplete`, without a closing event.
     */
    readonly remove: (workspaceId: string, id: string) => Effect.Effect<number, StoreError>
    /**
     * Pauses an active destination and writes what the workspace's other active destinations are told, in one
     * transaction. Returns whom there is something new for; null when it was not active, which changes nothing.
     */
    readonly pause: (
      id: string,
      reason: string,
      notices: Notices
    ) => Effect.Effect<ReadonlyArray<string> | null, StoreError>
    /**
     * Lets a paused destination go on, and tells every active one, itself too. The 96 hours of its events stood still: they
     * and the times of retries are shifted by the length of the pause. Its circuit is closed. Otherwise like `pause`.
     */
    readonly resume: (id: string, notices: Notices) => Effect.Effect<ReadonlyArray<string> | null, StoreError>
    /** Whether any destination in Knit mode is signed with the API key. */
    readonly usesApiKey: (apiKeyId: string) => Effect.Effect<boolean, StoreError>
    /** Ids of jobs that send to the destination. */
    readonly jobsOf: (id: string) => Effect.Effect<ReadonlyArray<string>, StoreError>
  }
>()("@crochet/core/store/DestinationStore") {}
