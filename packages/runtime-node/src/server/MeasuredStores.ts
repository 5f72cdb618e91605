import { OutboxStore, ReplayStore, SyncStore } from "@crochet/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"

const counter = (name: string, description: string) => Metric.counter(name, { description, incremental: true })

const runsStarted = counter("crochet_runs_started_total", "Sync runs that were queued, by type and trigger")
const runsRead = counter("crochet_runs_read_total", "Sync runs whose reading ended, by status")
const records = counter("crochet_records_read_total", "Records read from apps")
const emitted = counter(
  "crochet_events_emitted_total",
  "Events written to the outbox, the closing events of runs left out"
)
const attempts = counter("crochet_delivery_attempts_total", "Delivery attempts, by result")
const acknowledged = counter("crochet_events_acknowledged_total", "Events that receivers acknowledged")
const gone = counter("crochet_events_expired_total", "Events that were given up, attempted or not")
const duration = Metric.histogram("crochet_delivery_duration_seconds", {
  description: "How long delivery attempts took",
  boundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]
})

const add = (
  metric: Metric.Metric<number, unknown>,
  count: number,
  attributes: { readonly [name: string]: string } = {}
) => (count === 0 ? Effect.void : Metric.update(Metric.withAttributes(metric, attributes), count))

/**
 * Counts what passes through the stores since the start of the process: runs, records, events, attempts. The stores are
 * where it is counted because only what was committed has happened.
 */
export const layer: Layer.Layer<
  OutboxStore.OutboxStore | ReplayStore.ReplayStore | SyncStore.SyncStore,
  never,
  OutboxStore.OutboxStore | ReplayStore.ReplayStore | SyncStore.SyncStore
> = Layer.effectContext(
  Effect.gen(function* () {
    const sync = yield* SyncStore.SyncStore
    const outbox = yield* OutboxStore.OutboxStore
    const replays = yield* ReplayStore.ReplayStore
    return Context.make(SyncStore.SyncStore, {
      ...sync,
      startRun: (run, options) =>
        Effect.tap(sync.startRun(run, options), ({ started }) =>
          started ? add(runsStarted, 1, { type: run.type, trigger: run.trigger }) : Effect.void
        ),
      commitPage: (lease, commit) =>
        Effect.tap(sync.commitPage(lease, commit), () =>
          Effect.andThen(add(records, commit.counts.processed), add(emitted, commit.events.length))
        ),
      endRun: (lease, end, close) =>
        Effect.tap(sync.endRun(lease, end, close), () =>
          Effect.andThen(add(runsRead, 1, { status: end.status }), add(emitted, end.events.length))
        )
    }).pipe(
      Context.add(ReplayStore.ReplayStore, {
        ...replays,
        commit: (lease, batch) => Effect.tap(replays.commit(lease, batch), () => add(emitted, batch.events.length))
      }),
      Context.add(OutboxStore.OutboxStore, {
        ...outbox,
        enqueue: (events) => Effect.tap(outbox.enqueue(events), () => add(emitted, events.length)),
        settle: (outcomes, close) =>
          Effect.tap(outbox.settle(outcomes, close), ({ lost }) => {
            let probes = 0
            let expired = 0
            const counts = { acknowledged: 0, retry: 0, expired: 0 }
            const durations: Array<Effect.Effect<void>> = []
            for (const { attempt, event, result } of outcomes) {
              if (lost.includes(event.id)) continue
              if (attempt === null) {
                if (result.kind === "parked") probes++
                else expired++
                continue
              }
              if (result.kind !== "parked") counts[result.kind]++
              durations.push(Metric.update(duration, attempt.durationMillis / 1000))
            }
            return Effect.all(
              [
                ...durations,
                ...Object.entries(counts).map(([result, count]) => add(attempts, count, { result })),
                add(attempts, probes, { result: "probe" }),
                add(acknowledged, counts.acknowledged),
                add(gone, counts.expired + expired)
              ],
              { discard: true }
            )
          })
      })
    )
  })
)
