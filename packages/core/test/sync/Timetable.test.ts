import { assert, describe, it } from "vitest"
import * as fc from "fast-check"
import type { Frequency } from "../../src/sync/Frequency.ts"
import * as Timetable from "../../src/sync/Timetable.ts"

const at = (text: string) => Date.parse(text)
const next = (frequency: Frequency, after: string, startAt: { hour: number; minute: number } | null = null) =>
  new Date(Timetable.next(frequency, startAt, at(after))).toISOString()
const noon = "2026-03-10T12:00:00.000Z"

describe("intervals", () => {
  it("count from the end of the last run", () => {
    assert.strictEqual(next("standard", noon), "2026-03-11T12:00:00.000Z")
    assert.strictEqual(next("medium", noon), "2026-03-11T00:00:00.000Z")
    assert.strictEqual(next("high", noon), "2026-03-10T18:00:00.000Z")
    assert.strictEqual(next({ everySeconds: 90 }, noon), "2026-03-10T12:01:30.000Z")
  })

  it("are not counted twice when the clock of the process is behind the one by which a job was due", () => {
    const job = {
      frequency: "high",
      startAt: { hour: 0, minute: 0 },
      nextRunAt: at("2026-03-10T18:00:00.000Z")
    } as const
    const after = (text: string) => new Date(Timetable.afterRun(job, at(text))).toISOString()
    assert.strictEqual(after("2026-03-10T11:59:59.990Z"), "2026-03-10T18:00:00.000Z", "the run of noon has ended")
    assert.strictEqual(after(noon), "2026-03-10T18:00:00.000Z")
    assert.strictEqual(after("2026-03-10T19:00:00.000Z"), "2026-03-11T00:00:00.000Z", "it took more than six hours")
    assert.strictEqual(
      Timetable.afterRun({ ...job, nextRunAt: null }, at(noon)),
      at("2026-03-10T18:00:00.000Z"),
      "a job without a time"
    )
  })

  it("lie on a grid through startAt", () => {
    const startAt = { hour: 2, minute: 30 }
    assert.strictEqual(next("standard", noon, startAt), "2026-03-11T02:30:00.000Z")
    assert.strictEqual(next("high", noon, startAt), "2026-03-10T14:30:00.000Z")
    assert.strictEqual(next("standard", "2026-03-11T02:30:00.000Z", startAt), "2026-03-12T02:30:00.000Z", "never now")
    fc.assert(
      fc.property(
        fc.constantFrom<Frequency>("standard", "medium", "high"),
        fc.record({ hour: fc.nat(23), minute: fc.nat(59) }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        (frequency, startAt, after) => {
          const interval = Timetable.intervalOf(frequency)!
          const due = Timetable.next(frequency, startAt, after)
          assert.isTrue(due > after && due <= after + interval)
          assert.strictEqual((due - (startAt.hour * 60 + startAt.minute) * 60_000) % interval, 0)
        }
      ),
      { seed: 3, numRuns: 300 }
    )
  })
})

describe("cron", () => {
  const daily: Frequency = { cron: "30 2 * * *", timeZone: "Europe/Berlin" }
  it("is read in its time zone, in UTC without one", () => {
    assert.strictEqual(next({ cron: "30 2 * * *" }, noon), "2026-03-11T02:30:00.000Z")
    assert.strictEqual(next(daily, noon), "2026-03-11T01:30:00.000Z")
    assert.strictEqual(next(daily, "2026-07-10T12:00:00.000Z"), "2026-07-11T00:30:00.000Z")
    assert.isNull(Timetable.intervalOf(daily))
  })

  it("fires once on the days when clocks change", () => {
    for (const [from, days] of [
      ["2026-03-28T12:00:00Z", 3],
      ["2026-10-24T12:00:00Z", 3]
    ] as const) {
      let due = at(from)
      const fired: Array<number> = []
      for (let i = 0; i < days; i++) fired.push((due = Timetable.next(daily, null, due)))
      const apart = fired.slice(1).map((time, i) => (time - fired[i]!) / 3_600_000)
      assert.isTrue(
        apart.every((hours) => hours >= 22.5 && hours <= 25.5),
        `${from}: ${apart.join(", ")} h apart`
      )
    }
  })
})

describe("fault", () => {
  it("accepts what works", () => {
    for (const frequency of [
      "standard",
      { everySeconds: 60 },
      { cron: "0 */6 * * *" },
      { cron: "*/5 9-17 * * 1-5", timeZone: "America/New_York" },
      { cron: "0 0 29 2 *" }
    ] as const) {
      assert.isUndefined(Timetable.fault(frequency), JSON.stringify(frequency))
    }
  })
  it("says what is wrong with the rest, also with what would never, or always, fire", () => {
    const bad: ReadonlyArray<[Frequency, RegExp]> = [
      [{ cron: "nonsense" }, /^cron is not/],
      [{ cron: "61 * * * *" }, /^cron is not/],
      [{ cron: "0 0 * * *", timeZone: "Mars/Base" }, /^timeZone/],
      [{ cron: "0 0 30 2 *" }, /never fires/],
      [{ cron: "* * * * * *" }, /more than once a minute/],
      [{ cron: "*/10 * * * * *" }, /more than once a minute/]
    ]
    for (const [frequency, sentence] of bad)
      assert.match(Timetable.fault(frequency) ?? "", sentence, JSON.stringify(frequency))
  })
})
