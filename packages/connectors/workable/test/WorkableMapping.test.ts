import { assert, describe, it } from "vitest"
import type { Resource } from "@crochet/core"
import { applications, candidates, decoded, employees, jobs, resource } from "./Account.ts"
import { candidate, details, employee, job, member } from "./rows.ts"

const map = (of: Resource.AnyResource, row: unknown) => decoded(of, row)

describe("a job", () => {
  const record = map(jobs, {
    job,
    details: { full_description: "<p>All</p>", description: "<p>Weave</p>", employment_type: "Full-time" },
    stages: [{ slug: "phone-screen", name: "Call", kind: "phone-screen", index: 2 }],
    members: [
      { ...member, collaboration_role: "hiring_manager" },
      { ...member, id: "1f2", collaboration_role: "reviewer" }
    ],
    recruiters: null,
    questions: [
      {
        id: "q1",
        body: "Which shift?",
        type: "dropdown",
        single_answer: true,
        required: true,
        choices: [{ id: "c1", body: "Early" }]
      },
      { id: "q2", body: "Which looms?", type: "multiple_choice", single_answer: false, choices: [] },
      { id: "q3", body: "Draw a loom.", type: "sketch" }
    ]
  })

  it("is known by its shortcode, as candidates name it", () => {
    assert.strictEqual(jobs.recordId({ job }), "AB12CD34EF")
    assert.deepInclude(record.info, {
      id: "AB12CD34EF",
      title: "Weaver",
      status: "OPEN",
      confidential: "FALSE",
      employmentType: "FULL_TIME",
      workplaceType: "HYBRID",
      createdAt: "2026-03-25T00:00:00.000Z",
      infoUrl: "https://apply.workable.com/j/AB12CD34EF"
    })
    assert.isNull(record.info.closedAt, "the app does not say when")
  })

  it("has the department at the end of the way to it, offices and the salary without a period", () => {
    assert.deepEqual(record.departments, [{ id: "d2", name: "Looms", parentId: "d1" }])
    assert.deepInclude(record.offices[0], { id: "J1", location: "Leeds, West Yorkshire, United Kingdom" })
    assert.deepInclude(record.offices[0].address, { city: "Leeds", country: "GB", state: "West Yorkshire" })
    assert.deepEqual(record.jobCompensation, {
      min: 30000,
      max: 42000.5,
      currency: "GBP",
      period: "NOT_SPECIFIED",
      note: null
    })
  })

  it("has people, stages and questions; what has no counterpart keeps its own word", () => {
    assert.deepEqual(
      record.hiringTeam.map(({ role, roleRaw }: { role: string; roleRaw: string }) => [role, roleRaw]),
      [
        ["HIRING_MANAGER", "hiring_manager"],
        ["NOT_SPECIFIED", "reviewer"]
      ]
    )
    assert.deepEqual(
      record.hiringManagers.map(({ id }: { id: string }) => id),
      ["1f1"]
    )
    assert.isNull(record.recruiters, "not readable")
    assert.deepInclude(record.stages[0], { id: "phone-screen", text: "Call", index: 2, category: "SCREEN" })
    assert.deepEqual(
      record.jobQuestions.map(({ type, typeRaw }: { type: string; typeRaw: string }) => [type, typeRaw]),
      [
        ["SINGLE_SELECT", "dropdown"],
        ["MULTI_SELECT", "multiple_choice"],
        ["NOT_SPECIFIED", "sketch"]
      ]
    )
  })

  it.each([
    ["published", "OPEN"],
    ["closed", "CLOSED"],
    ["archived", "ARCHIVED"],
    ["draft", "DRAFT"],
    ["on_ice", "NOT_SPECIFIED"],
    [null, "NOT_SPECIFIED"]
  ])("in the state %s is %s, with the app's word kept", (state, status) => {
    const record = map(jobs, { job: { ...job, state } })
    assert.strictEqual(record.info.status, status)
    assert.strictEqual(record.rawValues.status, state)
  })

  it("with nothing but its key makes no record, and with a title one of nulls", () => {
    assert.throws(() => map(jobs, { job: { shortcode: "X" } }), /not the row/)
    const record = map(jobs, { job: { shortcode: "X", title: "Weaver" } })
    assert.strictEqual(record.info.id, "X")
    assert.isNull(record.info.code)
    assert.isNull(record.jobCompensation)
    assert.deepEqual(record.offices, [])
  })
})

describe("a candidate", () => {
  const record = map(candidates, { candidate, details, signed: { resume: "https://files.example/cv?sig=1" } })

  it("has what list and details say", () => {
    assert.deepInclude(record.info, {
      id: "27270275",
      firstName: "Cleo",
      lastName: "Carder",
      title: "Weaver",
      company: null,
      tags: ["keen"],
      applications: ["27270275"],
      source: "Job boards",
      sourceDetail: "indeed.com"
    })
    assert.deepInclude(record.info.phones[0], { type: "NOT_SPECIFIED", phoneNumber: "+441134960000" })
    assert.deepEqual(
      record.info.links.map(({ type }: { type: string }) => type),
      ["LINKEDIN", "NOT_SPECIFIED"]
    )
    assert.deepInclude(record.education[0], {
      school: "Mill College",
      startDate: "2010-09-01T00:00:00.000Z",
      endDate: null
    })
    assert.deepInclude(record.experiences[0], { title: "Weaver", isCurrent: "TRUE" })
    assert.deepEqual(
      record.skills.map(({ name }: { name: string }) => name),
      ["weaving"]
    )
    assert.deepInclude(record.locations[0], { city: "Leeds", country: "GB", raw: "1 Loom Street, Leeds" })
    assert.deepInclude(record.attachments[0], {
      type: "RESUME",
      name: "cv.pdf",
      link: "https://files.example/cv?sig=1"
    })
  })

  it("without details says nothing of what only they know", () => {
    const bare = map(candidates, { candidate })
    assert.isNull(bare.info.tags)
    assert.isNull(bare.info.links)
    for (const key of ["education", "locations", "skills", "experiences", "attachments"]) assert.isNull(bare[key], key)
  })

  it("that was anonymised stays a record without a name", () => {
    const nobody = { ...candidate, firstname: null, lastname: null, email: null, phone: null, anonymized: true }
    assert.deepInclude(map(candidates, { candidate: nobody }).info, { firstName: null, emails: [], phones: [] })
  })

  it("in the talent pool has no application", () => {
    const { job: _, ...pooled } = candidate
    assert.deepEqual(map(candidates, { candidate: pooled }).info.applications, [])
  })

  it("whose id is a number has it as text; one without an id cannot be taken for another", () => {
    assert.strictEqual(candidates.recordId({ candidate: { ...candidate, id: 42 } }), "42")
    assert.strictEqual(candidates.recordId({ candidate: { ...candidate, id: null } }), "")
  })

  it("with fields of the wrong type is read without them", () => {
    const odd = { ...candidate, headline: { text: "Weaver" }, created_at: 17, tags: "keen", phone: ["1"], job: "AB12" }
    const { info } = map(candidates, { candidate: odd, details: { tags: [{ name: "keen" }, "calm", null] } })
    assert.deepInclude(info, { title: null, createdAt: null, tags: ["calm"], phones: [], applications: [] })
  })
})

describe("an application", () => {
  const application = (changes: object, more: object = {}) =>
    map(applications, { candidate: { ...candidate, ...changes }, ...more })

  it.each([
    [{ disqualified: false, hired_at: null, stage_kind: "applied" }, "ACTIVE"],
    [{ disqualified: false, hired_at: "2026-04-27T12:09:40Z", stage_kind: "hired" }, "HIRED"],
    [{ disqualified: false, hired_at: null, stage_kind: "hired" }, "HIRED"],
    [{ disqualified: true, hired_at: null, stage_kind: "interview" }, "REJECTED"],
    [{ disqualified: true, hired_at: "2026-04-27T12:09:40Z", stage_kind: "hired" }, "REJECTED"],
    [{ disqualified: undefined, hired_at: null, stage_kind: "interview" }, "NOT_SPECIFIED"],
    [{ disqualified: "perhaps", hired_at: null, stage_kind: null }, "NOT_SPECIFIED"]
  ])("%j is %s", (changes, status) => {
    assert.strictEqual(application(changes).info.status, status)
  })

  it("names candidate and job, which record.deleted repeats", () => {
    const record = application({})
    assert.deepEqual(applications.dataType.identifiers("27270275", record), {
      applicationId: "27270275",
      candidateId: "27270275",
      jobId: "AB12CD34EF"
    })
  })

  it.each([
    [{ common_source_category: "Job boards" }, "EXTERNAL", "JOB_BOARD"],
    [{ common_source_category: "Company marketing", common_source: "Careers page" }, "EXTERNAL", "CAREER_SITE"],
    [{ common_source_category: "Other", sourced: true }, "NOT_SPECIFIED", "SOURCED"],
    [{ common_source_category: "Other" }, "NOT_SPECIFIED", "OTHER"],
    [{ common_source_category: "Moon landings" }, "NOT_SPECIFIED", "NOT_SPECIFIED"],
    [{ common_source_category: null }, "NOT_SPECIFIED", "NOT_SPECIFIED"]
  ])("%j came %s, %s", (changes, origin, originDetail) => {
    const record = application(changes)
    assert.deepInclude(record.info, { origin, originDetail })
    assert.strictEqual(record.rawValues.origin, changes.common_source_category)
  })

  it("that ended says why, when and who", () => {
    const ended = { disqualified: true, disqualification_reason: "Accepted another offer" }
    const told = application(ended, {
      details: { withdrew: true, disqualified_at: "2026-07-23T20:45:16.476Z" },
      reason: { id: "b2", description: "Accepted another offer", candidate_withdrew: true }
    })
    assert.deepInclude(told.rejection, {
      id: "b2",
      text: "Accepted another offer",
      rejectedAt: "2026-07-23T20:45:16.476Z",
      category: "BY_CANDIDATE"
    })
    assert.strictEqual(told.info.withdrawnAt, "2026-07-23T20:45:16.476Z")
    assert.deepInclude(application(ended).rejection, { id: null, rejectedAt: null, category: "NOT_SPECIFIED" })
    assert.isNull(application({}).rejection)
  })

  it("has its stage, meetings and answers", () => {
    const record = application(
      { stage: "Call" },
      {
        stage: { slug: "phone-screen", name: "Call", index: 2 },
        events: [
          {
            id: "10e",
            title: "Call with Cleo",
            type: "CallEvent",
            starts_at: "2026-04-17T03:36:46.000Z",
            ends_at: "2026-04-17T04:06:46.000Z",
            cancelled: true,
            members: [{ id: "1f1", name: "Rita Reed", status: "accepted" }]
          },
          { id: "10f", cancelled: false, starts_at: "tomorrow" }
        ],
        details: {
          answers: [
            { question: { body: "Which looms?" }, answer: { choices: [{ body: "Jacquard" }, "Dobby"] } },
            { question: { body: "Driving licence?" }, answer: { checked: true } },
            { question_key: "q9", body: "Seven" },
            { question: { body: "A sketch" }, answer: { file: {} } }
          ]
        }
      }
    )
    assert.deepInclude(record.currentStage, { id: "phone-screen", text: "Call", index: 2 })
    assert.deepInclude(record.interviews[0], { status: "CANCELLED", scheduledStart: "2026-04-17T03:36:46.000Z" })
    assert.deepInclude(record.interviews[1], { status: "SCHEDULED", scheduledStart: null, interviewers: null })
    const answers = record.questionResponses.map(({ answer }: { answer: unknown }) => answer)
    assert.deepInclude(answers[0], { choices: ["Jacquard", "Dobby"], text: null })
    assert.deepInclude(answers[1], { boolean: true })
    assert.deepInclude(answers[2], { text: "Seven" })
    assert.isNull(answers[3])
  })
})

describe("people", () => {
  it("a member is a user with a role", () => {
    const users = resource("ats_users")
    const role = (changes: object) => map(users, { ...member, ...changes }).info.role
    assert.deepInclude(map(users, member).info, { id: "1f1", name: "Rita Reed", isActive: "TRUE", roleRaw: "admin" })
    assert.strictEqual(role({}), "ADMIN")
    assert.strictEqual(role({ roles: ["workable.superadmin"] }), "SUPER_ADMIN")
    assert.strictEqual(role({ role: "simple" }), "MEMBER")
    assert.strictEqual(role({ role: "wizard" }), "NOT_SPECIFIED")
  })

  it.each([
    ["status_active", "ACTIVE", "ACTIVE"],
    ["status_inactive", "INACTIVE", "NOT_SPECIFIED"],
    ["status_draft", "NOT_SPECIFIED", "NOT_SPECIFIED"],
    ["status_of_grace", "NOT_SPECIFIED", "NOT_SPECIFIED"]
  ])("an employee of %s is %s, %s, with the app's word kept", (word, status, detail) => {
    const record = map(employees, { employee: { ...employee, status_semantic_type: word } })
    assert.deepInclude(record.profile, { employmentStatus: status, employmentStatusDetail: detail })
    assert.strictEqual(record.rawValues.employmentStatus, word)
    assert.strictEqual(employees.dataType.isActive(record), status !== "INACTIVE")
  })

  it("an employee has the day of their start, the entity above their site, and a manager by id", () => {
    const record = map(employees, {
      employee,
      department: "Looms",
      entity: { id: "e1", name: "UK Entity", type: "entity" },
      place: "Leeds Mill"
    })
    assert.deepInclude(record.profile, { firstName: "Dana", startDate: "2026-08-20T00:00:00.000Z", birthDate: null })
    assert.deepInclude(record.orgStructure, {
      designation: "Weaver",
      department: "Looms",
      legalEntityId: "e1",
      legalEntity: "UK Entity"
    })
    assert.deepEqual(record.orgStructure.manager, { id: "19ff2f", workEmail: null })
    assert.strictEqual(record.locations.workLocationName, "Leeds Mill")
    assert.deepEqual(record.contactInfo.personalEmails, ["dana@private.example"])
  })
})
