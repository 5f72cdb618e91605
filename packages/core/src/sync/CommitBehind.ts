import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { PageCommit, SyncStore } from "../store/SyncStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { store, type RunSession } from "./RunSession.ts"

/**
 * Stores pages in their order, one behind their reader: while the database has a page, the next one is read, compared and
 * sealed. No more than one is under way.
 */
export interface CommitBehind {
  /** Waits until the page before is stored and goes on while this one is; `keys` are those of its records. */
  readonly commit: (page: PageCommit, keys: ReadonlySet<string>) => Effect.Effect<void, StoreError>
  /** Waits for the page under way if it has one of these records: what the store says of them is about to change. */
  readonly settledFor: (keys: Iterable<string>) => Effect.Effect<void, StoreError>
  /** Waits until all is stored; fails with what the last page failed with. */
  readonly settled: Effect.Effect<void, StoreError>
}

/** For one reading of a run. Closing the scope interrupts the page under way. */
export const make = (
  session: RunSession,
  sync: SyncStore["Service"]
): Effect.Effect<CommitBehind, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    let underWay: { readonly fiber: Fiber.Fiber<void, StoreError>; readonly keys: ReadonlySet<string> } | null = null

    const settled = Effect.suspend(() => (underWay === null ? Effect.void : Fiber.join(underWay.fiber))).pipe(
      Effect.andThen(Effect.sync(() => void (underWay = null)))
    )
    return {
      settled,
      settledFor: (keys) =>
        Effect.suspend(() => {
          if (underWay === null) return Effect.void
          for (const key of keys) if (underWay.keys.has(key)) return settled
          return Effect.void
        }),
      commit: (page, keys) =>
        Effect.andThen(
          settled,
          Effect.map(
            Effect.forkIn(store(session, sync, page), scope, { startImmediately: true }),
            (fiber) => void (underWay = { fiber, keys })
          )
        )
    }
  })
