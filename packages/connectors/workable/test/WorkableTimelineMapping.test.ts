import { assert, describe, it } from "vitest"
import { activities, applications, decoded, employees } from "./Account.ts"
import { asListed } from "../src/WorkableEmployeeDetails.ts"
import { activity, candidate, employee, employeeDetails } from "./rows.ts"

const stage = (name: string, slug: string) => ({ id: 5_272_273, identifier: "5077a3", name, slug })
const ofActivity = (changes: object, row: object = {}) =>
  decoded(activities, { activity: { ...activity, ...changes }, candidateId: "27270275", isApplication: true, ...row })
    .info
const offersOf = (offers: unknown) => decoded(applications, { candidate, offers }).offers
const scorecardOf = (rating: unknown, changes: object = {}) =>
  decoded(applications, { candidate, ratings: [{ ...activity, action: "rating", rating, ...changes }] }).scorecards[0]

describe("an entry of a timeline", () => {
  it("is somebody's word about a candidate, and about the application when there is one", () => {
    assert.deepEqual(ofActivity({}), {
      id: "90746975",
      candidateId: "27270275",
      applicationId: "27270275",
      type: "NOTE",
      subject: null,
      body: "Let us schedule a call.",
      visibility: "NOT_SPECIFIED",
      author: { id: "1f1", email: null, employeeId: null, name: "Rita Reed" },
      createdAt: "2026-04-12T03:36:52.560Z",
      typeRaw: "comment"
    })
    assert.isNull(ofActivity({}, { isApplication: false }).applicationId)
  })

  it("is a move when it has a stage that it led to, whatever that stage is called", () => {
    const moved = ofActivity({ action: "coffee", target_stage: stage("Coffee", "coffee"), body: null })
    assert.deepInclude(moved, { type: "STAGE_CHANGE", subject: "Coffee", body: null, typeRaw: "coffee" })
  })

  it.each([
    ["message", "EMAIL"],
    ["applied", "OTHER"],
    ["rating", "OTHER"],
    ["disqualified", "OTHER"],
    ["something-new", "OTHER"],
    ["", "NOT_SPECIFIED"],
    [7, "OTHER"],
    [{ of: "another form" }, "NOT_SPECIFIED"]
  ])("of the action %j is %s", (action, type) => {
    assert.strictEqual(ofActivity({ action }).type, type)
  })

  it("keeps nothing that it cannot read", () => {
    const odd = { member: "Rita", target_stage: [], body: { html: "<p>" }, created_at: "yesterday", updated_at: 5 }
    assert.deepInclude(ofActivity(odd), { author: null, subject: null, body: null, createdAt: null, type: "NOTE" })
    assert.isUndefined(activities.updatedAt!({ activity: odd, candidateId: "1", isApplication: false }))
  })

  it("without anything that an entry has is no entry, and without an id has none", () => {
    const row = { activity: { id: "90746975" }, candidateId: "27270275", isApplication: true }
    assert.throws(() => activities.toRecord(row), /not the row/)
    assert.strictEqual(activities.recordId({ ...row, activity: { action: "comment" } }), "")
  })
})

describe("a rating", () => {
  it.each([
    ["definite", "STRONG_YES"],
    ["positive", "YES"],
    ["negative", "NO"],
    ["3", "NOT_SPECIFIED"],
    [3, "NOT_SPECIFIED"]
  ])("of %j is %s, with the app's word kept", (score, overall) => {
    const { interviewer, ...scorecard } = scorecardOf({ score })
    assert.deepInclude(scorecard, { id: "90746975", overall, overallRaw: String(score) })
    assert.deepInclude(scorecard, { comment: "Let us schedule a call.", submittedAt: "2026-04-12T03:36:52.560Z" })
    assert.deepInclude(interviewer, { id: "1f1", name: "Rita Reed" })
  })

  it.each([[null], [undefined], ["positive"], [{ grade: 2 }], [{ score: ["positive"] }]])(
    "%j has no score that is understood",
    (rating) => {
      assert.deepInclude(scorecardOf(rating), { overall: "NOT_SPECIFIED", overallRaw: null })
    }
  )

  it("by nobody has no interviewer", () => {
    assert.isNull(scorecardOf({ score: "positive" }, { member: null }).interviewer)
  })
})

describe("an offer", () => {
  it("has its state in the app's own word, and as ours when the words agree", () => {
    const [sent, odd] = offersOf([
      { id: "f1", state: "sent", created_at: "2026-04-12T03:36:52Z", start: "soon" },
      { id: 17, status: "with_legal", created_at: 0 }
    ])
    assert.deepInclude(sent, { id: "f1", status: "SENT", statusRaw: "sent", createdAt: "2026-04-12T03:36:52.000Z" })
    assert.deepInclude(odd, { id: "17", status: "NOT_SPECIFIED", statusRaw: "with_legal", createdAt: null })
    assert.isNull(sent.salary)
  })

  it("that may not be read is null, and none is none", () => {
    assert.isNull(offersOf(null))
    assert.isNull(offersOf(undefined))
    assert.deepEqual(offersOf([]), [])
  })
})

describe("a single employee", () => {
  it("is the same record as in the list", () => {
    assert.deepEqual(
      decoded(employees, { employee: asListed(employeeDetails) }),
      decoded(employees, { employee: { ...employee, avatar: undefined } })
    )
  })

  it("is read where a value says what it is", () => {
    const { contactInfo, orgStructure, profile } = decoded(employees, {
      employee: asListed({
        ...employeeDetails,
        status: { id: "status_inactive", label: "Inactive" },
        department: { id: "92b77", name: "Looms" },
        reports_to: { display: "Rita Reed", value: "19ff2f" },
        phone_group: "none",
        personal_email: [null, { value: 5 }]
      })
    })
    assert.strictEqual(profile.employmentStatus, "INACTIVE")
    assert.deepInclude(orgStructure, { departmentId: "92b77" })
    assert.strictEqual(orgStructure.manager.id, "19ff2f")
    assert.deepEqual(contactInfo.phones, [])
    assert.deepEqual(contactInfo.personalEmails, ["5"])
  })
})
