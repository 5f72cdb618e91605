import { assert, describe, it } from "@effect/vitest"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import * as MemoryStore from "../store/memory/MemoryStore.ts"
import type { ClaimedEvent } from "../store/OutboxStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { balance, observe, plain } from "./model/Observation.ts"
import { perform } from "./model/Perform.ts"
import { opening, type Step, step } from "./model/Step.ts"
import { claimsOf, remember, setup, type World } from "./model/World.ts"
import type { StoreLayer, Stores } from "./store/Setup.ts"

const outcomeOf = <A>(self: Effect.Effect<A, StoreError, Stores>) =>
  Effect.match(self, {
    onFailure: (error): { readonly failed: string } | { readonly done: A } => ({ failed: error.reason._tag }),
    onSuccess: (done): { readonly failed: string } | { readonly done: A } => ({ done })
  })

const scenario = (layer: StoreLayer, steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const model: Context.Context<Stores> = yield* Layer.build(Layer.fresh(MemoryStore.layer))
    const actual = yield* Layer.build(Layer.fresh(layer))
    const world: World = { now: 0, serial: 0, paused: 0, runs: [], routes: new Map(), leases: [], claimed: [] }
    /** The same claims as the world's, as the other store gave them. */
    const claimed: Array<ClaimedEvent> = []
    yield* Effect.provideContext(setup, model)
    yield* Effect.provideContext(setup, actual)
    for (const step of steps) {
      const serial = ++world.serial
      if (step.do === "wait") world.now += step.millis
      if (step.do === "pause") world.paused++
      const expected = yield* Effect.provideContext(outcomeOf(perform(world, step, serial)), model)
      const result = yield* Effect.provideContext(outcomeOf(perform({ ...world, claimed }, step, serial)), actual)
      assert.deepStrictEqual(plain(result), plain(expected), `step ${serial}: ${JSON.stringify(step)}`)
      claimed.push(...claimsOf(result))
      remember(world, expected)
      const before = yield* Effect.provideContext(observe(world, serial === steps.length), model)
      const after = yield* Effect.provideContext(observe(world, serial === steps.length), actual)
      assert.deepStrictEqual(plain(after), plain(before), `after step ${serial}: ${JSON.stringify(step)}`)
      if (!steps.some((other) => other.do === "prune")) balance(before, world)
    }
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))

/**
 * Runs random sequences of operations on the store in memory and on another one: they must answer alike, look alike
 * afterwards, and their books must balance after every step.
 */
export const suite = (
  name: string,
  layer: StoreLayer,
  options: { readonly runs: number; readonly seed?: number }
): void => {
  describe(`${name} agrees with the store in memory`, () => {
    it(
      `on ${options.runs} random histories`,
      () =>
        fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (steps) =>
            Effect.runPromise(scenario(layer, [...opening, ...steps]) as Effect.Effect<void, unknown>)
          ),
          { numRuns: options.runs, seed: options.seed ?? 20_251, verbose: 0 }
        ),
      120_000
    )
  })
}
