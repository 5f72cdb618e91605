import { afterEach, assert, describe, it } from "vitest"
import { InvalidInput, startWorkable, type WorkableOptions, type WorkableSimulator } from "../src/index.ts"

const running: Array<WorkableSimulator> = []
const start = async (options: WorkableOptions = {}) => {
  const sim = await startWorkable({ candidates: 60, jobs: 4, employees: 12, ...options })
  running.push(sim)
  return sim
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()))
})

// What a foreign API answers has no type; the assertions are its check.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = Record<string, any>
const get = (sim: WorkableSimulator, path: string, token = sim.token) =>
  fetch(path.startsWith("http") ? path : `${sim.url}/spi/v3${path}`, { headers: { authorization: `Bearer ${token}` } })
const read = async (sim: WorkableSimulator, path: string): Promise<Json> => {
  const response = await get(sim, path)
  assert.strictEqual(response.status, 200, `${path}: ${await response.clone().text()}`)
  return (await response.json()) as Json
}
const clock = (at = "2026-07-01T12:00:00Z") => {
  let now = Date.parse(at)
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

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

describe("access", () => {
  it("is by bearer token, and by scope", async () => {
    const sim = await start()
    const refused = await get(sim, "/jobs", "wrong")
    assert.strictEqual(refused.status, 401)
    assert.deepStrictEqual(await refused.json(), { error: "Not authorized" })
    sim.control.forbid(["/employees"])
    assert.strictEqual((await get(sim, "/employees")).status, 403)
    sim.control.revokeKey()
    assert.strictEqual((await get(sim, "/jobs")).status, 401)
    sim.control.restoreKey()
    assert.strictEqual((await get(sim, "/jobs")).status, 200)
  })

  it("by OAuth: a code, tokens that end, and refresh tokens that are used once", async () => {
    const time = clock()
    const sim = await start({ now: time.now, oauth: { clientId: "us", clientSecret: "hush", accessTokenSeconds: 60 } })
    const redirect = "https://crochet.example/callback"
    const query = new URLSearchParams({ response_type: "code", client_id: "us", redirect_uri: redirect, state: "s1" })
    const sent = await fetch(`${sim.url}/oauth/authorize?${query}`, { redirect: "manual" })
    const back = new URL(sent.headers.get("location")!)
    assert.strictEqual(back.searchParams.get("state"), "s1")
    const token = (fields: Record<string, string>) =>
      fetch(`${sim.url}/oauth/token`, {
        method: "POST",
        body: new URLSearchParams({ client_id: "us", client_secret: "hush", ...fields })
      })
    const code = back.searchParams.get("code")!
    const exchange = { grant_type: "authorization_code", code, redirect_uri: redirect }
    const first = (await (await token(exchange)).json()) as Json
    assert.strictEqual((await token(exchange)).status, 400, "a code is good once")
    assert.strictEqual((await get(sim, "/jobs", first.access_token)).status, 200)
    time.advance(61)
    assert.strictEqual((await get(sim, "/jobs", first.access_token)).status, 401)
    const refresh = { grant_type: "refresh_token", refresh_token: first.refresh_token as string }
    const second = (await (await token(refresh)).json()) as Json
    assert.notStrictEqual(second.refresh_token, first.refresh_token)
    assert.strictEqual((await token(refresh)).status, 400)
    assert.strictEqual((await token({ ...refresh, client_secret: "wrong" })).status, 401)
    assert.strictEqual((await get(sim, "/jobs", second.access_token)).status, 200)
    assert.isFalse(JSON.stringify(sim.requests).includes(code))
  })
})

describe("the quota", () => {
  it("is told by every answer, and what is above it gets 429 without Retry-After", async () => {
    const time = clock("2026-07-01T12:00:03Z")
    const sim = await start({ now: time.now, rateLimit: { requests: 2, perMillis: 10_000 } })
    const answers = [await get(sim, "/jobs"), await get(sim, "/jobs"), await get(sim, "/jobs")]
    assert.deepStrictEqual(
      answers.map(({ headers, status }) => [status, headers.get("x-rate-limit-remaining")]),
      [
        [200, "1"],
        [200, "0"],
        [429, "0"]
      ]
    )
    const refused = answers[2]!
    assert.isNull(refused.headers.get("retry-after"))
    assert.strictEqual(refused.headers.get("x-rate-limit-reset"), String(Date.parse("2026-07-01T12:00:10Z") / 1000))
    time.advance(7)
    assert.strictEqual((await get(sim, "/jobs")).status, 200)
  })

  it("as a fault looks the same", async () => {
    const time = clock()
    const sim = await start({ now: time.now })
    sim.control.fault({ kind: "rate-limit", retryAfter: 4 })
    const refused = await get(sim, "/jobs")
    assert.strictEqual(refused.status, 429)
    assert.isNull(refused.headers.get("retry-after"))
    assert.strictEqual(refused.headers.get("x-rate-limit-reset"), String(time.now() / 1000 + 4))
    assert.property(await refused.json(), "error")
  })
})

describe("control", () => {
  it("names the field of what it cannot use", async () => {
    const sim = await start()
    const { id } = sim.control.list()[0]!
    for (const [field, run] of [
      ["id", () => sim.control.change("zz", {})],
      ["fields.stage", () => sim.control.change(id, { stage: "limbo" as never })],
      ["fields.job", () => sim.control.change(id, { job: "NOSUCH" })],
      ["fields.height", () => sim.control.change(id, { height: 2 } as never)],
      ["count", () => sim.control.add(0)],
      ["startsAt", () => sim.control.addEvent(id, "soon")],
      ["candidateId", () => sim.control.comment("zz", "Good")],
      ["body", () => sim.control.comment(id, "")],
      ["score", () => sim.control.rate(id, "brilliant" as never)],
      ["id", () => sim.control.changeActivity("zz", "Good")],
      ["state", () => sim.control.offer(id, "")]
    ] as const) {
      try {
        run()
        assert.fail(`${field} was accepted`)
      } catch (error) {
        assert.isTrue(error instanceof InvalidInput && error.field === field, String(error))
      }
    }
  })

  it("works over HTTP, and its faults empty or thin a page", async () => {
    const sim = await start()
    const control = async (path: string, body?: unknown) => {
      const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }
      const response = await fetch(`${sim.url}/_control/${path}`, post)
      return (await response.json()) as Json
    }
    const { added } = await control("add", { candidates: [{ firstname: "Dana", stage: "offer" }] })
    assert.deepInclude((await control(`candidate?id=${added[0].id}`)) as object, { firstname: "Dana", stage: "offer" })
    assert.strictEqual((await control("change", { id: added[0].id, fields: { stage: 7 } })).error.field, "fields.stage")
    await control("fault", { kind: "drop-page" })
    const thinned = await read(sim, "/candidates?limit=10")
    assert.deepStrictEqual(thinned.candidates, [])
    assert.property(thinned, "paging")
    await control("fault", { kind: "empty-list" })
    assert.deepStrictEqual(await read(sim, "/candidates?limit=10"), { candidates: [] })
    assert.strictEqual((await control("count")).candidates, 61)
  })

  it("writes into timelines, which moves the candidate's time of change", async () => {
    const time = clock()
    const sim = await start({ now: time.now })
    const { id } = sim.control.list()[0]!
    const moved = async (act: () => unknown, what: string) => {
      const before = sim.control.get(id).updatedAt
      time.advance(60)
      act()
      assert.notStrictEqual(sim.control.get(id).updatedAt, before, what)
    }
    const timeline = async () => (await read(sim, `/candidates/${id}/activities`)).activities as Array<Json>
    let entry = ""
    await moved(() => (entry = sim.control.comment(id, "Good").id), "a comment")
    await moved(() => sim.control.changeActivity(entry, "Very good"), "a change")
    assert.deepInclude((await timeline()).at(-1), { id: entry, action: "comment", body: "Very good" })
    await moved(() => sim.control.removeActivity(entry), "a deletion")
    assert.isFalse((await timeline()).some((one) => one.id === entry))
    await moved(() => sim.control.rate(id, "negative"), "a rating")
    assert.deepInclude((await timeline()).at(-1), { rating: { score: "negative" }, body: null })
    sim.control.remove(id)
    assert.isFalse(sim.control.activities().some(({ candidateId }) => candidateId === id))
  })

  it("makes an offer, and without one the app answers the candidate alone", async () => {
    const sim = await start()
    const { id } = sim.control.add({ stage: "interview" })[0]!
    assert.deepStrictEqual(Object.keys(await read(sim, `/candidates/${id}/offer`)), ["candidate"])
    const offer = sim.control.offer(id, "draft")
    assert.strictEqual(sim.control.offer(id, "sent").id, offer.id)
    const answer = await read(sim, `/candidates/${id}/offer`)
    assert.deepInclude(answer, { id: offer.id, state: "sent" })
    assert.strictEqual(answer.candidate.id, id)
  })

  it("meets candidates and cancels", async () => {
    const sim = await start()
    const one = sim.control.list().find(({ job }) => job !== null)!
    const { id } = sim.control.addEvent(one.id, "2026-08-01T10:00:00Z")
    sim.control.cancelEvent(id)
    const { events } = await read(sim, `/events?since_id=${id}`)
    assert.deepInclude(events[0], { id, cancelled: true, starts_at: "2026-08-01T10:00:00.000Z" })
    assert.strictEqual(events[0].candidate.id, one.id)
  })
})
