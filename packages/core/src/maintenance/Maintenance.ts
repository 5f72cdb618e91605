import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { TestAccounts } from "../integration/TestAccounts.ts"
import type { Refusal } from "../service/Refusal.ts"
import { Authorizations } from "../service/Authorizations.ts"
import { OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"

/** What an operator may set. */
export interface MaintenanceSettings {
  /** After how many days settled events leave the log. */
  readonly eventRetentionDays: number
  /** How long it rests in between, in milliseconds; an hour unless told. */
  readonly everyMillis?: number
}

/** Thirty days. */
export const defaultSettings: MaintenanceSettings = { eventRetentionDays: 30 }

const dayMillis = 24 * 60 * 60 * 1000
const hourMillis = 60 * 60 * 1000
/** Events that one transaction removes: deliveries wait no longer than that for the database. */
const pruneBatch = 1000

/** What must be done from time to time and that nobody calls for. */
export class Maintenance extends Context.Service<
  Maintenance,
  {
    /** Removes settled events that are older than the retention from the log; returns how many. */
    readonly pruneEvents: Effect.Effect<number, StoreError>
    /** Ends test accounts whose days are over; returns how many. */
    readonly expireTestAccounts: Effect.Effect<number, Refusal | StoreError>
  }
>()("@crochet/core/maintenance/Maintenance") {
  /**
   * Does everything at the start and then every hour, or as the settings say, in the layer's scope. What fails is
   * logged and tried again at the next time, and holds up nothing else.
   */
  static readonly layer = (
    settings: MaintenanceSettings
  ): Layer.Layer<Maintenance, never, Authorizations | OutboxStore | TestAccounts> =>
    Layer.effect(Maintenance, make(settings))
}

const make = Effect.fnUntraced(function* (settings: MaintenanceSettings) {
  const outbox = yield* OutboxStore
  const testAccounts = yield* TestAccounts
  const authorizations = yield* Authorizations

  const pruneEvents = Effect.gen(function* () {
    const before = (yield* Clock.currentTimeMillis) - settings.eventRetentionDays * dayMillis
    for (let removed = 0; ;) {
      const now = yield* outbox.prune(before, pruneBatch)
      removed += now
      if (now > 0) CrashPoint.at("prune.committed")
      if (now < pruneBatch) return removed
      yield* Effect.yieldNow
    }
  })

  const attempt = (what: string, task: Effect.Effect<number, unknown>) =>
    task.pipe(
      Effect.flatMap((count) => (count === 0 ? Effect.void : Effect.logInfo(`${what}: ${count}`))),
      Effect.catchCause((cause) => Effect.logError(`${what}: failed, and will be tried again`, cause))
    )

  yield* Effect.forkScoped(
    Effect.forever(
      Effect.gen(function* () {
        yield* attempt("Old events removed from the log", pruneEvents)
        yield* attempt("Test accounts ended, their days being over", testAccounts.expire)
        yield* attempt("Sign-ins forgotten that have expired", authorizations.removeExpired)
        yield* Effect.sleep(settings.everyMillis ?? hourMillis)
      })
    )
  )
  return Maintenance.of({ pruneEvents, expireTestAccounts: testAccounts.expire })
})
