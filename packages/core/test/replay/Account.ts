import { Effect } from "effect"
import type { Syncs } from "@crochet/core"
import { TestClock } from "effect/testing"
import { inWorld, type Services } from "../engine/World.ts"

/** A world with one account whose employees go to one receiver. */
export interface Account extends Services {
  readonly id: string
  readonly destinationId: string
  /** Starts a run, executes it and delivers. */
  readonly sync: (request?: Partial<Syncs.StartRequest>) => Effect.Effect<string, unknown>
  /** Lets every waiting event have its last attempt now. */
  readonly lastAttempts: Effect.Effect<void>
  /** The run's books. */
  readonly books: (runId: string) => ReadonlyArray<number | string>
  /** What the receiver took in, as `type/record/sequence`. */
  readonly received: () => ReadonlyArray<string>
}

/** Runs a test with an account. */
export const withAccount = (
  test: (account: Account) => Effect.Effect<void, unknown>,
  options: Parameters<typeof inWorld>[1] = {},
  settings: { readonly ordering?: "record" | "run" | "none"; readonly coalesce?: boolean } = {}
) =>
  inWorld(
    (world) =>
      Effect.gen(function* () {
        const { destinations, inbox, integrations, key, principal, state, syncs } = world
        const { destination } = yield* destinations.register(principal, key, {
          category: "HRIS",
          url: "https://receiver.test",
          ...settings
        })
        // The first sync of a connected account starts by itself.
        const { id } = yield* integrations.import(principal, { appId: "madeup", originOrgId: "org" })
        yield* test({
          ...world,
          id,
          destinationId: destination.id,
          sync: (request = {}) =>
            Effect.gen(function* () {
              const { run } = yield* syncs.start(principal, key, id, { dataType: "employee", ...request })
              yield* world.run
              return run.id
            }),
          lastAttempts: Effect.gen(function* () {
            const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
            for (const pending of state.outbox.values())
              state.outbox.set(pending.event.id, { ...pending, attempts: 19, dueAt: now })
            for (let i = 0; i < 10; i++) yield* Effect.andThen(TestClock.adjust("500 millis"), Effect.yieldNow)
          }),
          books: (runId) => {
            const { run } = state.runs.get(runId)!
            return [run.status, run.emitted, run.consumed, run.coalesced, run.outstanding, run.expired]
          },
          received: () =>
            inbox.events
              .filter((event) => event.recordId !== undefined)
              .map(({ eventType, recordId, sequence }) => `${eventType}/${recordId}/${sequence}`)
        })
      }),
    options
  )

/** The events of a type that the receiver took in. */
export const ofType = (account: Account, type: string) =>
  account.inbox.events.filter(({ eventType }) => eventType === type)
