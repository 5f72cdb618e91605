import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Canonical from "../../src/model/Canonical.ts"
import * as Field from "../../src/model/Field.ts"

const Person = Schema.Struct({
  name: Field.text("personal"),
  age: Field.number(),
  admin: Field.boolean(),
  status: Field.enumeration(["ON", "OFF"]),
  remote: Field.flag(),
  seen: Field.dateTime(),
  tags: Field.list(Field.oneOf(["A", "B"])),
  friends: Field.list(Schema.Struct({ name: Field.text(), kind: Field.enumeration(["OLD"]) })),
  boss: Field.optional(Schema.Struct({ name: Field.text() })),
  more: Field.optional(Field.openMap())
})

const nothing = {
  name: null,
  age: null,
  admin: null,
  status: "NOT_SPECIFIED",
  remote: "NOT_SPECIFIED",
  seen: null,
  tags: null,
  friends: null,
  boss: null,
  more: null
}

describe.each([
  ["field by field", Person],
  ["Canonical.codec", Canonical.codec(Person)]
])("%s", (_, schema) => {
  const decode = Schema.decodeUnknownEffect(schema)

  it.effect("absent, undefined and null come out as null or NOT_SPECIFIED, in the schema's order", () =>
    Effect.gen(function* () {
      const expected = JSON.stringify(nothing)
      const undefineds = Object.fromEntries(Object.keys(nothing).map((key) => [key, undefined]))
      const nulls = Object.fromEntries(Object.keys(nothing).map((key) => [key, null]))
      for (const given of [{}, undefineds, nulls]) assert.strictEqual(JSON.stringify(yield* decode(given)), expected)
    })
  )

  it.effect("puts keys in the schema's order at every depth and strips what it does not declare", () =>
    Effect.gen(function* () {
      const decoded = yield* decode({
        more: { b: undefined, a: 1 },
        boss: { secret: 1, name: "B" },
        friends: [{ kind: "OLD", name: "F" }, {}],
        unknown: true,
        name: "N"
      })
      assert.strictEqual(
        JSON.stringify(decoded),
        JSON.stringify({
          ...nothing,
          name: "N",
          friends: [
            { name: "F", kind: "OLD" },
            { name: null, kind: "NOT_SPECIFIED" }
          ],
          boss: { name: "B" },
          more: { a: 1, b: null }
        })
      )
    })
  )

  it.effect("names the path of what does not fit", () =>
    Effect.gen(function* () {
      const wrong: ReadonlyArray<readonly [unknown, RegExp]> = [
        [{ friends: [{}, { name: 3 }] }, /\["friends"\]\[1\]\["name"\]/],
        [{ status: "BROKEN" }, /\["status"\]/],
        [{ seen: "2026-05-01" }, /RFC 3339[\s\S]*\["seen"\]/],
        [{ age: Number.NaN }, /\["age"\]/],
        [{ tags: [null] }, /\["tags"\]\[0\]/],
        [{ boss: [] }, /\["boss"\]/],
        [{ more: { when: new Date(0) } }, /\["more"\]/]
      ]
      for (const [given, message] of wrong) {
        const error = yield* Effect.flip(decode(given))
        assert.match(String(error), message, `message for ${JSON.stringify(given)}`)
      }
      for (const given of [null, [], "text", 3]) yield* Effect.flip(decode(given))
    })
  )
})

describe("Canonical.codec", () => {
  it.effect.prop(
    "agrees with the field-by-field schema, and with itself on its own output",
    { given: Schema.toEncoded(Person) },
    ({ given }) =>
      Effect.gen(function* () {
        const slow = yield* Schema.decodeUnknownEffect(Person)(given)
        const fast = yield* Schema.decodeUnknownEffect(Canonical.codec(Person))(given)
        assert.strictEqual(JSON.stringify(fast), JSON.stringify(slow))
        const again = yield* Schema.decodeUnknownEffect(Canonical.codec(Person))(JSON.parse(JSON.stringify(fast)))
        assert.strictEqual(JSON.stringify(again), JSON.stringify(fast))
        assert.deepStrictEqual(yield* Schema.encodeEffect(Canonical.codec(Person))(fast), fast)
      }),
    { arbitrary: { runs: 200, seed: 1 } }
  )

  it("replaces schemas that are made of fields only", () => {
    assert.notStrictEqual<unknown>(Canonical.codec(Person), Person)
  })

  it("leaves schemas with other transformations alone", () => {
    for (const schema of [
      Schema.Struct({ n: Schema.FiniteFromString }),
      Schema.Struct({ n: Field.optional(Schema.FiniteFromString) }),
      Schema.Struct({ n: Schema.optionalKey(Schema.String) }),
      Schema.Struct({ n: Schema.Record(Schema.String, Schema.String) })
    ]) {
      assert.strictEqual(Canonical.codec<unknown, unknown>(schema), schema)
    }
  })

  it.effect("says that a required field is missing", () =>
    Effect.gen(function* () {
      const schema = Canonical.codec(Schema.Struct({ id: Schema.String, name: Field.text() }))
      assert.match(String(yield* Effect.flip(Schema.decodeUnknownEffect(schema)({}))), /Missing key[\s\S]*\["id"\]/)
    })
  )
})
