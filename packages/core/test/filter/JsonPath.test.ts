import { assert, describe, it } from "vitest"
import * as JsonPath from "../../src/filter/JsonPath.ts"

const record = { profile: { name: "A", mail: null }, accounts: [{ iban: "1", bank: { city: "X" } }, { iban: "2" }] }

describe("JsonPath", () => {
  it("reads the forms that callers use, and nothing else", () => {
    for (const text of ["$.profile.name", "profile.name"])
      assert.deepStrictEqual(JsonPath.parse(text), ["profile", "name"])
    assert.deepStrictEqual(JsonPath.parse("$.accounts[*].iban"), ["accounts", "iban"])
    assert.deepStrictEqual(JsonPath.parse("$.größe_2-x"), ["größe_2-x"])
    for (const text of ["", "$", "$.", "a..b", "$.a[0]", "$['a']", "a b", "$.a.", ".."])
      assert.isUndefined(JsonPath.parse(text), text)
  })

  it("picks, through lists", () => {
    assert.strictEqual(JsonPath.pick(record, ["profile", "name"]), "A")
    assert.deepStrictEqual(JsonPath.pick(record, ["accounts", "iban"]), ["1", "2"])
    assert.isUndefined(JsonPath.pick(record, ["profile", "name", "x"]))
    assert.isUndefined(JsonPath.pick(record, ["profile", "constructor"]), "only what the record itself has")
    assert.isUndefined(JsonPath.pick(null, ["a"]))
  })

  it("omits, through lists, in a copy", () => {
    const before = JSON.stringify(record)
    assert.deepStrictEqual(JsonPath.omit(record, ["accounts", "iban"]), {
      profile: record.profile,
      accounts: [{ bank: { city: "X" } }, {}]
    })
    assert.deepStrictEqual(JsonPath.omit(record, ["accounts", "bank", "city"]), {
      profile: record.profile,
      accounts: [{ iban: "1", bank: {} }, { iban: "2" }]
    })
    assert.strictEqual(JsonPath.omit(record, ["nothing"]), record)
    assert.strictEqual(JsonPath.omit(record, ["__proto__"]), record)
    assert.isUndefined(JsonPath.omit(record, []))
    assert.strictEqual(JSON.stringify(record), before)
  })
})
