import { assert, describe, it } from "@effect/vitest"
import { type DataType, Sensitivity } from "@crochet/core"
import * as Models from "@crochet/models"
import { Effect, Schema, SchemaAST } from "effect"
import { fullRecords } from "./fullRecords.ts"

const types: ReadonlyArray<readonly [id: string, dataType: DataType.DataType, full: DataType.RecordValues]> = [
  ["hris_companies", Models.HrisCompanies, fullRecords.hris_companies],
  ["hris_groups", Models.HrisGroups, fullRecords.hris_groups],
  ["hris_locations", Models.HrisLocations, fullRecords.hris_locations],
  ["payroll_runs", Models.PayrollRuns, fullRecords.payroll_runs],
  ["payroll_statements", Models.PayrollStatements, fullRecords.payroll_statements],
  ["hris_attendance", Models.HrisAttendance, fullRecords.hris_attendance],
  ["hris_timesheets", Models.HrisTimesheets, fullRecords.hris_timesheets],
  ["hris_documents", Models.HrisDocuments, fullRecords.hris_documents]
]

/** Every enum below the node: its path and members. */
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

describe.each(types)("%s", (id, dataType, full) => {
  const models = Object.entries(dataType.models)

  it("has its id, a category and models with ids of their own", () => {
    assert.strictEqual(dataType.id, id)
    assert.strictEqual(dataType.category, "HRIS")
    const ids = models.map(([, model]) => model.id)
    assert.strictEqual(new Set(ids).size, ids.length, ids.join())
    for (const key of dataType.core) assert.property(dataType.models, key)
  })

  it.effect("a record with everything decodes to itself", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        Object.keys(full),
        models.map(([key]) => key)
      )
      for (const [key, model] of models) {
        const decoded = yield* Schema.decodeUnknownEffect(model.schema)(full[key])
        assert.strictEqual(JSON.stringify(decoded), JSON.stringify(full[key]), key)
      }
    })
  )

  it.effect("what a mapper leaves out is null or NOT_SPECIFIED, every key present", () =>
    Effect.gen(function* () {
      for (const [key, model] of models) {
        const isList = SchemaAST.toType(model.schema.ast)._tag === "Arrays"
        const decoded = yield* Schema.decodeUnknownEffect(model.schema)(isList ? [{}] : {})
        const row = (Array.isArray(decoded) ? decoded[0] : decoded) as object
        const filled = (Array.isArray(full[key]) ? full[key][0] : full[key]) as object
        assert.deepStrictEqual(Object.keys(row), Object.keys(filled), key)
        for (const [field, value] of Object.entries(row)) {
          assert.isTrue(value === null || value === "NOT_SPECIFIED", `${key}.${field} is ${JSON.stringify(value)}`)
        }
      }
    })
  )

  it("every enum ends with NOT_SPECIFIED and refuses what it does not know", () => {
    for (const [key, model] of models) {
      for (const [path, members] of enums(SchemaAST.toType(model.schema.ast), key)) {
        assert.strictEqual(members.indexOf("NOT_SPECIFIED"), members.length - 1, path)
      }
    }
  })

  it("every value has a sensitivity tag, and all that names a person's pay is not harmless", () => {
    for (const [key, model] of models) {
      for (const { path, sensitivity } of Sensitivity.paths(model.schema)) {
        const words = /(^|[.\]])(gross|net|grossPay|netPay|amount|employeeAmount|employerAmount|employerCost)$/
        if (words.test(path)) assert.strictEqual(sensitivity, "financial", `${key}.${path}`)
      }
    }
  })
})

describe("what counts as gone", () => {
  it("is a group or location that the app switched off, and nothing that it says nothing about", () => {
    for (const dataType of [Models.HrisGroups, Models.HrisLocations]) {
      assert.isFalse(dataType.isActive({ info: { isActive: "FALSE" } }), dataType.id)
      assert.isTrue(dataType.isActive({ info: { isActive: "TRUE" } }), dataType.id)
      assert.isTrue(dataType.isActive({ info: { isActive: "NOT_SPECIFIED" } }), dataType.id)
      assert.isTrue(dataType.isActive({ info: null }), dataType.id)
      assert.isTrue(dataType.isActive({}), dataType.id)
    }
  })

  it("is never a payroll run, whatever its status", () => {
    assert.isTrue(Models.PayrollRuns.isActive({ info: { status: "CLOSED" } }))
  })
})

describe("identifiers", () => {
  it("name the record and whom it is about, with null for what is not known", () => {
    assert.deepStrictEqual(Models.HrisCompanies.identifiers("c1", {}), { companyId: "c1" })
    assert.deepStrictEqual(Models.HrisGroups.identifiers("g1", {}), { groupId: "g1" })
    assert.deepStrictEqual(Models.HrisLocations.identifiers("l1", {}), { locationId: "l1" })
    assert.deepStrictEqual(Models.PayrollRuns.identifiers("r1", {}), { runId: "r1" })
    assert.deepStrictEqual(Models.PayrollStatements.identifiers("s1", fullRecords.payroll_statements), {
      statementId: "s1",
      employeeId: "42",
      runId: "r1"
    })
    assert.deepStrictEqual(Models.PayrollStatements.identifiers("s1", { info: { employeeId: 7 } }), {
      statementId: "s1",
      employeeId: null,
      runId: null
    })
    assert.deepStrictEqual(Models.HrisAttendance.identifiers("a1", { info: { employeeId: "42" } }), {
      attendanceId: "a1",
      employeeId: "42"
    })
    assert.deepStrictEqual(Models.HrisTimesheets.identifiers("t1", { info: null }), {
      timesheetId: "t1",
      employeeId: null
    })
    assert.deepStrictEqual(Models.HrisDocuments.identifiers("d1", { info: { employeeId: "42" } }), {
      documentId: "d1",
      employeeId: "42"
    })
  })
})
