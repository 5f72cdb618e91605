import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Scheduler from "effect/Scheduler"

import { SeededRandom } from "../simulation/SeededRandom.ts"
import { VirtualTime } from "../simulation/VirtualTime.ts"

/** Nothing ran, nothing was under way and no timer was set for this many turns of the event loop. */
const deadTurns = 20_000
/** Turns of the event loop without anything to do before time jumps: promises settle within them. */
const quietTurns = 3
/** So much time at most may pass in one check: a year. */
const longestMillis = 366 * 86_400_000

/** A check waits for something that can never happen, or never ends. */
export class Stuck extends Error {
  override readonly name = "Stuck"
}

/**
 * Time for code that talks to a real server: it stands still while a request is under way or a fiber can run, and jumps
 * to the next timer otherwise. Waits of minutes cost nothing, and a time-out never fires because the machine is slow.
 */
export class Pace {
  readonly time: VirtualTime
  /** How far the app's clock is ahead of ours, in milliseconds. */
  skew = 0
  /** Clock, random numbers and scheduler of everything that runs at this pace. */
  readonly context: Context.Context<never>
  readonly #scheduler = new Scheduler.MixedScheduler()
  #start: number
  #tasks = 0
  #outside = 0
  #running = 0
  #turning = false
  #quiet = 0
  #idle = 0
  #fail: ((error: Stuck) => void) | undefined

  constructor(start: number, seed: number) {
    this.time = new VirtualTime(start)
    this.#start = start
    const random = new SeededRandom(seed, "conformance")
    const scheduler: Scheduler.Scheduler = {
      executionMode: "async",
      shouldYield: (fiber) => this.#scheduler.shouldYield(fiber),
      makeDispatcher: () => {
        const dispatcher = this.#scheduler.makeDispatcher()
        return {
          scheduleTask: (task, priority) => {
            this.#tasks++
            dispatcher.scheduleTask(() => {
              this.#tasks--
              task()
            }, priority)
          },
          flush: () => dispatcher.flush()
        }
      }
    }
    this.context = Context.make(Scheduler.Scheduler, scheduler).pipe(
      Context.add(Clock.Clock, this.#clock()),
      Context.add(Random.Random, {
        nextIntUnsafe: () => Math.floor((random.next() * 2 - 1) * Number.MAX_SAFE_INTEGER),
        nextDoubleUnsafe: () => random.next()
      })
    ) as Context.Context<never>
  }

  /** Another check begins: it has a year of its own. */
  restart(): void {
    this.#start = this.time.now
  }

  /** The app's clock. */
  readonly now = (): number => this.time.now + this.skew

  /** Awaits something outside of Effect; time stands still meanwhile. */
  async outside<A>(work: () => A | Promise<A>): Promise<A> {
    this.#outside++
    try {
      return await work()
    } finally {
      this.#outside--
      this.#wake()
    }
  }

  /** Like `outside`, for an effect that waits for the outside world. */
  readonly during = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      this.#outside++
      return Effect.ensuring(
        work,
        Effect.sync(() => {
          this.#outside--
          this.#wake()
        })
      )
    })

  /** Runs a program to its end; rejects with `Stuck` when it can have none. */
  async run<A, E>(program: Effect.Effect<A, E>): Promise<A> {
    this.#running++
    const stuck = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    const done = Effect.runPromiseWith(this.context)(program)
    this.#wake()
    try {
      return await Promise.race([done, stuck])
    } finally {
      this.#running--
    }
  }

  #wake(): void {
    if (this.#turning || this.#running === 0) return
    this.#turning = true
    this.#scheduler.setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#turning = false
    if (this.#running === 0) return
    if (this.#outside > 0) {
      this.#quiet = 0
      return
    }
    if (this.#tasks > 0) this.#quiet = 0
    else if (++this.#quiet >= quietTurns) {
      this.#quiet = 0
      if (this.time.step()) this.#idle = 0
      else this.#idle += quietTurns
      if (this.#idle > deadTurns) this.#fail?.(new Stuck("It waits for something that never happens."))
      if (this.time.now - this.#start > longestMillis) this.#fail?.(new Stuck("It had not ended after a year."))
    }
    this.#wake()
  }

  #clock(): Clock.Clock {
    const { time } = this
    const millis = () => time.now
    const nanos = () => BigInt(Math.round(time.now)) * 1_000_000n
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) =>
        Effect.callback<void>((resume) => {
          const wait = Duration.toMillis(duration)
          const cancel = Number.isFinite(wait)
            ? time.after(Math.ceil(wait), () => resume(Effect.void))
            : () => undefined
          return Effect.sync(cancel)
        })
    }
  }
}
