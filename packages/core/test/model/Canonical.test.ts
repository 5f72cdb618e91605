import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
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
