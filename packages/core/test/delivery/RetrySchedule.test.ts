import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import * as RetrySchedule from "../../src/delivery/RetrySchedule.ts"

const hour = 3_600_000
const start = 1_750_000_000_000

/** The times of all attempts of an event that always fails, each attempt taking some time. */
const timesOf = (
  random: () => number,
  options: { duration?: () => number; retryAfter?: () => number | undefined } = {}
) => {
  const times = [start]
  for (;;) {
    const now = times.at(-1)! + (options.duration?.() ?? 0)
    const at = RetrySchedule.next(times.length, start, now, random(), options.retryAfter?.())
    if (at === null) return times
    times.push(at)
  }
}

describe("RetrySchedule", () => {
  it("follows the published table without jitter", () => {
    assert.strictEqual(RetrySchedule.attempts, 20)
    const times = timesOf(() => 0.5).map((at) => (at - start) / 1000)
    assert.deepStrictEqual(times.slice(0, 6), [0, 5, 35, 155, 755, 2555])
    assert.closeTo(times[9]! / 3600, 13.7, 0.02)
    assert.closeTo(times[18]! / 3600, 85.7, 0.02)
    assert.strictEqual(times[19], 96 * 3600)
    assert.lengthOf(times, 20)
  })

  it("makes 20 attempts in order, the last at exactly 96 h, whatever the jitter, the duration and Retry-After", () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        fc.infiniteStream(fc.integer({ min: 0, max: 15_000 })),
        fc.infiniteStream(fc.option(fc.integer({ min: -1e12, max: 1e12 }), { nil: undefined })),
        (randoms, durations, retryAfters) => {
          const pull =
            <A>(stream: Iterator<A>) =>
            () =>
              stream.next().value as A
          const times = timesOf(pull(randoms), { duration: pull(durations), retryAfter: pull(retryAfters) })
          assert.lengthOf(times, 20)
          assert.strictEqual(times.at(-1), start + RetrySchedule.window)
          for (let i = 1; i < times.length; i++) assert.isAbove(times[i]!, times[i - 1]!)
        }
      ),
      { numRuns: 500, seed: 2 }
    )
  })

  it("varies each gap by at most 20 %", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, random) => {
          const gap = RetrySchedule.next(n, start, start, random)! - start
          assert.isAtLeast(gap, Math.floor(RetrySchedule.gaps[n - 1]! * 0.8))
          assert.isAtMost(gap, Math.ceil(RetrySchedule.gaps[n - 1]! * 1.2))
        }
      ),
      { seed: 3 }
    )
  })

  it("lets Retry-After prolong a gap, never shorten it, and never past 6 h or the window", () => {
    assert.strictEqual(RetrySchedule.next(1, start, start, 0.5, 60_000), start + 60_000)
    assert.strictEqual(RetrySchedule.next(1, start, start, 0.5, 1), start + 5000)
    assert.strictEqual(RetrySchedule.next(1, start, start, 0.5, -5), start + 5000)
    assert.strictEqual(RetrySchedule.next(1, start, start, 0.5, 1e12), start + 6 * hour)
    assert.strictEqual(RetrySchedule.next(19, start, start + 90 * hour, 0.5, 1e12), start + 96 * hour)
  })

  it("ends with the window, but not before five attempts were made", () => {
    assert.isNull(RetrySchedule.next(20, start, start + 96 * hour, 0.5))
    assert.isNull(RetrySchedule.next(19, start, start + 96 * hour, 0.5))
    assert.isNull(RetrySchedule.next(7, start, start + 97 * hour, 0.5))
    assert.strictEqual(RetrySchedule.next(2, start, start + 97 * hour, 0.5), start + 97 * hour + 30_000)
    assert.isNull(RetrySchedule.next(5, start, start + 97 * hour, 0.5))
    const late = RetrySchedule.next(7, start, start + 95.5 * hour, 0.5)
    assert.strictEqual(late, start + 96 * hour)
  })

  it("reads Retry-After as seconds or a date, and nothing else", () => {
    const now = Date.UTC(2026, 0, 1)
    assert.strictEqual(RetrySchedule.parseRetryAfter("120", now), 120_000)
    assert.strictEqual(RetrySchedule.parseRetryAfter(" 0 ", now), 0)
    assert.strictEqual(RetrySchedule.parseRetryAfter("Thu, 01 Jan 2026 00:01:00 GMT", now), 60_000)
    for (const text of [
      "-1",
      "1.5",
      "soon",
      "",
      "1e9",
      "Thu, 01 Jan 2020 00:00:00 GMT",
      "9".repeat(20),
      "2026-01-02"
    ]) {
      assert.isUndefined(RetrySchedule.parseRetryAfter(text, now), text)
    }
    assert.isUndefined(RetrySchedule.parseRetryAfter(undefined, now))
  })
})
