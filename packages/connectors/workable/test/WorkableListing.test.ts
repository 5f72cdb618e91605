import { CredentialsSource } from "@crochet/core"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import {
  allModels,
  applications,
  candidates,
  clientOf,
  collect,
  decoded,
  employees,
  jobs,
  resource,
  tokenOf,
  withAccount
} from "./Account.ts"

const infoOnly = ["candidate_info"]

describe("candidates", () => {
  it("are what the app holds, over several pages, and end with a proof", () =>
    withAccount({ candidates: 230 }, ({ context, issues, sim }) =>
      Effect.gen(function* () {
        const { end, pages, rows } = yield* collect(candidates.list(context(candidates, { models: infoOnly })))
        assert.strictEqual(pages.length, 3)
        assert.strictEqual(end?.paging, "keyset")
        assert.strictEqual(end?.evidence, "exhausted")
        const held = sim.control.list({ limit: 1000 })
        assert.deepStrictEqual(
          rows.map((row) => candidates.recordId(row)),
          held.map(({ id }) => id)
        )
        for (const [index, row] of rows.entries()) {
          const { info } = decoded(candidates, row)
          assert.strictEqual(info.firstName, held[index]!.firstname)
          assert.deepStrictEqual(info.applications, held[index]!.job === null ? [] : [held[index]!.id])
          assert.isNull(info.tags, "the list alone does not tell")
        }
        assert.deepStrictEqual(issues, [])
        assert.isFalse(sim.requests.some(({ path }) => /candidates\/./.test(path)))
      })
    ))

  it("have their details when a model needs them, and are the same when read again", () =>
    withAccount({ candidates: 40 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const read = Effect.map(collect(candidates.list(context(candidates))), ({ rows }) => rows)
        const [first, second] = [yield* read, yield* read]
        const held = sim.control.list()
        for (const [index, row] of first.entries()) {
          const record = decoded(candidates, row)
          assert.deepStrictEqual(record.info.tags, held[index]!.tags)
          assert.isArray(record.education)
        }
        const still = (rows: ReadonlyArray<unknown>) => rows.map((row) => ({ ...(row as object), signed: undefined }))
        assert.notDeepEqual(first, second, "the addresses of CVs are signed anew")
        assert.deepStrictEqual(still(first), still(second))
        assert.deepStrictEqual(candidates.volatile?.raw, ["signed"])
      })
    ))

  it("go on from every checkpoint to the same rest", () =>
    withAccount({ candidates: 230 }, ({ context }) =>
      Effect.gen(function* () {
        const whole = yield* collect(candidates.list(context(candidates, { models: infoOnly })))
        for (const [index, page] of whole.pages.entries()) {
          const checkpoint: unknown = JSON.parse(JSON.stringify(page.checkpoint))
          const rest = yield* collect(candidates.list(context(candidates, { models: infoOnly, checkpoint })))
          assert.deepStrictEqual(rest.rows, whole.rows.slice((index + 1) * 100))
          assert.isDefined(rest.end)
        }
      })
    ))

  it("are all there although some vanish and others come while pages are read", () =>
    withAccount({ candidates: 230 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const before = sim.control.list({ limit: 1000 })
        let page = 0
        const { rows } = yield* collect(
          candidates.list({
            ...context(candidates, { models: infoOnly }),
            client: yield* Effect.map(clientOf(sim.url, CredentialsSource.memory(tokenOf(sim.token))), (client) => ({
              ...client,
              request: (wanted: Parameters<typeof client.request>[0]) =>
                Effect.tap(client.request(wanted), () =>
                  Effect.sync(() => {
                    if (page++ !== 0) return
                    // The first row of the page that the link names, and one of a page that was read.
                    sim.control.remove(before[100]!.id)
                    sim.control.remove(before[5]!.id)
                    sim.control.add(3)
                  })
                )
            }))
          })
        )
        const ids = rows.map((row) => candidates.recordId(row))
        assert.strictEqual(new Set(ids).size, ids.length)
        for (const { id } of sim.control.list({ limit: 1000 })) assert.include(ids, id)
      })
    ))

  it("of one job are followed through the link that leaves /candidates, and carry the filter in deltas", () =>
    withAccount({ candidates: 300, jobs: 1, links: "app" }, ({ context, sim }) =>
      Effect.gen(function* () {
        const job = sim.control.jobs()[0]!.shortcode
        const { rows } = yield* collect(candidates.list(context(candidates, { models: infoOnly, filters: { job } })))
        const held = sim.control.list({ limit: 1000 }).filter((one) => one.job === job)
        assert.strictEqual(rows.length, held.length)
        assert.isTrue(sim.requests.some(({ path }) => path === `/spi/v3/jobs/${job}/candidates`))
        const unknown = yield* Effect.exit(
          collect(candidates.list(context(candidates, { models: infoOnly, filters: { job: "NOSUCHJOB" } })))
        )
        assert.strictEqual(unknown._tag, "Failure", "an unknown job is no empty list")
      })
    ))
})

describe("applications", () => {
  it("are the candidates on a job, joined to stage, reason and meetings", () =>
    withAccount({ candidates: 120, seed: 5 }, ({ context, issues, sim }) =>
      Effect.gen(function* () {
        const { deleted, rows } = yield* collect(applications.list(context(applications)))
        const held = new Map(sim.control.list({ limit: 1000 }).map((one) => [one.id, one]))
        const onJob = [...held.values()].filter(({ job }) => job !== null)
        assert.strictEqual(rows.length, onJob.length)
        assert.isBelow(rows.length, held.size, "the talent pool is not an application")
        assert.deepStrictEqual(
          [...deleted].sort(),
          [...held.values()].flatMap(({ id, job }) => (job === null ? [id] : [])).sort()
        )
        let meetings = 0
        for (const row of rows) {
          const record = decoded(applications, row)
          const one = held.get(record.info.id)!
          assert.strictEqual(record.info.jobId, one.job)
          assert.strictEqual(record.info.candidate.id, one.id)
          assert.strictEqual(record.info.status, one.disqualified ? "REJECTED" : one.hired ? "HIRED" : "ACTIVE")
          assert.strictEqual(record.currentStage.id, one.stage)
          assert.isNumber(record.currentStage.index)
          assert.strictEqual(record.rejection === null, !one.disqualified)
          if (one.disqualified) {
            assert.isString(record.rejection.id)
            assert.oneOf(record.rejection.category, ["BY_COMPANY", "BY_CANDIDATE"])
          }
          meetings += record.interviews.length
        }
        assert.isAbove(meetings, 5)
        assert.deepStrictEqual(issues, [])
        assert.strictEqual(sim.requests.filter(({ path }) => path.endsWith("/disqualification_reasons")).length, 1)
        assert.isAtMost(sim.requests.filter(({ path }) => path.endsWith("/stages")).length, 4)
      })
    ))

  it("are read without what the token has no scope for, and say so", () =>
    withAccount({}, ({ context, issues, sim }) =>
      Effect.gen(function* () {
        sim.control.forbid(["/events", "/disqualification_reasons"])
        const { rows } = yield* collect(applications.list(context(applications)))
        assert.isTrue(rows.every((row) => decoded(applications, row).interviews === null))
        assert.includeMembers(
          issues.map(({ model }) => model),
          ["application_interviews"]
        )
      })
    ))
})

describe("jobs, lists and employees", () => {
  it("jobs have their texts, people, stages and questions", () =>
    withAccount({ jobs: 6 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const { end, rows } = yield* collect(jobs.list(context(jobs)))
        assert.isDefined(end)
        const held = sim.control.jobs()
        assert.strictEqual(rows.length, held.length)
        for (const row of rows) {
          const record = decoded(jobs, row)
          const one = held.find(({ shortcode }) => shortcode === record.info.id)!
          assert.strictEqual(record.rawValues.status, one.state)
          assert.match(record.info.description, /looking for/)
          assert.strictEqual(record.stages.length, 7)
          assert.isAbove(record.hiringTeam.length, 0)
          assert.strictEqual(record.recruiters.length, 1)
          assert.isArray(record.jobQuestions)
          const again = yield* jobs.get!(context(jobs), one.shortcode)
          assert.deepStrictEqual(decoded(jobs, again._tag === "Some" ? again.value : {}), record)
        }
        sim.control.removeJob(held[0]!.shortcode)
        assert.strictEqual((yield* jobs.get!(context(jobs), held[0]!.shortcode))._tag, "None")
        const published = yield* collect(jobs.list(context(jobs, { filters: { state: "published" } })))
        assert.strictEqual(published.rows.length, held.slice(1).filter(({ state }) => state === "published").length)
      })
    ))

  it("a job's part that is not asked for is not read", () =>
    withAccount({}, ({ context, sim }) =>
      Effect.gen(function* () {
        yield* collect(jobs.list(context(jobs, { models: ["job_departments"] })))
        assert.deepStrictEqual(
          sim.requests.map(({ path }) => path),
          ["/spi/v3/jobs"]
        )
      })
    ))

  it("users, departments and reasons are whole", () =>
    withAccount({}, ({ context }) =>
      Effect.gen(function* () {
        const read = (id: string) =>
          Effect.map(collect(resource(id).list(context(resource(id)))), ({ end, rows }) => {
            assert.isDefined(end)
            return rows.map((row) => decoded(resource(id), row).info)
          })
        const users = yield* read("ats_users")
        assert.strictEqual(users.length, 5)
        assert.strictEqual(users.filter(({ isActive }) => isActive === "FALSE").length, 1)
        assert.strictEqual(users[0].role, "SUPER_ADMIN")
        const departments = yield* read("ats_departments")
        assert.include(
          departments.map(({ id }) => id),
          departments.find(({ name }) => name === "Weaving").parentId
        )
        const reasons = yield* read("ats_rejectReasons")
        assert.deepStrictEqual(
          reasons.map(({ category }) => category),
          ["BY_COMPANY", "BY_COMPANY", "BY_COMPANY", "BY_CANDIDATE"]
        )
      })
    ))

  it("employees are counted, page by page, with the names of their departments", () =>
    withAccount({ employees: 230 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const { end, pages, rows } = yield* collect(employees.list(context(employees)))
        assert.strictEqual(pages.length, 3)
        assert.strictEqual(end?.evidence, "counted")
        assert.strictEqual(end?.paging, "offset")
        const held = new Map(sim.control.employees().map((one) => [one.id, one]))
        for (const row of rows) {
          const { orgStructure, profile } = decoded(employees, row)
          const one = held.get(profile.id)!
          assert.strictEqual(profile.workEmail, one.workEmail)
          assert.strictEqual(profile.employmentStatus, one.state === "published" ? "ACTIVE" : "NOT_SPECIFIED")
          assert.strictEqual(orgStructure.department === null, orgStructure.departmentId === null)
        }
        const again = yield* collect(employees.list(context(employees)))
        assert.deepStrictEqual(again.rows, rows)
      })
    ))

  it("every supported model is one of the data type, and all that is declared is known", () => {
    assert.includeMembers([...allModels(applications)], ["application_info", "application_offers"])
    assert.notInclude(allModels(applications), "custom_fields")
  })
})
