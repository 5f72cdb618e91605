import { assert, describe, it } from "@effect/vitest"
import { Country } from "@crochet/models"

describe("Country.code", () => {
  it.each([
    ["US", "US"],
    ["us", "US"],
    ["USA", "US"],
    ["U.S.A.", "US"],
    ["United States", "US"],
    ["United States of America", "US"],
    ["the Netherlands", "NL"],
    ["UK", "GB"],
    ["Great Britain", "GB"],
    ["Germany", "DE"],
    ["DEU", "DE"],
    ["Deutschland", "DE"],
    ["Czech Republic", "CZ"],
    ["South Korea", "KR"],
    ["Viet Nam", "VN"],
    ["Cote d'Ivoire", "CI"],
    ["Côte d’Ivoire", "CI"],
    ["St. Lucia", "LC"],
    ["Saint Lucia", "LC"],
    ["Bosnia and Herzegovina", "BA"],
    ["Bosnia & Herzegovina", "BA"],
    ["Turkey", "TR"],
    ["Türkiye", "TR"],
    ["Hong Kong", "HK"],
    [" india ", "IN"],
    ["TH", "TH"]
  ])("%j is %j", (source, expected) => assert.strictEqual(Country.code(source), expected))

  it.each([null, undefined, "", "  ", "Atlantis", "XX", "ZZ", "EU", "California", "the"])("%j is null", (source) =>
    assert.isNull(Country.code(source))
  )

  it("knows every code's English name and both codes", () => {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" })
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    const known = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => Country.code(code) === code)
    assert.strictEqual(known.length, 249)
    for (const code of known) assert.strictEqual(Country.code(names.of(code)), code, names.of(code))
  })
})
