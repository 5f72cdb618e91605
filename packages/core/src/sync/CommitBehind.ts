import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { PageCommit, SnapshotEntry, SyncStore } from "../store/SyncStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { store, type RunSession } from "./RunSession.ts"

/** What the store had of some records when it was asked. */
export interface Known {
  readonly keys: ReadonlyArray<string>
  readonly entries: ReadonlyMap<string, SnapshotEntry>
  /** How many pages of this reading had been stored before. */
  readonly asOf: number
}

/**
 * Stores pages in their order, one behind their reader: while the database has a page, the next one is read, compared and
 * sealed. No more than one is under way. What the store has of the page after that can be asked for before, so that the
 * answer need not wait until the database is free.
 */
export interface CommitBehind {
  /** Asks the store, which may not have the last pages yet. */
  readonly look: (keys: ReadonlyArray<string>) => Effect.Effect<Known, StoreError>
  /**
   * What the store has of them now: the same, unless a page that came meanwhile had one of them, or one of `others`. Then
   * that page is waited for and the store asked again.
   */
  readonly now: (known: Known, others: ReadonlyArray<string>) => Effect.Effect<Known["entries"], StoreError>
  /** Waits until the page before is stored and goes on while this one is; `keys` are those of its records. */
  readonly commit: (page: PageCommit, keys: ReadonlySet<string>) => Effect.Effect<void, StoreError>
  /** Waits until all is stored; fails with what the last page failed with. */
  readonly settled: Effect.Effect<void, StoreError>
}

/** So many pages are remembered: more than can pass between a question and the use of its answer. */
const remembered = 4

/** For one reading of a run. Closing the scope interrupts the page under way. */
export const make = (
  session: RunSession,
  sync: SyncStore["Service"]
): Effect.Effect<CommitBehind, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    let underWay: Fiber.Fiber<void, StoreError> | null = null
    let stored = 0
    /** The records of the last pages, the newest last; the page at the end is the `given`th. */
    const pages: Array<ReadonlySet<string>> = []
    let given = 0

    const settled = Effect.suspend(() => (underWay === null ? Effect.void : Fiber.join(underWay))).pipe(
      Effect.andThen(
        Effect.sync(() => {
          underWay = null
          stored = given
        })
      )
    )
    const look = (keys: ReadonlyArray<string>) =>
      Effect.suspend(() => {
        const asOf = stored
        const entries = keys.length === 0 ? Effect.succeed([]) : sync.peek(session.job.id, keys)
        return Effect.map(entries, (found): Known => ({
          keys,
          asOf,
          entries: new Map(found.map((entry) => [entry.key, entry]))
        }))
      })
    const isPast = ({ asOf, keys }: Known, others: ReadonlyArray<string>): boolean => {
      const since = given - asOf
      return (
        since > pages.length ||
        pages.slice(pages.length - since).some((page) => {
          const has = (key: string) => page.has(key)
          return keys.some(has) || others.some(has)
        })
      )
    }
    return {
      look,
      settled,
      now: (known, others) =>
        Effect.suspend(() =>
          isPast(known, others)
            ? Effect.map(Effect.andThen(settled, look(known.keys)), ({ entries }) => entries)
            : Effect.succeed(known.entries)
        ),
      commit: (page, keys) =>
        Effect.andThen(
          settled,
          Effect.map(Effect.forkIn(store(session, sync, page), scope, { startImmediately: true }), (fiber) => {
            underWay = fiber
            given++
            if (pages.push(keys) > remembered) pages.shift()
          })
        )
    }
  })
