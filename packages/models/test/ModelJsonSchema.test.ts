import { assert, describe, it } from "@effect/vitest"
import { DataType, Field, ModelJsonSchema, Sensitivity } from "@crochet/core"
import * as Models from "@crochet/models"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { Option, Schema, SchemaAST } from "effect"
import { fullEmployee } from "./hris/fullEmployee.ts"

// Strict: an unknown keyword is an error, so that a misspelt one cannot pass for a constraint.
const ajv = new Ajv2020({ strict: true, allErrors: true })
formats.default(ajv)
ajv.addKeyword("sensitivity").addKeyword("modelId")

const full: DataType.RecordValues = fullEmployee
const models = Object.entries(Models.Employee.models) as ReadonlyArray<readonly [string, DataType.Model]>

const example = DataType.model({
  id: "example_info",
  title: "Example",
  description: "What a test needs.",
  schema: Schema.Struct({
    id: Field.text(),
    workEmail: Field.text("personal"),
    kind: Field.enumeration(["A", "B"]),
    day: Field.date("personal"),
    boss: Field.optional(Schema.Struct({ email: Field.text("personal"), id: Field.text() })),
    pay: Field.list(Schema.Struct({ amount: Field.number("financial"), note: Field.text("personal") }), "financial"),
    tags: Field.list(Schema.String, "personal"),
    more: Field.optional(Field.openMap("special"))
  })
})

describe("the JSON Schema of a model", () => {
  it("has title, description, model id, enums, formats and sensitivities", () => {
    const text = { anyOf: [{ type: "string" }, { type: "null" }] }
    const number = { anyOf: [{ type: "number" }, { type: "null" }] }
    assert.deepStrictEqual(ModelJsonSchema.ofModel(example), {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "Example",
      description: "What a test needs.",
      modelId: "example_info",
      type: "object",
      properties: {
        id: { title: "Id", ...text, sensitivity: "none" },
        workEmail: { title: "Work email", ...text, sensitivity: "personal" },
        kind: { title: "Kind", type: "string", enum: ["A", "B", "NOT_SPECIFIED"], sensitivity: "none" },
        day: {
          title: "Day",
          anyOf: [
            {
              type: "string",
              description: "A calendar date, as midnight UTC",
              format: "date-time",
              pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`
            },
            { type: "null" }
          ],
          sensitivity: "personal"
        },
        boss: {
          title: "Boss",
          anyOf: [
            {
              type: "object",
              properties: {
                email: { title: "Email", ...text, sensitivity: "personal" },
                id: { title: "Id", ...text, sensitivity: "none" }
              },
              required: ["email", "id"],
              additionalProperties: true
            },
            { type: "null" }
          ]
        },
        pay: {
          title: "Pay",
          anyOf: [
            {
              type: "array",
              items: {
                type: "object",
                properties: {
                  amount: { title: "Amount", ...number, sensitivity: "financial" },
                  note: { title: "Note", ...text, sensitivity: "financial" }
                },
                required: ["amount", "note"],
                additionalProperties: true
              }
            },
            { type: "null" }
          ]
        },
        tags: {
          title: "Tags",
          anyOf: [{ type: "array", items: { type: "string", sensitivity: "personal" } }, { type: "null" }]
        },
        more: { title: "More", anyOf: [{ type: "object" }, { type: "null" }], sensitivity: "special" }
      },
      required: ["id", "workEmail", "kind", "day", "boss", "pay", "tags", "more"],
      additionalProperties: true
    })
  })

  it.each(models)("of %s accepts what the decoder makes, and no field has another sensitivity there", (key, model) => {
    const document = ModelJsonSchema.ofModel(model)
    const validate = ajv.compile(document)
    const decode = Schema.decodeUnknownSync(model.schema)
    const isList = Array.isArray(full[key])
    for (const value of [full[key], decode(full[key]), decode(isList ? [{}] : {}), decode(isList ? [] : {})]) {
      assert.isTrue(validate(value), JSON.stringify(validate.errors))
    }
    assert.deepStrictEqual(
      tagsOf(document, "").map(({ path, sensitivity }) => [path.replace(/\.?\*$/, ""), sensitivity]),
      Sensitivity.paths(model.schema).map(({ path, sensitivity }) => [path.replace(/\.?\*$/, ""), sensitivity])
    )
  })
})

/** Every data type that the package exports. */
const types = Object.values<object>(Models).filter((value): value is DataType.DataType => "isActive" in value)

describe("the JSON Schema of every data type", () => {
  it("is there for all four categories", () => {
    assert.deepStrictEqual([...new Set(types.map(({ category }) => category))].sort(), [
      "ACCOUNTING",
      "ATS",
      "CRM",
      "HRIS"
    ])
  })

  it.each(types.map((type) => [type.id, type] as const))("of %s accepts what the decoder makes", (_, type) => {
    const validate = ajv.compile(ModelJsonSchema.ofDataType(type))
    const empty = Object.entries(type.models).map(([key, { schema }]) => {
      const isList = SchemaAST.toType(schema.ast)._tag === "Arrays"
      const nested = key === "customFields" || type.id === "crm_records"
      const attempts = isList ? [[{}], []] : nested ? [{}, { fields: {} }] : [{}]
      const made = attempts.flatMap((value) =>
        Option.toArray(Schema.decodeUnknownOption(schema as Schema.Codec<unknown>)(value))
      )
      assert.isAbove(made.length, 0, `${key} decodes nothing that is empty`)
      return [key, made] as const
    })
    for (const [key, made] of empty)
      for (const value of made) assert.isTrue(validate({ [key]: value }), `${key}: ${JSON.stringify(validate.errors)}`)
    assert.isTrue(validate({}), JSON.stringify(validate.errors))
    assert.isFalse(validate(Object.fromEntries(empty.map(([key]) => [key, "no model"]))))
  })
})

describe("the JSON Schema of a record", () => {
  const validate = ajv.compile(ModelJsonSchema.ofDataType(Models.Employee))

  it("accepts a whole record, a record with some models, and null for a model", () => {
    for (const record of [full, { profile: full.profile }, { ...full, dependents: null, locations: null }, {}]) {
      assert.isTrue(validate(record), JSON.stringify(validate.errors))
    }
  })

  it.each([
    ["an unknown enum value", { profile: { ...fullEmployee.profile, gender: "X" } }],
    ["a missing field", { profile: { id: "1" } }],
    ["a number for a text", { profile: { ...fullEmployee.profile, firstName: 7 } }],
    ["a null enum", { profile: { ...fullEmployee.profile, gender: null } }],
    ["a bare date", { profile: { ...fullEmployee.profile, startDate: "2026-05-01" } }],
    ["a date that does not exist", { profile: { ...fullEmployee.profile, startDate: "2026-02-30T00:00:00.000Z" } }],
    ["an object for a list", { dependents: {} }],
    ["a wrong item of a list", { dependents: [{ ...fullEmployee.dependents[0], isStudent: true }] }],
    ["a text for a model", { contactInfo: "none" }],
    ["no record at all", []]
  ])("refuses %s", (_, record) => {
    assert.isFalse(validate(record))
  })
})

/** Where the document has a sensitivity, in the notation of `Sensitivity.paths`. */
const tagsOf = (node: ModelJsonSchema.JsonSchema, path: string): ReadonlyArray<Sensitivity.FieldSensitivity> => [
  ...(node.sensitivity === undefined ? [] : [{ path, sensitivity: node.sensitivity }]),
  ...Object.entries(node.properties ?? {}).flatMap(([name, field]) =>
    tagsOf(field, path === "" ? name : `${path}.${name}`)
  ),
  ...(node.items === undefined ? [] : tagsOf(node.items, `${path}[]`)),
  ...(node.anyOf ?? []).flatMap((one) => tagsOf(one, path))
]
