import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Circuit from "../../src/delivery/Circuit.ts"
import * as RetrySchedule from "../../src/delivery/RetrySchedule.ts"

const minute = 60_000

const sign: fc.Arbitrary<Circuit.Sign> = fc.oneof(
  fc.constant<Circuit.Sign>({ kind: "success" }),
  fc.record({
    kind: fc.constant("failure" as const),
    error: fc.constantFrom("timeout", "http_5xx"),
    unreachable: fc.boolean(),
    parkMillis: fc.option(fc.integer({ min: 0, max: 1e10 }), { nil: undefined })
  })
)
const step = fc.record({ event: fc.constantFrom("a", "b", "c", "d", "e", "f"), sign, after: fc.nat(2 * minute) })

describe("Circuit", () => {
  it("agrees with its rules over every history", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let health = Circuit.unknown("dst")
        let now = 0
        const failing = new Set<string>()
        let unreachable = 0
        for (const { after, event, sign } of steps) {
          now += after
          const before = health
          const probe = before.openedAt !== null
          health = Circuit.observe(before, event, sign, probe, now)
          if (sign.kind === "success") {
            failing.clear()
            unreachable = 0
            assert.isNull(health.openedAt)
            if (before.openedAt !== null) assert.strictEqual(health.closedAt, now)
          } else {
            failing.add(event)
            if (sign.unreachable) unreachable++
            const isOpen = failing.size >= Circuit.failingEvents || unreachable >= Circuit.unreachableFailures
            assert.strictEqual(health.openedAt !== null, isOpen)
            assert.deepStrictEqual([health.lastFailureAt, health.lastError], [now, sign.error])
            if (before.openedAt !== null) {
              assert.strictEqual(health.openedAt, before.openedAt, "an open circuit keeps its date")
              assert.strictEqual(health.probes, before.probes + 1)
            }
          }
          if (health.openedAt !== null) {
            const wait = health.nextProbeAt! - now
            assert.isAtLeast(wait, 2500)
            assert.isAtMost(wait, minute, "a probe interval is 60 s at most")
          }
          assert.isAtMost((health.parkedUntil ?? 0) - now, 6 * 60 * minute)
          assert.isAtMost(health.failing.length, Circuit.failingEvents)
          assert.isAtMost(health.probedAt.length, RetrySchedule.minimumAttempts)
        }
      })
    )
  })

  it("says by being the same value that nothing changed, so that nothing is written", () => {
    const health = Circuit.unknown("dst")
    assert.strictEqual(Circuit.observe(health, "a", { kind: "success" }, false, 1), health)
  })

  it("waits 5 s for the first probe, twice as long each time, 60 s at most, and not at the same time for all", () => {
    const intervals = Array.from({ length: 8 }, (_, n) => Circuit.probeInterval("dst_1", n))
    for (const [n, full] of [5, 10, 20, 40, 60, 60, 60, 60].entries()) {
      assert.isAtMost(intervals[n]!, full * 1000)
      assert.isAtLeast(intervals[n]!, full * 500)
    }
    const others = new Set(Array.from({ length: 100 }, (_, n) => Circuit.probeInterval(`dst_${n}`, 5)))
    assert.isAbove(others.size, 90)
  })

  it("spreads the probes of many that went away at once over the whole minute, within five", () => {
    const times = Array.from({ length: 10_000 }, (_, n) => {
      let at = 0
      let probes = 0
      while (at < 300_000) at += Circuit.probeInterval(`dst_${n}`, probes++)
      return at - 300_000
    })
    const counts = Array.from(
      { length: 30 },
      (_, second) => times.filter((at) => Math.floor(at / 1000) === second).length
    )
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    assert.isBelow(Math.max(...counts) / mean, 1.5, counts.join(" "))
  })

  it("admits one probe when it is time, and nothing while the receiver asked for silence", () => {
    let health = Circuit.unknown("dst")
    assert.strictEqual(Circuit.admits(health, 0, false), "due")
    for (let n = 0; n < 3; n++) {
      health = Circuit.observe(health, "a", { kind: "failure", error: "timeout", unreachable: true }, false, 0)
    }
    const at = health.nextProbeAt!
    assert.strictEqual(Circuit.admits(health, at - 1, false), "nothing")
    assert.strictEqual(Circuit.admits(health, at, false), "probe")
    assert.strictEqual(Circuit.admits(health, at, true), "nothing")
    assert.strictEqual(Circuit.admits({ ...health, parkedUntil: at + 1 }, at, false), "nothing")
    assert.isAbove(Circuit.postponed(health, at).nextProbeAt!, at, "a probe that told nothing is not repeated at once")
  })
})
