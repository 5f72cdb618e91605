import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { resourceOf } from "../connector/Connector.ts"
import * as Signal from "../delivery/Signal.ts"
import { Connectors } from "../service/Connectors.ts"
import type { StoreError } from "../store/StoreError.ts"
import { SyncStore } from "../store/SyncStore.ts"
import { Crypto } from "../vault/Crypto.ts"
import * as Id from "../vault/Id.ts"
import * as NewRun from "./NewRun.ts"
import { RunEngine } from "./RunEngine.ts"
import * as Timetable from "./Timetable.ts"
import * as Loop from "./Loop.ts"

const dueBatch = 50

/** Wakes the runs' workers when a run was queued, so that it starts at once. */
export class RunWakeup extends Context.Service<
  RunWakeup,
  { readonly notify: Effect.Effect<void>; readonly wait: Effect.Effect<void> }
>()("@crochet/core/sync/RunWakeup") {
  static readonly layer: Layer.Layer<RunWakeup> = Layer.sync(RunWakeup, () => {
    const some = Signal.make()
    return { notify: Effect.sync(some.give), wait: Effect.map(some.await, some.reset) }
  })
}

/** Queues the deltas whose time has come, and keeps workers on queued runs. */
export class Scheduler extends Context.Service<
  Scheduler,
  {
    /** Queues what is due now; returns how many runs. The layer does this every second. */
    readonly queueDue: Effect.Effect<number, StoreError>
  }
>()("@crochet/core/sync/Scheduler") {
  /**
   * Starts the loops in the layer's scope. They never give up: a fault of the store is logged and tried again. When the
   * scope closes, workers give their runs back with what is committed.
   */
  static readonly layer = (options: {
    /** Runs that are read at the same time. */
    readonly workers: number
    /** How often the store is asked; a wake-up is faster. */
    readonly everyMillis: number
  }): Layer.Layer<Scheduler, never, RunEngine | SyncStore | Connectors | Crypto | RunWakeup> =>
    Layer.effect(Scheduler, make(options))
}

const make = Effect.fnUntraced(function* (options: { readonly workers: number; readonly everyMillis: number }) {
  const engine = yield* RunEngine
  const sync = yield* SyncStore
  const connectors = yield* Connectors
  const crypto = yield* Crypto
  const wakeup = yield* RunWakeup

  const queueDue = Effect.gen(function* () {
    const jobs = yield* sync.dueJobs(dueBatch)
    for (const job of jobs) {
      const createdAt = yield* Clock.currentTimeMillis
      const connector = connectors.byId(job.appId)
      const resource = connector === undefined ? undefined : resourceOf(connector, job.dataType)
      const mode = NewRun.deltaMode(job, resource, engine.settings.reconcileEvery)
      yield* sync.startRun(NewRun.of(job, { id: yield* Id.make(crypto, "sr"), mode, trigger: "schedule", createdAt }), {
        // The end of the run sets the time again, unless the timetable is to be kept.
        nextRunAt: Timetable.next(job.frequency, job.startAt, Math.max(createdAt, job.nextRunAt ?? createdAt))
      })
    }
    if (jobs.length > 0) yield* wakeup.notify
    return jobs.length
  })

  yield* Loop.forever("The timetable", options.everyMillis, queueDue, () => Effect.sleep(options.everyMillis))
  for (let i = 0; i < options.workers; i++) {
    yield* Loop.forever("A run worker", options.everyMillis, engine.runNext, (ran) =>
      ran ? Effect.void : Effect.raceFirst(wakeup.wait, Effect.sleep(options.everyMillis))
    )
  }
  return Scheduler.of({ queueDue })
})
