import { assert, describe, it } from "@effect/vitest"
import { type DataType, Sensitivity } from "@crochet/core"
import {
  AtsActivities,
  AtsApplications,
  AtsCandidates,
  AtsDepartments,
  AtsJobs,
  AtsOffices,
  AtsRejectReasons,
  AtsTags,
  AtsUsers
} from "@crochet/models"
import { Effect, Result, Schema, SchemaAST } from "effect"
import { fullRecords } from "./fullRecords.ts"
import { untagged } from "../Untagged.ts"
import { reversed } from "../Reversed.ts"

const types: ReadonlyArray<DataType.DataType> = [
  AtsJobs,
  AtsCandidates,
  AtsApplications,
  AtsActivities,
  AtsUsers,
  AtsDepartments,
  AtsOffices,
  AtsRejectReasons,
  AtsTags
]
const full: { readonly [type: string]: { readonly [model: string]: unknown } } = fullRecords

const models = types.flatMap((type) =>
  Object.entries(type.models).map(
    ([key, model]) => [`${type.id} ${key}`, { key, model, given: full[type.id]?.[key] }] as const
  )
)

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
const allEnums = models.flatMap(([name, { model }]) => enums(SchemaAST.toType(model.schema.ast), name))

const idsAndKeys = (type: DataType.DataType) => Object.entries(type.models).map(([key, { id }]) => `${id} → ${key}`)

describe("Knit's shape", () => {
  it("is the model ids under these keys, in this order, ours after them", () => {
    assert.deepStrictEqual(idsAndKeys(AtsJobs), [
      "job_info → info",
      "job_departments → departments",
      "job_offices → offices",
      "job_hiringManagers → hiringManagers",
      "job_recruiters → recruiters",
      "job_stages → stages",
      "job_rawValues → rawValues",
      "job_posts → jobPosts",
      "job_compensation → jobCompensation",
      "job_questions → jobQuestions",
      "job_requirements → jobRequirements",
      "job_info_enhanced → jobInfoEnhanced",
      "job_hiringTeam → hiringTeam",
      "custom_fields → customFields"
    ])
    assert.deepStrictEqual(idsAndKeys(AtsCandidates), [
      "candidate_info → info",
      "candidate_education → education",
      "candidate_locations → locations",
      "candidate_skills → skills",
      "candidate_experiences → experiences",
      "candidate_attachments → attachments",
      "custom_fields → customFields",
      "candidate_eeoc → eeoc"
    ])
    assert.deepStrictEqual(idsAndKeys(AtsApplications), [
      "application_info → info",
      "application_stage → currentStage",
      "application_interviews → interviews",
      "application_rejection → rejection",
      "application_offers → offers",
      "application_attachments → attachments",
      "application_questions → questionResponses",
      "application_scorecards → scorecards",
      "application_rawValues → rawValues",
      "custom_fields → customFields"
    ])
  })

  it("is these fields first, in this order", () => {
    const fields = (name: string) => {
      const given = models.find(([other]) => other === name)![1].given
      return Object.keys((Array.isArray(given) ? given[0] : given) as object).join(" ")
    }
    const published: { readonly [name: string]: string } = {
      "ats_jobs info": "id title description createdAt updatedAt closedAt status confidential infoUrl applyUrl",
      "ats_jobs departments": "id name",
      "ats_jobs offices": "id name location address",
      "ats_jobs stages": "id text",
      "ats_jobs hiringManagers": "id email employeeId",
      "ats_candidates info":
        "id firstName lastName phones emails links tags title company createdAt updatedAt applications",
      "ats_applications info": "id status candidate origin appliedAt updatedAt jobId owner creditedTo",
      "ats_applications currentStage": "id text",
      "ats_applications interviews": "id subject scheduledStart scheduledEnd status interviewers",
      "ats_applications rejection": "id text rejectedAt",
      "ats_applications attachments": "type name link"
    }
    for (const [name, first] of Object.entries(published)) {
      assert.isTrue(fields(name).startsWith(first), `${name} has ${fields(name)}`)
    }
  })

  it("has the enums that Knit published, with Knit's members and no others", () => {
    const published: { readonly [path: string]: string } = {
      "ats_applications info.status": "ACTIVE REJECTED HIRED",
      "ats_applications info.origin": "AGENCY REFERRAL EXTERNAL",
      "ats_applications info.candidate.phones[].type": "WORK PERSONAL SKYPE",
      "ats_candidates info.phones[].type": "WORK PERSONAL SKYPE"
    }
    for (const [path, members] of Object.entries(published)) {
      const found = allEnums.find(([other]) => other === path)
      assert.deepStrictEqual(found?.[1], [...members.split(" "), "NOT_SPECIFIED"], path)
    }
  })

  it("has NOT_SPECIFIED in every enum, once, at the end", () => {
    assert.isAbove(allEnums.length, 40)
    for (const [path, members] of allEnums) {
      assert.strictEqual(members.indexOf("NOT_SPECIFIED"), members.length - 1, path)
      assert.strictEqual(new Set(members).size, members.length, path)
    }
  })

  it("sends everything by default but the equal-opportunity answers, the only place of race and disability", () => {
    const notByDefault = models.filter(([, { model }]) => !model.byDefault).map(([name]) => name)
    assert.deepStrictEqual(notByDefault, ["ats_candidates eeoc"])
    const telling = models.filter(([, { model }]) =>
      Sensitivity.paths(model.schema).some(({ path }) => /race|veteran|disability|gender/i.test(path))
    )
    assert.deepStrictEqual(
      telling.map(([name]) => name),
      ["ats_candidates eeoc"]
    )
  })
})

describe("record.deleted", () => {
  it("names an application's candidate and job, which a stored fingerprint alone would not know", () => {
    const record = { info: { candidate: { id: "c1" }, jobId: "j1" } }
    assert.deepStrictEqual(AtsApplications.identifiers("ap1", record), {
      applicationId: "ap1",
      candidateId: "c1",
      jobId: "j1"
    })
    assert.deepStrictEqual(AtsApplications.core, ["info"])
    for (const nothing of [{}, { info: null }, { info: { candidate: null, jobId: 7 } }]) {
      assert.deepStrictEqual(AtsApplications.identifiers("ap1", nothing), {
        applicationId: "ap1",
        candidateId: null,
        jobId: null
      })
    }
  })

  it("names every other record by <type>Id", () => {
    const named = types.flatMap((type) => (type === AtsApplications ? [] : Object.keys(type.identifiers("1", {}))))
    assert.deepStrictEqual(named, [
      "jobId",
      "candidateId",
      "activityId",
      "userId",
      "departmentId",
      "officeId",
      "rejectReasonId",
      "tagId"
    ])
  })

  it("is not sent for what is closed or rejected", () => {
    assert.isTrue(AtsJobs.isActive({ info: { status: "CLOSED" } }))
    assert.isTrue(AtsApplications.isActive({ info: { status: "REJECTED" } }))
    assert.isTrue(AtsCandidates.isActive({}))
  })
})

describe.each(models)("%s", (_name, { given, key, model }) => {
  const decode = Schema.decodeUnknownEffect(model.schema)
  const isList = SchemaAST.toType(model.schema.ast)._tag === "Arrays"

  it.effect("a full record decodes to itself, in whatever order the mapper writes it", () =>
    Effect.gen(function* () {
      assert.isDefined(given)
      assert.strictEqual(JSON.stringify(yield* decode(given)), JSON.stringify(given))
      assert.strictEqual(JSON.stringify(yield* decode(reversed(given))), JSON.stringify(given))
    })
  )

  it.effect("what the mapper leaves out is null or NOT_SPECIFIED, every key present", () =>
    Effect.gen(function* () {
      const decoded = yield* decode(isList ? [{}] : {})
      const row: unknown = Array.isArray(decoded) ? decoded[0] : decoded
      if (key === "customFields") return assert.deepStrictEqual(row, {})
      assert.deepStrictEqual(
        Object.keys(row as object),
        Object.keys((Array.isArray(given) ? given[0] : given) as object)
      )
      for (const [field, value] of Object.entries(row as object)) {
        assert.isTrue(value === null || value === "NOT_SPECIFIED", `${field} is ${JSON.stringify(value)}`)
      }
    })
  )

  it.effect("an enum value that nobody knows is refused, and NOT_SPECIFIED is not", () =>
    Effect.gen(function* () {
      const found = enums(SchemaAST.toType(model.schema.ast), "").filter(([path]) => /^(?:\[\])?\.[^.[]+$/.test(path))
      for (const [path] of found) {
        const field = path.replace(/^(?:\[\])?\./, "")
        const row = (value: string) => (isList ? [{ [field]: value }] : { [field]: value })
        assert.isTrue(Result.isFailure(yield* Effect.result(decode(row("NO_SUCH_THING")))), path)
        assert.isTrue(Result.isSuccess(yield* Effect.result(decode(row("NOT_SPECIFIED")))), path)
      }
    })
  )

  it("every value has a sensitivity tag", () => {
    for (const path of untagged(SchemaAST.toType(model.schema.ast), key)) assert.fail(`${path} has no sensitivity tag`)
  })
})

describe("sensitivity", () => {
  it("marks what must be marked", () => {
    const of = (name: string, path: string) =>
      Sensitivity.paths(models.find(([other]) => other === name)![1].model.schema).find((one) => one.path === path)
        ?.sensitivity
    assert.strictEqual(of("ats_candidates info", "firstName"), "personal")
    assert.strictEqual(of("ats_candidates info", "phones[].phoneNumber"), "personal")
    assert.strictEqual(of("ats_candidates info", "tags[]"), "personal")
    assert.strictEqual(of("ats_candidates eeoc", "race"), "special")
    assert.strictEqual(of("ats_applications offers", "[].salary.amount"), "financial")
    assert.strictEqual(of("ats_applications questionResponses", "[].answer.choices[]"), "personal")
    assert.strictEqual(of("ats_jobs info", "title"), "none")
    assert.strictEqual(of("ats_activities info", "body"), "personal")
  })
})
