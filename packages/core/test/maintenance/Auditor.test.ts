import { Auditor, OutboxStore, StoreError } from "@crochet/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, Metric } from "effect"
import { TestClock } from "effect/testing"

const day = 24 * 60 * 60 * 1000
type Imbalances = OutboxStore.OutboxStore["Service"]["imbalances"]

const started = (imbalances: Imbalances, lines: Array<string>) =>
  Layer.build(Auditor.Auditor.layer({ days: 2 })).pipe(
    Effect.provide(Layer.mock(OutboxStore.OutboxStore, { imbalances })),
    Effect.provide(Logger.layer([Logger.make((entry) => void lines.push(Logger.formatLogFmt.log(entry)))]))
  )
const gauge = Effect.map(
  Metric.value(
    Metric.gauge("crochet_audit_imbalances", {
      description: "Runs whose books do not balance, as the last audit found them"
    })
  ),
  ({ value }) => value
)

describe("the auditor", () => {
  it.effect("looks at the start and every minute, sets the gauge and names the runs", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const lines: Array<string> = []
      let found: ReadonlyArray<string> = []
      yield* TestClock.setTime(10 * day)
      yield* started((since) => Effect.sync(() => (asked.push(since), found)), lines)
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(asked, [8 * day])
      assert.strictEqual(yield* gauge, 0)
      assert.deepStrictEqual(lines, [])
      found = ["run_broken", "run_other"]
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* gauge, 2)
      assert.lengthOf(lines, 1)
      assert.match(lines[0]!, /level=(ERROR|Error).*run_broken, run_other/i)
      found = []
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* gauge, 0)
      assert.lengthOf(asked, 3)
    }).pipe(Effect.scoped)
  )

  it.effect("goes on after a store that was away, and takes no more than a hundredth of the time", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      let calls = 0
      const away = new StoreError.StoreError({ operation: "imbalances", reason: new StoreError.StoreUnavailable({}) })
      yield* started(
        () =>
          Effect.suspend(() => {
            calls++
            return calls === 1 ? Effect.fail(away) : Effect.as(Effect.sleep("2 seconds"), [])
          }),
        lines
      )
      yield* TestClock.adjust(0)
      assert.match(lines.join(), /could not be audited/)
      yield* TestClock.adjust("62 seconds")
      assert.strictEqual(calls, 2)
      yield* TestClock.adjust("199 seconds")
      assert.strictEqual(calls, 2)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(calls, 3)
    }).pipe(Effect.scoped)
  )
})
