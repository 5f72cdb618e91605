import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import { SeededRandom } from "./SeededRandom.ts"
import type { VirtualTime } from "./VirtualTime.ts"

/**
 * An operating-system process: its fibers, timers, clock and random numbers. `kill` ends it as `kill -9` does: nothing
 * of it runs any more, no finalizer either. `pause` and `resume` are SIGSTOP and SIGCONT.
 */
export class SimulatedProcess {
  readonly name: string
  readonly random: SeededRandom
  /** What every fiber of the process runs with. */
  readonly context: Context.Context<never>
  alive = true
  paused = false
  /** How far the process's clock is ahead of the true time, in milliseconds. */
  skew = 0
  readonly #time: VirtualTime
  #tasks: Array<() => void> = []
  #next = 0
  #missed: Array<() => void> = []

  constructor(name: string, time: VirtualTime, seed: number) {
    this.name = name
    this.#time = time
    this.random = new SeededRandom(seed, `process ${name}`)
    const scheduler: Scheduler.Scheduler = {
      executionMode: "async",
      shouldYield: (fiber) => fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield,
      makeDispatcher: () => ({
        scheduleTask: (task) => {
          if (this.alive) this.#tasks.push(task)
        },
        flush: () => undefined
      })
    }
    const random = this.random
    this.context = Context.make(Scheduler.Scheduler, scheduler).pipe(
      Context.add(Clock.Clock, this.#clock()),
      Context.add(Random.Random, {
        nextIntUnsafe: () => Math.floor((random.next() * 2 - 1) * Number.MAX_SAFE_INTEGER),
        nextDoubleUnsafe: () => random.next()
      }),
      Context.add(References.MinimumLogLevel, "None"),
      Context.add(References.TracerEnabled, false)
    ) as Context.Context<never>
  }

  /** Calls back after so long, unless the process is dead by then; while it is paused, once it goes on. */
  after(millis: number, run: () => void): () => void {
    return this.#time.after(millis, () => {
      if (!this.alive) return
      if (this.paused) this.#missed.push(run)
      else run()
    })
  }

  /** Runs what is ready to run. */
  drain(): void {
    if (!this.hasWork) return
    while (this.hasWork) this.#tasks[this.#next++]!()
    if (this.paused) return
    this.#tasks = []
    this.#next = 0
  }

  /** Whether something is ready to run. */
  get hasWork(): boolean {
    return this.alive && !this.paused && this.#next < this.#tasks.length
  }

  kill(): void {
    this.alive = false
    this.#missed = []
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    const missed = this.#missed
    this.#missed = []
    for (const run of missed) if (this.alive) run()
  }

  #clock(): Clock.Clock {
    const time = this.#time
    const millis = () => time.now + this.skew
    const nanos = () => BigInt(Math.round(millis())) * 1_000_000n
    const monotonic = () => BigInt(Math.round(time.now)) * 1_000_000n
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: monotonic,
      monotonicTimeNanos: Effect.sync(monotonic),
      sleep: (duration) =>
        Effect.callback<void>((resume) => {
          const wait = Duration.toMillis(duration)
          // As `setTimeout` does: whole milliseconds.
          const cancel = Number.isFinite(wait)
            ? this.after(Math.ceil(wait), () => resume(Effect.void))
            : () => undefined
          return Effect.sync(cancel)
        })
    }
  }
}
