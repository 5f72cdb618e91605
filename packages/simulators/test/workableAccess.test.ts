import { assert, describe, it } from "vitest"
import { InvalidInput } from "../src/index.ts"
import { clock, get, type Json, read, start } from "./WorkableSetup.ts"

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
