import { assert, describe, it } from "@effect/vitest"
import { type DataType, Sensitivity } from "@crochet/core"
import * as Models from "@crochet/models"
import { Effect, Schema, SchemaAST } from "effect"
import { untagged } from "../Untagged.ts"

const types: ReadonlyArray<DataType.DataType> = [
  Models.CrmAccount,
  Models.CrmContact,
  Models.CrmLead,
  Models.CrmDeal,
  Models.CrmPipeline,
  Models.CrmUser,
  Models.CrmTask,
  Models.CrmNote,
  Models.CrmEngagement,
  Models.CrmCampaign,
  Models.CrmProduct,
  Models.CrmRecord,
  Models.CrmSchema,
  Models.CrmAssociation
]
const models = types.flatMap((type) =>
  Object.entries(type.models).map(([key, model]) => [`${type.id} ${key}`, model] as const)
)
const modelOf = (name: string): DataType.Model => models.find(([other]) => other === name)![1]

const fieldsOf = (model: DataType.Model): ReadonlyArray<string> => {
  const ast = SchemaAST.toType(model.schema.ast)
  return ast._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []
}

const enums = (ast: SchemaAST.AST, path: string): ReadonlyArray<readonly [string, ReadonlyArray<string>]> => {
  switch (ast._tag) {
    case "Objects":
      return ast.propertySignatures.flatMap(({ name, type }) => enums(type, `${path}.${String(name)}`))
    case "Arrays":
      return ast.rest.flatMap((item) => enums(item, `${path}[]`))
    case "Union": {
      const literals = ast.types.flatMap((member) => (member._tag === "Literal" ? [String(member.literal)] : []))
      return literals.length > 0 ? [[path, literals]] : ast.types.flatMap((member) => enums(member, path))
    }
    default:
      return []
  }
}
const allEnums = models.flatMap(([name, model]) => enums(SchemaAST.toType(model.schema.ast), name))

describe("CRM data types", () => {
  it("have these ids, and models with these ids under these keys", () => {
    assert.deepStrictEqual(
      types.map(({ id, models: of }) => [id, Object.entries(of).map(([key, { id: model }]) => `${model} ${key}`)]),
      [
        [
          "crm_accounts",
          [
            "crm_account_info info",
            "crm_account_addresses addresses",
            "crm_account_phones phones",
            "crm_account_contacts contacts",
            "crm_account_custom_fields customFields",
            "crm_account_emails emails",
            "crm_account_rawValues rawValues"
          ]
        ],
        [
          "crm_contacts",
          [
            "crm_contact_info info",
            "crm_contact_addresses addresses",
            "crm_contact_phones phones",
            "crm_contact_emails emails",
            "crm_contact_custom_fields customFields",
            "crm_contact_rawValues rawValues"
          ]
        ],
        [
          "crm_leads",
          [
            "crm_lead_info info",
            "crm_lead_addresses addresses",
            "crm_lead_phones phones",
            "crm_lead_emails emails",
            "crm_lead_custom_fields customFields",
            "crm_lead_rawValues rawValues"
          ]
        ],
        [
          "crm_deals",
          [
            "crm_deal_info info",
            "crm_deal_stage stage",
            "crm_deal_accounts accounts",
            "crm_deal_contacts contacts",
            "crm_deal_custom_fields customFields",
            "crm_deal_products products",
            "crm_deal_rawValues rawValues"
          ]
        ],
        ["crm_pipelines", ["crm_pipeline_info info"]],
        ["crm_users", ["crm_user_info info"]],
        ["crm_tasks", ["crm_task_info info", "crm_task_rawValues rawValues"]],
        ["crm_notes", ["crm_note_info info"]],
        ["crm_engagements", ["crm_engagement_info info", "crm_engagement_rawValues rawValues"]],
        ["crm_campaigns", ["crm_campaign_info info"]],
        ["crm_products", ["crm_product_info info"]],
        ["crm_records", ["crm_record_info info", "crm_record_fields fields"]],
        ["crm_schemas", ["crm_schema_info info", "crm_schema_fields fields", "crm_schema_associations associations"]],
        ["crm_associations", ["crm_association_info info"]]
      ]
    )
    assert.isTrue(types.every(({ category }) => category === "CRM"))
  })

  it("begin with the fields that Knit published, in Knit's order", () => {
    const published: { readonly [model: string]: string } = {
      "crm_accounts info":
        "id name description industry website numberOfEmployees owner createdBy socialMediaLinks updatedAt createdAt lastActivityAt isPersonAccount",
      "crm_contacts info":
        "id firstName lastName description industry jobTitle owner createdBy updatedAt createdAt lastActivityAt account",
      "crm_deals info": "id name description amount currency owner createdBy status createdAt lastActivityAt",
      "crm_deals stage": "stageId stageName pipelineId pipelineName",
      "crm_records info": "id schemaId name externalId createdAt updatedAt lastActivityAt createdBy updatedBy",
      "crm_records fields": "fields",
      "crm_contacts customFields": "fields"
    }
    for (const [name, fields] of Object.entries(published)) {
      const wanted = fields.split(" ")
      assert.deepStrictEqual(fieldsOf(modelOf(name)).slice(0, wanted.length), wanted, name)
    }
  })

  it("are never gone for what their values say, and are named by their ids", () => {
    for (const type of types) {
      assert.isTrue(type.isActive({}), type.id)
      assert.deepStrictEqual(Object.values(type.identifiers("42", {}))[0], "42", type.id)
    }
    assert.deepStrictEqual(Models.CrmRecord.identifiers("42", { info: { schemaId: "Loom__c" } }), {
      recordId: "42",
      schemaId: "Loom__c"
    })
  })
})

describe("enums", () => {
  it("all have NOT_SPECIFIED, once, at the end", () => {
    assert.isAbove(allEnums.length, 20)
    for (const [path, members] of allEnums) {
      assert.strictEqual(members.indexOf("NOT_SPECIFIED"), members.length - 1, path)
      assert.strictEqual(new Set(members).size, members.length, path)
    }
  })

  it("that Knit published have Knit's members and no others", () => {
    const published: { readonly [path: string]: string } = {
      "crm_accounts info.isPersonAccount": "TRUE FALSE",
      "crm_deals info.status": "OPEN WON LOST",
      "crm_contacts phones[].type": "WORK MOBILE HOME FAX OTHER",
      "crm_contacts addresses[].addressType": "PRIMARY BILLING SHIPPING MAILING OTHER"
    }
    for (const [path, members] of Object.entries(published)) {
      const found = allEnums.find(([other]) => other === path)
      assert.deepStrictEqual(found?.[1], [...members.split(" "), "NOT_SPECIFIED"], path)
    }
  })
})

describe.each(models)("%s", (name, model) => {
  const decode = Schema.decodeUnknownEffect(model.schema)

  it.effect("what the mapper leaves out is null or NOT_SPECIFIED, every key present", () =>
    Effect.gen(function* () {
      const isList = SchemaAST.toType(model.schema.ast)._tag === "Arrays"
      if (isList) return assert.deepStrictEqual(yield* decode([]), [])
      const fields = fieldsOf(model)
      const decoded = yield* decode(fields.length === 1 && fields[0] === "fields" ? { fields: {} } : {})
      assert.deepStrictEqual(Object.keys(decoded as object), fields)
      for (const [field, value] of Object.entries(decoded as object)) {
        const empty = value === null || value === "NOT_SPECIFIED" || JSON.stringify(value) === "{}"
        assert.isTrue(empty, `${field} is ${JSON.stringify(value)}`)
      }
    })
  )

  it.effect.prop(
    "is canonical: its own output is stable and prints as it parses",
    { value: Schema.toType(model.schema) },
    ({ value }) =>
      Effect.gen(function* () {
        const body = JSON.stringify(yield* decode(value))
        assert.strictEqual(JSON.stringify(yield* decode(JSON.parse(body))), body)
        assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
      }),
    { arbitrary: { runs: 30, seed: 1 } }
  )

  it("every value has a sensitivity tag", () => {
    assert.deepStrictEqual(untagged(SchemaAST.toType(model.schema.ast), name), [])
  })
})

describe("sensitivity", () => {
  it("marks what must be marked", () => {
    const of = (name: string, path: string) =>
      Sensitivity.paths(modelOf(name).schema).find((field) => field.path === path)?.sensitivity
    assert.strictEqual(of("crm_contacts info", "lastName"), "personal")
    assert.strictEqual(of("crm_contacts emails", "[].email"), "personal")
    assert.strictEqual(of("crm_contacts customFields", "fields.*"), "personal")
    assert.strictEqual(of("crm_deals info", "amount"), "financial")
    assert.strictEqual(of("crm_deals info", "owner.email"), "personal")
    assert.strictEqual(of("crm_accounts contacts", "[]"), "none")
    assert.strictEqual(of("crm_notes info", "content"), "personal")
    assert.strictEqual(of("crm_associations info", "label"), "personal")
    assert.strictEqual(of("crm_schemas fields", "[].options[].value"), "none")
  })
})
