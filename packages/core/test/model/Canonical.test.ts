import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as fc from "fast-check"
import * as Canonical from "../../src/model/Canonical.ts"
import * as Field from "../../src/model/Field.ts"

const written = Schema.Struct({
  id: Schema.String,
  name: Field.text(),
  kind: Field.enumeration(["A"]),
  inner: Field.optional(Schema.Struct({ __proto__x: Field.text(), "a-b": Field.number() }))
})

describe("Canonical.decoder", () => {
  const decode = Canonical.decoder(Canonical.codec(written))

  it("fills what is absent in the schema's order, also below a field that is required", () => {
    assert.strictEqual(
      JSON.stringify(decode({ inner: { "a-b": 1 }, id: "1" })),
      '{"id":"1","name":null,"kind":"NOT_SPECIFIED","inner":{"__proto__x":null,"a-b":1}}'
    )
  })

  it("says that a required field is missing", () => {
    assert.throws(() => decode({ name: "x" }), /[Mm]issing/)
  })

  it("does not read under a field's name what an object inherits", () => {
    const record = decode(Object.assign(Object.create({ other: "x" }) as object, { id: "1" }))
    assert.notProperty(record, "other")
  })

  it("gives and refuses what the codec gives and refuses", () => {
    const Kind = Field.enumeration(["A", "B"])
    const schema = Schema.Struct({
      id: Schema.String,
      text: Field.text(),
      number: Field.number(),
      flag: Field.boolean(),
      seen: Field.dateTime(),
      kind: Kind,
      kinds: Field.list(Field.oneOf(["A", "B"])),
      many: Field.enumeration(Array.from({ length: 20 }, (_, i) => `K${i}`)),
      inner: Field.optional(Schema.Struct({ text: Field.text(), kind: Kind })),
      list: Field.list(Schema.Struct({ inner: Field.optional(Schema.Struct({ "a-b": Field.number() })) })),
      json: Field.optional(Schema.Json),
      open: Field.optional(Field.openMap()),
      checked: Field.optional(Schema.String.check(Schema.isMaxLength(2))),
      either: Field.optional(Schema.Union([Schema.String, Schema.Finite]))
    })
    const outcome = (decode: (given: unknown) => unknown, given: unknown) => {
      try {
        return JSON.stringify(decode(given))
      } catch (error) {
        return Schema.isSchemaError(error) ? "refused" : error
      }
    }
    const codec = Canonical.codec(schema)
    const [slow, fast] = [Schema.decodeUnknownSync(codec), Canonical.decoder(codec)]
    const odd = fc.constantFrom<unknown>(
      undefined,
      null,
      "A",
      "abc",
      1,
      Number.NaN,
      -0,
      true,
      [],
      {},
      [undefined],
      [{}]
    )
    const nested = fc.oneof(
      odd,
      fc.array(odd, { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("text", "kind", "a-b", "4", "__proto__"), odd)
    )
    const stamps = fc.constantFrom("2026-05-01T07:25:37.000Z", "2026-05-01T07:25:37.00aZ", "2026-05-01")
    const lists = fc.array(fc.record({ inner: nested, other: odd }, { requiredKeys: [] }), { maxLength: 2 })
    const fitting = {
      id: fc.string(),
      text: fc.option(fc.string()),
      number: fc.double(),
      flag: fc.boolean(),
      seen: stamps,
      kind: fc.constantFrom("A", "B", "C", null),
      kinds: fc.array(fc.constantFrom("A", "B", "NOT_SPECIFIED"), { maxLength: 2 }),
      many: fc.constantFrom("K0", "K19", "K20"),
      inner: fc.option(
        fc.record({ kind: fc.constantFrom("A", null), text: fc.string(), more: odd }, { requiredKeys: [] })
      ),
      list: lists,
      json: fc.jsonValue(),
      open: fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), odd)),
      checked: fc.string({ maxLength: 3 }),
      either: fc.oneof(fc.string(), fc.integer(), fc.boolean())
    }
    let given = 0
    for (const [seed, record] of [
      fc.record(fitting, { requiredKeys: ["id"] }),
      fc.dictionary(fc.constantFrom(...Object.keys(fitting)), nested)
    ].entries()) {
      fc.assert(
        fc.property(record, (input) => {
          const expected = outcome(slow, input)
          if (expected !== "refused") given++
          assert.strictEqual(outcome(fast, input), expected)
        }),
        { seed, numRuns: 500 }
      )
    }
    assert.isAbove(given, 30)
    for (const input of [undefined, null, "x", [], [{ id: "1" }], () => ({}), new Map()]) {
      assert.strictEqual(outcome(fast, input), outcome(slow, input))
    }
  })

  it("gives the same where code may not be generated from text", () => {
    const script = `
      const { Canonical, Field } = await import("@crochet/core")
      const Schema = await import("effect/Schema")
      const schema = Schema.Struct({ b: Field.text(), a: Field.list(Schema.Struct({ kind: Field.enumeration(["A"]) })) })
      console.log(JSON.stringify(Canonical.decoder(Canonical.codec(schema))({ a: [{}, { kind: "A" }] })))`
    const run = (...flags: ReadonlyArray<string>) =>
      spawnSync(process.execPath, ["--conditions=@crochet/source", ...flags, "--input-type=module", "-e", script], {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        encoding: "utf8"
      })
    const free = run()
    const strict = run("--disallow-code-generation-from-strings")
    assert.strictEqual(free.stdout, '{"b":null,"a":[{"kind":"NOT_SPECIFIED"},{"kind":"A"}]}\n', free.stderr)
    assert.strictEqual(strict.stdout, free.stdout, strict.stderr)
  })
})
