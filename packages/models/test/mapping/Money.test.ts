import { assert, describe, it } from "@effect/vitest"
import { Money } from "@crochet/models"
import * as fc from "fast-check"

describe("Money.parse", () => {
  it.each([
    ["65000.00 USD", { amount: 65000, currency: "USD" }],
    ["65000 usd", { amount: 65000, currency: "USD" }],
    ["EUR 1,234.50", { amount: 1234.5, currency: "EUR" }],
    ["12.30", { amount: 12.3, currency: null }],
    ["-0.10 GBP", { amount: -0.1, currency: "GBP" }],
    ["0.00 USD", { amount: 0, currency: "USD" }],
    ["0012.5", { amount: 12.5, currency: null }],
    ["0.0000001", { amount: 1e-7, currency: null }],
    ["9007199254740991", { amount: 9007199254740991, currency: null }]
  ])("%j becomes %j", (source, expected) => assert.deepStrictEqual(Money.parse(source), expected))

  it.each([
    null,
    undefined,
    "",
    "USD",
    "$12.00",
    "12,50",
    "1.234,50",
    "12.",
    "1,23",
    "USD 12 EUR",
    "NaN",
    "1e5",
    "90071992547409931.01 USD"
  ])("%j becomes null", (source) => assert.isNull(Money.parse(source)))

  it("reads what is written plainly as the expression reads it, which sees to whatever begins with a space", () => {
    const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength })
    const currency = fc.constantFrom("", "USD", " USD", " usd", "  USD", " US", " EURO", " ", "x", ",", ".")
    fc.assert(
      fc.property(digits(12), fc.constantFrom("", "."), digits(12), currency, (whole, point, decimals, after) => {
        const text = whole + point + decimals + after
        assert.deepStrictEqual(Money.parse(text), Money.parse(` ${text}`), text)
      }),
      { seed: 1, numRuns: 3000 }
    )
  })

  it("keeps cents exactly: the JSON number reads as the app's text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e14 }), (cents) => {
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`
        const amount = Money.parse(`${text} USD`)?.amount
        assert.strictEqual(amount?.toFixed(2), text)
        assert.strictEqual(JSON.stringify(JSON.parse(JSON.stringify(amount))), JSON.stringify(amount))
      }),
      { seed: 1, numRuns: 300 }
    )
  })
})
