import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Connectors } from "../service/Connectors.ts"
import { Refusal, unprocessable } from "../service/Refusal.ts"
import type { Syncs } from "../service/Syncs.ts"
import { IntegrationStore } from "../store/IntegrationStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { Accounts } from "./Accounts.ts"
import * as AccountEnd from "./AccountEnd.ts"
import { isOver, type Integration } from "./Integration.ts"
import type { IntegrationEvents } from "./IntegrationEvents.ts"
import type { RevocationWakeup } from "./RevocationWakeup.ts"

/** Limits of test accounts (`wire.md` 4); null lifts one. */
export interface TestAccountLimits {
  /** How many of a workspace may be live. */
  readonly atOnce: number | null
  /** After how many days as a test account one ends. */
  readonly days: number | null
}

/** Three at once, thirty days. */
export const defaultLimits: TestAccountLimits = { atOnce: 3, days: 30 }

const dayMillis = 24 * 60 * 60 * 1000
const expiryBatch = 100

/** Test accounts: how many there may be, how long they live, and that they never come back. */
export class TestAccounts extends Context.Service<
  TestAccounts,
  {
    /** Refuses one more live test account than the operator allows. */
    readonly checkLimit: (
      workspaceId: string,
      previous: Integration | null,
      accountType: Integration["accountType"]
    ) => Effect.Effect<void, Refusal | StoreError>
    /** Refuses to connect an account again whose days are over. */
    readonly checkRevival: (
      previous: Integration,
      accountType: Integration["accountType"]
    ) => Effect.Effect<void, Refusal>
    /**
     * Ends the accounts whose days are over: state `expired`, credentials destroyed, runs stopped,
     * `integration.deactivated` sent. Returns how many.
     */
    readonly expire: Effect.Effect<number, Refusal | StoreError>
  }
>()("@crochet/core/integration/TestAccounts") {
  static readonly layer = (
    limits: TestAccountLimits
  ): Layer.Layer<
    TestAccounts,
    never,
    Accounts | Connectors | IntegrationEvents | IntegrationStore | RevocationWakeup | Syncs
  > => Layer.effect(TestAccounts, make(limits))
}

const make = Effect.fnUntraced(function* (limits: TestAccountLimits) {
  const store = yield* IntegrationStore
  const { end } = yield* AccountEnd.make

  /** Who became a test account then, or earlier, has had its days. */
  const lastStart = Effect.map(Clock.currentTimeMillis, (now) =>
    limits.days === null ? -Infinity : now - limits.days * dayMillis
  )

  return TestAccounts.of({
    checkLimit: Effect.fnUntraced(function* (workspaceId, previous, accountType) {
      const counted = previous !== null && previous.accountType === "test" && !isOver(previous)
      if (accountType !== "test" || counted || limits.atOnce === null) return
      const live = yield* store.countTestAccounts(workspaceId)
      if (live < limits.atOnce) return
      return yield* unprocessable(
        "integration.test_limit",
        "accountType",
        `There are ${live} live test accounts, and ${limits.atOnce} are allowed.`,
        "Deactivate one, or import this account with accountType production."
      )
    }),
    checkRevival: Effect.fnUntraced(function* (previous, accountType) {
      const isDue = accountType === "test" && previous.testSince !== null && previous.testSince <= (yield* lastStart)
      if (previous.state !== "expired" && !isDue) return
      return yield* new Refusal({
        kind: "conflict",
        code: "integration.expired",
        msg: "The days of this test account are over; it cannot be connected again.",
        field: "integrationId",
        resolution: "Leave integrationId out to connect a new account, with accountType production to keep it."
      })
    }),
    expire: Effect.gen(function* () {
      if (limits.days === null) return 0
      for (let ended = 0; ;) {
        const since = yield* lastStart
        const due = yield* store.testAccountsSince(since, expiryBatch)
        if (due.length === 0) return ended
        for (const { id, workspaceId } of due) {
          // Meanwhile it may have become a production account.
          const current = Option.getOrNull(yield* store.get(workspaceId, id))
          if (current === null || isOver(current) || current.testSince === null || current.testSince > since) continue
          yield* end(current, "expired")
          ended++
        }
      }
    })
  })
})
