import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Canonical from "../../src/model/Canonical.ts"
import * as Field from "../../src/model/Field.ts"
import * as Sensitivity from "../../src/model/Sensitivity.ts"

describe("Sensitivity", () => {
  const schema = Schema.Struct({
    id: Field.text(),
    name: Field.text("personal"),
    boss: Field.optional(Schema.Struct({ email: Field.text("personal"), id: Field.text() })),
    pay: Field.list(Schema.Struct({ amount: Field.number("financial"), note: Field.text("personal") }), "financial"),
    emails: Field.list(Schema.String, "personal"),
    more: Field.optional(Field.openMap("special"), "personal"),
    untagged: Schema.String
  })
  const expected: ReadonlyArray<Sensitivity.FieldSensitivity> = [
    { path: "id", sensitivity: "none" },
    { path: "name", sensitivity: "personal" },
    { path: "boss.email", sensitivity: "personal" },
    { path: "boss.id", sensitivity: "none" },
    { path: "pay[].amount", sensitivity: "financial" },
    { path: "pay[].note", sensitivity: "financial" },
    { path: "emails[]", sensitivity: "personal" },
    { path: "more.*", sensitivity: "special" },
    { path: "untagged", sensitivity: "none" }
  ]

  it("lists every value's path; a value is at least as sensitive as what it is in", () => {
    assert.deepStrictEqual(Sensitivity.paths(schema), expected)
  })

  it("reads the same from the fast form of the schema", () => {
    assert.deepStrictEqual(Sensitivity.paths(Canonical.codec(schema)), expected)
  })

  it("starts at the root of lists and open maps", () => {
    assert.deepStrictEqual(Sensitivity.paths(Schema.Array(Schema.Struct({ id: Field.text("government_id") }))), [
      { path: "[].id", sensitivity: "government_id" }
    ])
    assert.deepStrictEqual(Sensitivity.paths(Field.openMap()), [{ path: "*", sensitivity: "personal" }])
  })

  it("orders the levels", () => {
    assert.isTrue(Sensitivity.isAtLeast("government_id", "special"))
    assert.isTrue(Sensitivity.isAtLeast("personal", "personal"))
    assert.isFalse(Sensitivity.isAtLeast("personal", "financial"))
  })
})
