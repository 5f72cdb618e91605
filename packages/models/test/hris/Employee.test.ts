import { assert, describe, it } from "@effect/vitest"
import { type DataType, Sensitivity } from "@crochet/core"
import { Employee, Hris } from "@crochet/models"
import { Effect, Schema, SchemaAST } from "effect"
import * as fc from "fast-check"
import { fullEmployee } from "./fullEmployee.ts"
import { untagged } from "../Untagged.ts"
import { reversed } from "../Reversed.ts"

const models: ReadonlyArray<readonly [string, DataType.Model]> = Object.entries(Employee.models)
const given: { readonly [key: string]: unknown } = fullEmployee

/** The schemas as they are written, before `DataType.model` makes them fast. */
const written: { readonly [key in keyof typeof Employee.models]: Schema.Codec<unknown, unknown> } = {
  profile: Hris.Profile,
  contactInfo: Hris.ContactInfo,
  orgStructure: Hris.OrgStructure,
  dependents: Schema.Array(Hris.Dependent),
  locations: Hris.Locations,
  bankAccounts: Schema.Array(Hris.BankAccount),
  employeeIdentificationData: Schema.Array(Hris.Identification),
  employeeKYC: Hris.KycDocuments,
  employeeProfilePicture: Hris.ProfilePicture,
  compensation: Hris.Compensation,
  deductions: Schema.Array(Hris.Deduction),
  w4Data: Hris.W4,
  company: Hris.Company,
  rawValues: Hris.RawValues,
  leaveRequests: Schema.Array(Hris.LeaveRequest),
  customFields: Hris.CustomFields,
  employments: Schema.Array(Hris.Employment),
  leaveBalances: Schema.Array(Hris.LeaveBalance),
  demographics: Hris.Demographics
}

/** Every enum of a schema: its path and members. */
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
const allEnums = models.flatMap(([key, model]) => enums(SchemaAST.toType(model.schema.ast), key))

describe("employee", () => {
  it("has these model ids under these keys, in this order", () => {
    assert.deepStrictEqual(
      models.map(([key, model]) => [model.id, key]),
      [
        ["employee_profile", "profile"],
        ["employee_contactInfo", "contactInfo"],
        ["employee_orgStructure", "orgStructure"],
        ["employee_dependent", "dependents"],
        ["employee_location", "locations"],
        ["employee_bankAccount", "bankAccounts"],
        ["employee_identification", "employeeIdentificationData"],
        ["employee_kycDocuments", "employeeKYC"],
        ["employee_profilePicture", "employeeProfilePicture"],
        ["employee_compensation", "compensation"],
        ["employee_deductions", "deductions"],
        ["employee_w4", "w4Data"],
        ["employee_company", "company"],
        ["employee_rawValues", "rawValues"],
        ["employee_leave_requests", "leaveRequests"],
        ["custom_fields", "customFields"],
        ["employee_employments", "employments"],
        ["employee_leave_balance", "leaveBalances"],
        ["employee_demographics", "demographics"]
      ]
    )
  })

  it("sends everything by default but demographics, the only place of ethnicity", () => {
    assert.deepStrictEqual(
      models.filter(([, model]) => !model.byDefault).map(([key]) => key),
      ["demographics"]
    )
    const withEthnicity = models.filter(([, model]) =>
      Sensitivity.paths(model.schema).some(({ path }) => /ethnicity|race/i.test(path))
    )
    assert.deepStrictEqual(
      withEthnicity.map(([key]) => key),
      ["demographics"]
    )
  })

  it("is active unless the status is INACTIVE, and is identified by record id and work e-mail", () => {
    const withStatus = (employmentStatus: string) => ({ profile: { employmentStatus, workEmail: "ada@example.com" } })
    assert.isTrue(Employee.isActive(withStatus("ACTIVE")))
    assert.isTrue(Employee.isActive(withStatus("NOT_SPECIFIED")))
    assert.isFalse(Employee.isActive(withStatus("INACTIVE")))
    assert.isTrue(Employee.isActive({ profile: null }))
    assert.deepStrictEqual(Employee.identifiers("42", withStatus("INACTIVE")), {
      employeeId: "42",
      workEmail: "ada@example.com"
    })
    assert.deepStrictEqual(Employee.identifiers("42", { profile: { workEmail: null } }), {
      employeeId: "42",
      workEmail: null
    })
    assert.deepStrictEqual(Employee.identifiers("42", {}), { employeeId: "42", workEmail: null })
  })
})

describe("enums", () => {
  it("all have NOT_SPECIFIED, once, at the end", () => {
    assert.isAbove(allEnums.length, 40)
    for (const [path, members] of allEnums) {
      assert.strictEqual(members.indexOf("NOT_SPECIFIED"), members.length - 1, path)
      assert.strictEqual(new Set(members).size, members.length, path)
    }
  })

  it("that Knit published have Knit's members and no others", () => {
    const relation = "PARENT FATHER MOTHER CHILD SON DAUGHTER SIBLING BROTHER SISTER SPOUSE HUSBAND WIFE"
    const published: { readonly [path: string]: string } = {
      "profile.employmentStatus": "ACTIVE INACTIVE",
      "profile.employmentType": "FULL_TIME PART_TIME CONTRACT",
      "profile.gender": "MALE FEMALE NON_BINARY",
      "profile.maritalStatus": "SINGLE MARRIED DIVORCED SEPARATED WIDOWED",
      "contactInfo.phones[].type": "WORK HOME PERSONAL",
      "dependents[].relation": relation,
      "dependents[].gender": "MALE FEMALE NON_BINARY",
      "locations.workAddress.addressType": "WORK HOME_PRESENT HOME_PERMANENT",
      "locations.presentAddress.addressType": "WORK HOME_PRESENT HOME_PERMANENT",
      "locations.permanentAddress.addressType": "WORK HOME_PRESENT HOME_PERMANENT",
      "bankAccounts[].accountType": "SAVINGS CURRENT CHECKING",
      "bankAccounts[].routingInfo[].type":
        "ROUTING_NUMBER IBAN SWIFT_CODE IFSC_CODE BANK_IDENTIFICATION_CODE BRANCH_CODE",
      "bankAccounts[].payTypes[]": "ALL REGULAR EXPENSE BONUS",
      "employeeIdentificationData[].type": "NATIONAL_ID LICENSE PASSPORT OTHERS",
      "leaveRequests[].leaveType.type": "VACATION SICK PERSONAL JURY_DUTY VOLUNTEER BEREAVEMENT",
      "leaveRequests[].status": "REQUESTED APPROVED DECLINED CANCELLED DELETED",
      "leaveRequests[].unit": "DAYS HOURS",
      "leaveRequests[].isPaid": "TRUE FALSE",
      "leaveBalances[].type": "VACATION SICK PERSONAL JURY_DUTY VOLUNTEER BEREAVEMENT",
      "leaveBalances[].unit": "DAYS HOURS"
    }
    for (const [path, members] of Object.entries(published)) {
      const found = allEnums.find(([other]) => other === path)
      assert.deepStrictEqual(found?.[1], [...members.split(" "), "NOT_SPECIFIED"], path)
    }
  })
})

describe.each(models)("%s", (key, model) => {
  const decode = Schema.decodeUnknownEffect(model.schema)
  const asWritten = Object.entries(written).find(([name]) => name === key)![1]
  const isList = SchemaAST.toType(model.schema.ast)._tag === "Arrays"

  it.effect("a full record decodes to itself", () =>
    Effect.gen(function* () {
      assert.strictEqual(JSON.stringify(yield* decode(given[key])), JSON.stringify(given[key]))
    })
  )

  it.effect("the order of the mapper's keys does not matter", () =>
    Effect.gen(function* () {
      assert.strictEqual(JSON.stringify(yield* decode(reversed(given[key]))), JSON.stringify(given[key]))
    })
  )

  it.effect("what the mapper leaves out is null or NOT_SPECIFIED, every key present", () =>
    Effect.gen(function* () {
      const decoded = yield* decode(isList ? [{}] : {})
      const row: unknown = Array.isArray(decoded) ? decoded[0] : decoded
      const full: unknown = Array.isArray(given[key]) ? given[key][0] : given[key]
      if (key === "customFields") return assert.deepStrictEqual(row, {})
      assert.deepStrictEqual(Object.keys(row as object), Object.keys(full as object))
      for (const [field, value] of Object.entries(row as object)) {
        assert.isTrue(value === null || value === "NOT_SPECIFIED", `${field} is ${JSON.stringify(value)}`)
      }
    })
  )

  it.effect.prop(
    "is canonical: fast and written form agree, its own output is stable, and prints as it parses",
    { value: Schema.toEncoded(asWritten) },
    ({ value }) =>
      Effect.gen(function* () {
        const body = JSON.stringify(yield* decode(value))
        assert.strictEqual(JSON.stringify(yield* Schema.decodeUnknownEffect(asWritten)(value)), body)
        assert.strictEqual(JSON.stringify(yield* decode(JSON.parse(body))), body)
        assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
      }),
    { arbitrary: { runs: 50, seed: 1 } }
  )

  it("every value has a sensitivity tag", () => {
    for (const path of untagged(SchemaAST.toType(model.schema.ast), key)) assert.fail(`${path} has no sensitivity tag`)
  })
})

describe("hostile custom fields", () => {
  const key = fc.oneof(
    fc.constantFrom("__proto__", "constructor", "0", "4047", "field_4047", "4294967296", "", "\u2028", "\ud800"),
    fc.string({ unit: "binary" })
  )
  const entries = fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 12 })
  const decode = Schema.decodeUnknownSync(Employee.models.customFields.schema)

  it("print as they parse, are stable, and lose nothing", () => {
    fc.assert(
      fc.property(entries, (entries) => {
        const fields = Object.fromEntries(entries)
        const decoded = decode(fields)
        const body = JSON.stringify({ eventData: { customFields: decoded } })
        assert.strictEqual(JSON.stringify(JSON.parse(body)), body)
        assert.strictEqual(JSON.stringify(decode(decoded)), JSON.stringify(decoded))
        assert.strictEqual(Object.keys(decoded).length, Object.keys(fields).length)
      }),
      { seed: 1, numRuns: 300 }
    )
  })
})

describe("sensitivity", () => {
  it("marks what must be marked", () => {
    const of = (key: keyof typeof Employee.models, path: string) =>
      Sensitivity.paths(Employee.models[key].schema).find((field) => field.path === path)?.sensitivity
    assert.strictEqual(of("profile", "firstName"), "personal")
    assert.strictEqual(of("profile", "gender"), "special")
    assert.strictEqual(of("profile", "employmentStatus"), "none")
    assert.strictEqual(of("demographics", "ethnicity"), "special")
    assert.strictEqual(of("dependents", "[].nationalId"), "government_id")
    assert.strictEqual(of("dependents", "[].phone.phoneNumber"), "personal")
    assert.strictEqual(of("bankAccounts", "[].routingInfo[].number"), "financial")
    assert.strictEqual(of("bankAccounts", "[].payTypes[]"), "financial")
    assert.strictEqual(of("employeeIdentificationData", "[].identificationNumber"), "government_id")
    assert.strictEqual(of("leaveRequests", "[].leaveType.name"), "special")
    assert.strictEqual(of("customFields", "*"), "personal")
  })
})
