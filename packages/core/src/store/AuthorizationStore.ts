import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { StoreError } from "./StoreError.ts"

/** A sign-in at an app that was begun (`integration.authorize`). Times are epoch milliseconds. */
export interface Authorization {
  readonly id: string
  readonly workspaceId: string
  readonly appId: string
  /** The account that is signed in again; null for a new one. */
  readonly integrationId: string | null
  /** Who began it. */
  readonly apiKeyId: string
  /** SHA-256 of `state`, in hexadecimal digits: the state itself is kept nowhere. */
  readonly stateHash: string
  /** Where the app sends the browser back. */
  readonly redirectUri: string
  /** What the code is exchanged with, sealed; empty once it was used. */
  readonly pending: Uint8Array
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt: number | null
}

/** A sign-in that somebody came back from, as it was before that. */
export interface Consumed {
  readonly authorization: Authorization
  /** `fresh` is answered once. */
  readonly was: "fresh" | "used" | "expired"
}

/** Sign-ins that were begun. They are found by their state alone, whoever's they are: the browser has no key. */
export class AuthorizationStore extends Context.Service<
  AuthorizationStore,
  {
    readonly add: (authorization: Authorization) => Effect.Effect<void, StoreError>
    /** In one transaction: reads the sign-in and, if it is neither used nor expired, marks it as used and forgets `pending`. */
    readonly consume: (stateHash: string, now: number) => Effect.Effect<Option.Option<Consumed>, StoreError>
    /** Removes those that expired by then; returns how many. */
    readonly removeExpired: (before: number) => Effect.Effect<number, StoreError>
  }
>()("@crochet/core/store/AuthorizationStore") {}

/** What a sign-in is at a point in time. */
export const stateAt = ({ expiresAt, usedAt }: Authorization, now: number): Consumed["was"] =>
  usedAt !== null ? "used" : expiresAt <= now ? "expired" : "fresh"
