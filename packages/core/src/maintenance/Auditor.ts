import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { OutboxStore } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"

const imbalances = Metric.gauge("crochet_audit_imbalances", {
  description: "Runs whose books do not balance, as the last audit found them"
})
const dayMillis = 24 * 60 * 60 * 1000
const everyMillis = 60_000
/** The audit may take a hundredth of the time: a very large backlog is looked at less often. */
const share = 100
/** Run ids in one log line. */
const named = 100

/** What an operator may set. */
export interface AuditorSettings {
  /** Runs that began within so many days are looked at; those with anything outstanding always. */
  readonly days: number
}

/** Looks all the time whether the books of all runs balance: what must never happen is told when it happens. */
export class Auditor extends Context.Service<
  Auditor,
  {
    /** Ids of runs whose books do not balance, at most 100; sets the gauge, and logs an error that names them. */
    readonly audit: Effect.Effect<ReadonlyArray<string>, StoreError>
  }
>()("@crochet/core/maintenance/Auditor") {
  /** Audits at the start and then every minute, in the layer's scope. An audit that fails is logged, and done again. */
  static readonly layer = (settings: AuditorSettings): Layer.Layer<Auditor, never, OutboxStore> =>
    Layer.effect(Auditor, make(settings))
}

const make = Effect.fnUntraced(function* ({ days }: AuditorSettings) {
  const outbox = yield* OutboxStore
  const audit = Effect.gen(function* () {
    const since = (yield* Clock.currentTimeMillis) - days * dayMillis
    const found = yield* outbox.imbalances(since, named)
    yield* Metric.update(imbalances, found.length)
    if (found.length > 0) {
      yield* Effect.logError(
        "The books of runs do not balance: an event may be lost or counted wrongly. Look at `sync.run.get` and `events.list` of each."
      ).pipe(Effect.annotateLogs({ runIds: found.join(", ") }))
    }
    return found
  })
  const once = audit.pipe(
    Effect.catchCause((cause) => Effect.logError("The books could not be audited, and will be again", cause))
  )
  yield* Effect.forkScoped(
    Effect.forever(
      Effect.gen(function* () {
        const began = yield* Clock.currentTimeMillis
        yield* once
        yield* Effect.sleep(Math.max(everyMillis, share * ((yield* Clock.currentTimeMillis) - began)))
      })
    )
  )
  return Auditor.of({ audit })
})
