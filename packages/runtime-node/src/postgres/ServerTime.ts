import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** Takes the time of the server; milliseconds since the epoch, asked often. */
export type Follow = (name: string, time: () => number) => void

const everyMillis = 10_000
const samples = 3
/** An answer that took longer says too little of when the server looked at its clock. */
const slowMillis = 1000
/** A machine whose clock is so far from the server's should have it set: NTP keeps within milliseconds. */
const tolerableMillis = 5000

interface Sample {
  readonly tookMillis: number
  /** What is to be added to the process's monotonic milliseconds. */
  readonly offset: number
}

const sample = Effect.gen(function* () {
  const sql = yield* SqlClient
  const asked = performance.now()
  const [row] = yield* sql<{
    readonly now: number
  }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`
  const answered = performance.now()
  return { tookMillis: answered - asked, offset: row!.now - (asked + answered) / 2 } satisfies Sample
})

/** The best of a few: the shorter the way to the server and back, the less can be wrong. */
const measure: Effect.Effect<Sample, SqlError, SqlClient> = Effect.map(
  Effect.replicateEffect(sample, samples),
  (measured) => measured.reduce((best, one) => (one.tookMillis < best.tookMillis ? one : best))
)

/**
 * Has a clock go by the time of the server, which it measures as long as the layer lives: what processes on different
 * machines write down as due is due for all of them at the same moment.
 */
export const layer = (server: string, follow: Follow): Layer.Layer<never, SqlError, SqlClient> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      let { offset } = yield* measure
      follow(`Postgres at ${server}`, () => performance.now() + offset)
      const apart = Date.now() - (performance.now() + offset)
      if (Math.abs(apart) > tolerableMillis) {
        yield* Effect.logWarning(
          `This machine's clock is ${(Math.abs(apart) / 1000).toFixed(1)} s ${apart > 0 ? "ahead of" : "behind"} that of ` +
            `Postgres at ${server}, which counts. Let NTP keep the time on both`
        )
      }
      yield* measure.pipe(
        Effect.tap((measured) =>
          Effect.sync(() => {
            if (measured.tookMillis < slowMillis) offset = measured.offset
          })
        ),
        // The server is away, which those who need it say: its time goes on.
        Effect.ignore,
        Effect.delay(everyMillis),
        Effect.forever({ disableYield: true }),
        Effect.forkScoped
      )
    })
  )
