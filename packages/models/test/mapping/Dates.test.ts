import { assert, describe, it } from "@effect/vitest"
import { Dates } from "@crochet/models"
import * as fc from "fast-check"

describe("Dates.fromCalendar", () => {
  it.each([
    ["2026-05-01", "2026-05-01T00:00:00.000Z"],
    [" 2024-02-29 ", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29", "2000-02-29T00:00:00.000Z"],
    ["2026-05-01T00:00:00Z", "2026-05-01T00:00:00.000Z"],
    ["2026-05-01T00:00:00.000", "2026-05-01T00:00:00.000Z"]
  ])("%j becomes %j", (source, expected) => assert.strictEqual(Dates.fromCalendar(source), expected))

  it.each([
    null,
    undefined,
    "",
    "  ",
    "0000-00-00",
    "2026-00-10",
    "2026-13-01",
    "2026-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-05-00",
    "0000-01-01",
    "01/05/2026",
    "2026-5-1",
    "2026-05-01T12:00:00Z",
    "today"
  ])("%j becomes null", (source) => assert.isNull(Dates.fromCalendar(source)))

  it("keeps every day that exists, and is idempotent", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10)
          assert.strictEqual(Dates.fromCalendar(day), `${day}T00:00:00.000Z`)
          assert.strictEqual(Dates.fromCalendar(Dates.fromCalendar(day)), `${day}T00:00:00.000Z`)
        }
      ),
      { seed: 1, numRuns: 300 }
    )
  })
})

describe("Dates.fromInstant", () => {
  it.each([
    ["2026-05-01T07:25:37Z", "2026-05-01T07:25:37.000Z"],
    ["2026-05-01T07:25:37.1234567Z", "2026-05-01T07:25:37.123Z"],
    ["2026-05-01T07:25:37+00:00", "2026-05-01T07:25:37.000Z"],
    ["2026-05-01T07:25:37.000+0000", "2026-05-01T07:25:37.000Z"],
    ["2026-05-01T03:25:37-0400", "2026-05-01T07:25:37.000Z"],
    ["2026-05-01T12:55:37+05:30", "2026-05-01T07:25:37.000Z"],
    ["2026-05-01T23:30:00-01", "2026-05-02T00:30:00.000Z"],
    ["2026-05-01 07:25:37 UTC", "2026-05-01T07:25:37.000Z"],
    ["2026-05-01T07:25Z", "2026-05-01T07:25:00.000Z"]
  ])("%j becomes %j", (source, expected) => assert.strictEqual(Dates.fromInstant(source), expected))

  it.each([
    null,
    undefined,
    "",
    "0000-00-00T00:00:00+00:00",
    "2026-02-30T00:00:00Z",
    "2026-05-01T24:00:00Z",
    "2026-05-01T07:60:00Z",
    "2026-05-01T07:25:37",
    "2026-05-01",
    "2026-05-01T07:25:37+25:00",
    "9999-12-31T23:59:59-01:00",
    "0001-01-01T00:00:00+01:00"
  ])("%j becomes null", (source) => assert.isNull(Dates.fromInstant(source)))

  it("reads what it writes", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const stamp = Dates.fromMillis(date.getTime())
          assert.strictEqual(stamp, date.toISOString())
          assert.strictEqual(Dates.fromInstant(stamp), stamp)
        }
      ),
      { seed: 1, numRuns: 300 }
    )
  })
})

describe("Dates.fromMillis", () => {
  it("refuses what is no time of ours", () => {
    for (const millis of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15]) {
      assert.isNull(Dates.fromMillis(millis), String(millis))
    }
    assert.strictEqual(Dates.fromMillis(0), "1970-01-01T00:00:00.000Z")
  })
})

describe("what is written plainly", () => {
  const signs = fc.constantFrom("0", "1", "2", "3", "6", "9", "-", ":", "T", " ", "Z", ".", "+", "x", "")
  const altered = (text: string) =>
    fc
      .array(fc.tuple(fc.nat(text.length), signs), { maxLength: 2 })
      .map((changes) => changes.reduce((made, [at, sign]) => made.slice(0, at) + sign + made.slice(at + 1), text))

  it("is read as what the expressions read, which see to whatever begins with a space", () => {
    const texts = fc.oneof(
      ...["2024-02-29", "2026-12-31T23:59:59Z", "2026-05-01T07:25:37+00:00", "2026-05-01T07:25:37.120Z"].map(altered)
    )
    fc.assert(
      fc.property(texts, (text) => {
        assert.strictEqual(Dates.fromCalendar(text), Dates.fromCalendar(` ${text}`), text)
        assert.strictEqual(Dates.fromInstant(text), Dates.fromInstant(` ${text}`), text)
      }),
      { seed: 1, numRuns: 3000 }
    )
  })

  it("has its own day, also when it has been read before and days beside it do not exist", () => {
    for (let round = 0; round < 2; round++) {
      for (let month = 0; month < 20; month++) {
        for (let day = 0; day < 40; day++) {
          const text = `2025-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
          assert.strictEqual(Dates.fromCalendar(text), Dates.fromCalendar(` ${text}`), text)
        }
      }
    }
  })
})
