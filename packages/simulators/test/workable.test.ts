import { assert, describe, it } from "vitest"
import { InvalidInput, startWorkable } from "../src/index.ts"
import { clock, get, type Json, read, start } from "./WorkableSetup.ts"

describe("the account", () => {
  it("is the same for the same seed and another for another", async () => {
    const now = clock().now
    const [a, b, c] = [await start({ seed: 7, now }), await start({ seed: 7, now }), await start({ seed: 8, now })]
    const path = "/candidates?limit=100"
    const [first, same, other] = [await read(a, path), await read(b, path), await read(c, path)]
    assert.deepStrictEqual(first, same)
    assert.notDeepEqual(first, other)
  })

  it("is named by its subdomain, and by the token alone", async () => {
    const sim = await start()
    assert.deepInclude(await read(sim, "/accounts/acme"), { id: "b4e8e", name: "Acme", subdomain: "acme" })
    assert.strictEqual((await read(sim, "/accounts")).accounts[0].subdomain, "acme")
    assert.strictEqual((await get(sim, "/accounts/other")).status, 404)
  })

  it.each([
    ["candidates", { candidates: -1 }],
    ["token", { token: "a b" }],
    ["subdomain", { subdomain: "a.b" }],
    ["rateLimit.requests", { rateLimit: { requests: 0, perMillis: 1000 } }]
  ])("refuses %s that cannot be", async (field, options) => {
    const error = await startWorkable(options).catch((refused: unknown) => refused)
    assert.isTrue(error instanceof InvalidInput && error.field === field, String(error))
  })
})

describe("lists", () => {
  it("page by absolute links that name the first row of the next page, and the last has no paging", async () => {
    const sim = await start({ candidates: 120 })
    const ids: Array<string> = []
    let next: string | undefined = "/candidates"
    let pages = 0
    while (next !== undefined) {
      const page: Json = await read(sim, next)
      const expected = pages === 0 ? undefined : new URL(next).searchParams.get("since_id")
      if (expected !== undefined) assert.strictEqual(page.candidates[0].id, expected)
      ids.push(...page.candidates.map(({ id }: Json) => id))
      if (++pages < 3)
        assert.match(page.paging.next, /^http:\/\/127\.0\.0\.1:\d+\/spi\/v3\/candidates\?limit=50&since_id=/)
      else assert.notProperty(page, "paging")
      next = page.paging?.next
    }
    assert.deepStrictEqual(
      ids,
      sim.control.list({ limit: 1000 }).map(({ id }) => id)
    )
    assert.deepStrictEqual(
      ids,
      [...ids].sort((a, b) => Number.parseInt(a, 16) - Number.parseInt(b, 16))
    )
  })

  it("leave /candidates for the job's own list when a job was asked for", async () => {
    const sim = await start({ candidates: 150, jobs: 1, links: "app" })
    const { shortcode } = sim.control.jobs()[0]!
    const page = await read(sim, `/candidates?shortcode=${shortcode}`)
    assert.match(page.paging.next, new RegExp(`^https://acme\\.workable\\.com/spi/v3/jobs/${shortcode}/candidates\\?`))
    assert.isTrue(page.candidates.every(({ job }: Json) => job.shortcode === shortcode))
  })

  it("are bare arrays for departments and reasons", async () => {
    const sim = await start()
    assert.isArray(await read(sim, "/departments"))
    const reasons = await read(sim, "/disqualification_reasons")
    assert.deepStrictEqual(Object.keys(reasons[0]), ["id", "description", "candidate_withdrew", "position"])
  })

  it("of employees go by offset, with the total", async () => {
    const sim = await start()
    const page = await read(sim, "/employees?limit=5&offset=10")
    assert.strictEqual(page.total_count, 12)
    assert.strictEqual(page.employees.length, 2)
    assert.notProperty(page, "paging")
  })

  it.each(["limit=101", "limit=0", "limit=x", "since_id=zz", "updated_after=yesterday"])("refuse %s", async (query) => {
    const response = await get(await start(), `/candidates?${query}`)
    assert.strictEqual(response.status, 422)
    const { error, validation_errors } = (await response.json()) as Json
    assert.isString(error)
    assert.property(validation_errors, query.split("=")[0]!)
  })

  it("of what changed after a time hold what was added or changed, never what was deleted", async () => {
    const time = clock()
    const sim = await start({ now: time.now })
    const [one, gone] = sim.control.list()
    time.advance(60)
    sim.control.change(one!.id, { stage: "interview" })
    sim.control.remove(gone!.id)
    const [added] = sim.control.add()
    const since = "2026-07-01T12:00:30Z"
    const { candidates } = await read(sim, `/candidates?updated_after=${since}`)
    assert.deepStrictEqual(
      candidates.map(({ id }: Json) => id),
      [one!.id, added!.id]
    )
    const created = await read(sim, `/candidates?created_after=${since}`)
    assert.deepStrictEqual(
      created.candidates.map(({ id }: Json) => id),
      [added!.id]
    )
    assert.strictEqual((await get(sim, `/candidates/${gone!.id}`)).status, 404)
  })

  it("lag behind when told, while the candidate itself does not", async () => {
    const time = clock()
    const sim = await start({ now: time.now, listLagMillis: 5_000 })
    time.advance(60)
    const [added] = sim.control.add()
    const listed = async () => {
      const { candidates } = await read(sim, `/candidates?since_id=${added!.id}`)
      return candidates.length as number
    }
    assert.strictEqual(await listed(), 0)
    assert.strictEqual((await get(sim, `/candidates/${added!.id}`)).status, 200)
    time.advance(6)
    assert.strictEqual(await listed(), 1)
  })
})

describe("single records", () => {
  it("a candidate has what the list leaves out, and a CV whose address is signed anew", async () => {
    const sim = await start({ candidates: 60 })
    const { candidates } = await read(sim, "/candidates")
    const row = candidates.find((one: Json) => one.resume_metadata !== undefined)
    assert.notProperty(row, "tags")
    const [{ candidate }, again] = [await read(sim, `/candidates/${row.id}`), await read(sim, `/candidates/${row.id}`)]
    for (const key of ["tags", "skills", "answers", "education_entries", "withdrew"]) assert.property(candidate, key)
    assert.notProperty(candidate, "resume_metadata")
    assert.notStrictEqual(candidate.resume_url, again.candidate.resume_url)
    assert.strictEqual((await read(sim, `/candidates/${row.id}/offer`)).candidate.id, row.id)
    assert.strictEqual((await read(sim, `/candidates/${row.id}/activities`)).activities[0].id.length, 8)
  })

  it("a candidate's timeline pages like a list, and says who rated how", async () => {
    const sim = await start({ candidates: 6, largestPage: 2 })
    const { id } = sim.control.list()[0]!
    const ids: Array<string> = []
    let next: string | undefined = `/candidates/${id}/activities`
    while (next !== undefined) {
      const page: Json = await read(sim, next)
      ids.push(...page.activities.map((one: Json) => one.id))
      next = page.paging?.next
    }
    const held = sim.control.activities().filter(({ candidateId }) => candidateId === id)
    assert.deepStrictEqual(
      ids,
      held.map((one) => one.id)
    )
    assert.deepStrictEqual(
      held.slice(1).map(({ action }) => action),
      ["comment", "message", "rating"]
    )
    const { activities } = await read(sim, `/candidates/${id}/activities?since_id=${held.at(-1)!.id}`)
    assert.deepInclude(activities[0], { action: "rating", body: "Good", rating: { score: "definite" } })
    assert.strictEqual(activities[0].member.type, "Member")
  })

  it("an employee is shown to an administrator, under other names than in the list", async () => {
    const sim = await start()
    const { members } = await read(sim, "/members")
    const { employees } = await read(sim, "/employees?limit=1")
    const path = `/employees/${employees[0].id}`
    const details = await read(sim, `${path}?member_id=${members[0].id}`)
    assert.strictEqual(details.id, employees[0].id)
    assert.strictEqual(details.status, employees[0].status_semantic_type)
    assert.strictEqual(details.personal_email[0].value, employees[0].email)
    assert.strictEqual(details.phone_group[0].value.phone, employees[0].phone)
    assert.strictEqual((await get(sim, path)).status, 422, "as whom?")
    assert.strictEqual((await get(sim, `${path}?member_id=${members[1].id}`)).status, 404, "not theirs to see")
    assert.strictEqual((await get(sim, `/employees/27ffffff?member_id=${members[0].id}`)).status, 404)
  })

  it("a candidate of the talent pool has no job", async () => {
    const sim = await start()
    const pooled = sim.control.list().find(({ job }) => job === null)!
    const { candidate } = await read(sim, `/candidates/${pooled.id}`)
    assert.notProperty(candidate, "job")
    assert.property(candidate, "talent_pool")
  })

  it("a job is bare, and has stages, members, recruiters and questions", async () => {
    const sim = await start()
    const { shortcode } = sim.control.jobs()[0]!
    assert.strictEqual((await read(sim, `/jobs/${shortcode}`)).shortcode, shortcode)
    assert.strictEqual((await read(sim, `/jobs/${shortcode}/stages`)).stages.length, 7)
    for (const part of ["members", "recruiters", "questions"]) {
      assert.isArray((await read(sim, `/jobs/${shortcode}/${part}`))[part])
    }
    sim.control.removeJob(shortcode)
    const gone = await get(sim, `/jobs/${shortcode}`)
    assert.strictEqual(gone.status, 404)
    assert.deepStrictEqual(await gone.json(), { error: "Not found" })
    assert.isFalse(sim.control.list({ limit: 1000 }).some(({ job }) => job === shortcode))
  })
})
