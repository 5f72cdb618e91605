import * as Context from "effect/Context"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { NewEvent } from "../../event/Event.ts"
import { StoreError, StoreUnavailable } from "../../store/StoreError.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import type { SimulatedProcess } from "./SimulatedProcess.ts"
import type { VirtualTime } from "./VirtualTime.ts"

/** Told of each operation of a store in the step in which it took effect, with the events that it made itself. */
export type Observe = (
  process: SimulatedProcess,
  operation: string,
  args: ReadonlyArray<unknown>,
  exit: Exit.Exit<unknown, unknown>,
  closing: ReadonlyArray<NewEvent>
) => void

const closers = new Set(["outbox.settle", "sync.endRun", "sync.closeRun", "destinations.pause", "destinations.resume"])

/**
 * What stands between a process and the world: every call of a port goes through here and may be refused, delayed, have
 * its effect and fail, or be the last thing that the process does. Operations of a store stay whole, and the store reads
 * its own clock, which is the true one.
 */
export class Faults {
  /** Off while the world is set up. */
  enabled = false
  storeCalls = 0
  crash: { calls: number; readonly when: "before" | "after"; readonly back: number } | null = null
  outageUntil = 0
  latencyUntil = 0
  mostLatency = 0
  /** Counting down; 0 is off. */
  refuseIn = 0
  echoIn = 0
  /** No seed needs so many calls of stores: after them nothing works any more, and the simulation says so. */
  mostStoreCalls: number
  readonly #time: VirtualTime
  readonly #random: SeededRandom
  readonly #observe: Observe
  readonly #onCrash: (process: SimulatedProcess, where: string, back: number) => void
  readonly #onRefusal: (operation: string, how: string) => void
  readonly #run: <A, E>(effect: Effect.Effect<A, E>) => Exit.Exit<A, E>

  constructor(options: {
    readonly time: VirtualTime
    readonly random: SeededRandom
    readonly observe: Observe
    readonly onCrash: (process: SimulatedProcess, where: string, back: number) => void
    readonly onRefusal: (operation: string, how: string) => void
    readonly mostStoreCalls: number
  }) {
    this.mostStoreCalls = options.mostStoreCalls
    this.#time = options.time
    this.#random = options.random
    this.#observe = options.observe
    this.#onCrash = options.onCrash
    this.#onRefusal = options.onRefusal
    this.#run = Effect.runSyncExitWith(Context.make(Clock.Clock, trueClock(options.time)))
  }

  /** Everything works from here on. */
  heal(): void {
    this.crash = null
    this.outageUntil = this.latencyUntil = this.refuseIn = this.echoIn = 0
  }

  /** Whether this call is the process's last one. Counts it. */
  dies(
    process: SimulatedProcess,
    operation: string
  ): { readonly when: "before" | "after"; readonly now: () => Effect.Effect<never> } | null {
    const { crash } = this
    if (crash === null || !this.enabled || --crash.calls > 0) return null
    this.crash = null
    return {
      when: crash.when,
      now: () => {
        this.#onCrash(process, `${crash.when} ${operation}`, crash.back)
        return Effect.never
      }
    }
  }

  /** The store as the process reaches it. */
  store<S extends object>(process: SimulatedProcess, name: string, service: S): S {
    const wrapped: Record<string, unknown> = {}
    for (const [key, member] of Object.entries(service) as ReadonlyArray<[string, Operation]>) {
      const operation = `${name}.${key}`
      wrapped[key] =
        typeof member === "function"
          ? (...args: ReadonlyArray<unknown>) => this.#call(process, operation, args, member)
          : this.#call(process, operation, [], () => member)
    }
    // Every member was replaced by one of the same type.
    return wrapped as S
  }

  #call(
    process: SimulatedProcess,
    operation: string,
    given: ReadonlyArray<unknown>,
    member: (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, StoreError>
  ): Effect.Effect<unknown, StoreError> {
    return Effect.suspend(() => {
      if (!process.alive) return Effect.never
      if (++this.storeCalls > this.mostStoreCalls) return Effect.never
      const dies = this.dies(process, operation)
      if (dies?.when === "before") return dies.now()
      const apply = () => {
        const closing: Array<NewEvent> = []
        const args = closers.has(operation) ? withClosing(given, closing) : given
        const exit = this.#run(member(...args))
        this.#observe(process, operation, given, exit, closing)
        return exit
      }
      if (dies !== null) {
        apply()
        return dies.now()
      }
      if (!this.enabled) return apply()
      const { now } = this.#time
      if (this.outageUntil > now) return this.#away(process, operation)
      if (this.refuseIn > 0 && --this.refuseIn === 0) {
        this.#onRefusal(operation, "refused")
        return this.#away(process, operation)
      }
      if (this.echoIn > 0 && --this.echoIn === 0) {
        this.#onRefusal(operation, "done, but answered with an error")
        return Effect.andThen(Effect.exit(apply()), this.#away(process, operation))
      }
      if (this.latencyUntil <= now) return apply()
      return wait(process, this.#random.between(0, this.mostLatency)).pipe(
        Effect.andThen(Effect.suspend(apply)),
        Effect.exit,
        Effect.flatMap((exit) => Effect.andThen(wait(process, this.#random.between(0, this.mostLatency)), exit))
      )
    })
  }

  #away(process: SimulatedProcess, operation: string): Effect.Effect<never, StoreError> {
    return Effect.andThen(
      wait(process, this.#random.between(1, 300)),
      Effect.fail(new StoreError({ operation, reason: new StoreUnavailable({}) }))
    )
  }
}

type Operation =
  | Effect.Effect<unknown, StoreError>
  | ((...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, StoreError>)

/** Waits as long as the process lives and is not paused. */
export const wait = (process: SimulatedProcess, millis: number): Effect.Effect<void> =>
  Effect.callback<void>((resume) => Effect.sync(process.after(millis, () => resume(Effect.void))))

type Make = (...args: ReadonlyArray<unknown>) => NewEvent | ReadonlyArray<NewEvent> | null

/** The last argument of these operations makes events inside of the transaction: what it makes is noted. */
const withClosing = (args: ReadonlyArray<unknown>, closing: Array<NewEvent>): ReadonlyArray<unknown> => {
  const make = args[args.length - 1] as Make
  const told: Make = (...given) => {
    const made = make(...given)
    if (made !== null) closing.push(...("id" in made ? [made] : made))
    return made
  }
  return [...args.slice(0, -1), told]
}

const trueClock = (time: VirtualTime): Clock.Clock => {
  const nanos = () => BigInt(Math.round(time.now)) * 1_000_000n
  return {
    currentTimeMillisUnsafe: () => time.now,
    currentTimeMillis: Effect.sync(() => time.now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: () => Effect.die(new Error("an operation of a store does not wait"))
  }
}
