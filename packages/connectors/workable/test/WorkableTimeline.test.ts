import { ConnectorError } from "@crochet/core"
import { Effect, Schema } from "effect"
import { assert, describe, it } from "vitest"
import { activities, applications, collect, decoded, impatient, withAccount } from "./Account.ts"

const of = (row: unknown) => decoded(activities, row).info
const ids = (rows: ReadonlyArray<unknown>) => rows.map((row) => activities.recordId(row))

/** A clock that the simulator and the tests share. */
const clock = () => {
  let now = Date.parse("2026-09-01T12:00:00Z")
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

describe("activities", () => {
  it("are those of every candidate, over the pages of the list and of each timeline", () =>
    withAccount({ candidates: 7, largestPage: 3 }, ({ context, issues, sim }) =>
      Effect.gen(function* () {
        const first = sim.control.list()[0]!
        sim.control.change(first.id, { stage: "interview" })
        for (const body of ["One", "Two", "Three"]) sim.control.comment(first.id, body)
        const { end, pages, rows } = yield* collect(activities.list(context(activities)))
        assert.deepInclude(end, { evidence: "exhausted", paging: "keyset" })
        assert.strictEqual(pages.length, 3, "those of the candidates' list")
        const held = sim.control.activities()
        assert.deepStrictEqual(
          ids(rows),
          held.map(({ id }) => id),
          "in the order of the candidates, oldest first"
        )
        for (const [index, row] of rows.entries()) {
          assert.deepInclude(of(row), { typeRaw: held[index]!.action, body: held[index]!.body })
          assert.strictEqual(of(row).candidateId, held[index]!.candidateId)
        }
        const move = rows.map(of).find(({ type }) => type === "STAGE_CHANGE")
        assert.deepInclude(move, { subject: "Interview", candidateId: first.id })
        assert.deepStrictEqual(issues, [])
      })
    ))

  it("of the talent pool belong to no application", () =>
    withAccount({ candidates: 3 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const pooled = sim.control.list()[1]!
        sim.control.change(pooled.id, { job: null })
        const { rows } = yield* collect(activities.list(context(activities)))
        for (const { applicationId, candidateId } of rows.map(of)) {
          assert.strictEqual(applicationId, candidateId === pooled.id ? null : candidateId)
        }
      })
    ))

  it("of a delta are read of candidates that changed, and of nobody else", () => {
    const time = clock()
    return withAccount({ candidates: 20, now: time.now }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* activities.changes!.start(context(activities))
        time.advance(300)
        const [one] = sim.control.list()
        const comment = sim.control.comment(one!.id, "A steady hand.")
        const removed = sim.control.activities().find(({ candidateId }) => candidateId === one!.id)!
        sim.control.removeActivity(removed.id)
        time.advance(300)
        sim.control.clearRequests()
        const { deleted, end, rows } = yield* collect(activities.changes!.fetch(context(activities), cursor))
        assert.include(ids(rows), comment.id)
        assert.notInclude(ids(rows), removed.id)
        assert.isTrue(rows.map(of).every(({ candidateId }) => candidateId === one!.id))
        assert.deepStrictEqual(deleted, [], "a delta tells nobody's deletion")
        assert.strictEqual(end?.cursor, "2026-09-01T12:10:00Z")
        assert.strictEqual(sim.requests.filter(({ path }) => path.endsWith("/activities")).length, 1)
      })
    )
  })

  it("of a candidate who vanishes meanwhile are gone with them", () =>
    withAccount({ candidates: 4 }, ({ client, context, sim }) =>
      Effect.gen(function* () {
        const gone = sim.control.list()[1]!.id
        const vanishing: typeof client.request = (request) =>
          Effect.tap(client.request(request), () =>
            Effect.sync(() => {
              if (request.path === "/candidates" && sim.control.count().candidates === 4) sim.control.remove(gone)
            })
          )
        const { end, rows } = yield* collect(
          activities.list({ ...context(activities), client: { ...client, request: vanishing } })
        )
        assert.isDefined(end)
        assert.deepStrictEqual(
          ids(rows),
          sim.control.activities().map(({ id }) => id)
        )
      })
    ))

  it("that are not found, of a candidate who is there, are reported, and no deletion is inferred without them", () =>
    withAccount({ candidates: 4 }, ({ client, context, issues, sim }) =>
      Effect.gen(function* () {
        const lost = sim.control.list()[2]!.id
        const path = `/candidates/${lost}/activities`
        const request: typeof client.request = (wanted) =>
          wanted.path === path
            ? Effect.fail(client.fail(wanted.operation, new ConnectorError.NotFound({ status: 404 })))
            : client.request(wanted)
        const { rows } = yield* collect(activities.list({ ...context(activities), client: { ...client, request } }))
        assert.deepStrictEqual(
          ids(rows).filter((id) => id !== ""),
          sim.control.activities().flatMap(({ candidateId, id }) => (candidateId === lost ? [] : [id]))
        )
        assert.strictEqual(ids(rows).filter((id) => id === "").length, 1, "a row without an id taints the listing")
        assert.deepStrictEqual(
          issues.map(({ code, model }) => [code, model]),
          [["workable.unreadable", "activity_info"]]
        )
      })
    ))

  it("are read to their end at the account's pace, and hardly a request is refused", () => {
    const time = impatient(Date.parse("2026-09-01T12:00:00Z"))
    return withAccount(
      { candidates: 45, now: time.now, rateLimit: { requests: 10, perMillis: 10_000 } },
      ({ client, context, sim }) =>
        Effect.gen(function* () {
          const { rows } = yield* collect(activities.list(context(activities)))
          assert.strictEqual(rows.length, sim.control.activities().length)
          assert.isAbove(client.statistics().rateLimitWaits, 3)
          assert.isAtMost(sim.requests.filter(({ status }) => status === 429).length, 10)
        }),
      time
    )
  })

  it("go on from every checkpoint to the same rest", () =>
    withAccount({ candidates: 7, largestPage: 3 }, ({ context }) =>
      Effect.gen(function* () {
        const whole = yield* collect(activities.list(context(activities)))
        let seen = 0
        for (const page of whole.pages) {
          seen += page.records.length
          const checkpoint: unknown = JSON.parse(JSON.stringify(page.checkpoint))
          const rest = yield* collect(activities.list(context(activities, { checkpoint })))
          assert.deepStrictEqual(ids(rest.rows), ids(whole.rows).slice(seen))
          assert.isDefined(rest.end)
        }
      })
    ))
})

describe("offers and ratings of applications", () => {
  const models = ["application_info", "application_offers", "application_scorecards"]

  it("are read when their models are subscribed to, and cost one request a candidate each", () =>
    withAccount({ candidates: 6 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const [one, other] = sim.control.list()
        sim.control.offer(one!.id, "sent")
        sim.control.rate(one!.id, "definite", "Born for it")
        const { rows } = yield* collect(applications.list(context(applications, { models })))
        const [first, second] = rows.map((row) => decoded(applications, row))
        assert.strictEqual(first!.offers[0].status, "SENT")
        assert.deepInclude(first!.scorecards.at(-1), { overall: "STRONG_YES", comment: "Born for it" })
        assert.strictEqual(second!.info.id, other!.id)
        assert.deepStrictEqual(second!.scorecards, [])
        const asked = (end: string) => sim.requests.filter(({ path }) => path.endsWith(end)).length
        assert.strictEqual(asked("/offer"), 6)
        assert.strictEqual(asked("/activities"), 6)
        sim.control.clearRequests()
        yield* collect(applications.list(context(applications, { models: ["application_info"] })))
        assert.strictEqual(sim.requests.length, 1)
      })
    ))

  it("that the token has no scope for are left out once, and not asked for again", () =>
    withAccount({ candidates: 9 }, ({ context, issues, sim }) =>
      Effect.gen(function* () {
        const [first] = sim.control.list()
        const forbidden: (path: string) => boolean = (path) => /\/(offer|activities)$/.test(path)
        sim.control.forbid(sim.control.list().flatMap(({ id }) => [`/candidates/${id}/offer`, `/candidates/${id}/act`]))
        const { rows } = yield* collect(applications.list(context(applications, { models })))
        assert.strictEqual(rows.length, 9)
        for (const row of rows) assert.deepInclude(decoded(applications, row), { offers: null, scorecards: null })
        assert.deepStrictEqual(issues.map(({ code, model }) => `${code} ${model}`).sort(), [
          "workable.unreadable application_offers",
          "workable.unreadable application_scorecards"
        ])
        assert.isAtMost(sim.requests.filter(({ path }) => forbidden(path)).length, 6, first!.id)
      })
    ))

  it.each(["offer", "activities"])("a candidate whose %s lags behind makes no record, and loses nothing", (part) =>
    withAccount({ candidates: 5 }, ({ client, context, issues, sim }) =>
      Effect.gen(function* () {
        const lagging = sim.control.list()[3]!.id
        const path = `/candidates/${lagging}/${part}`
        const fails = (request: { readonly path: string; readonly operation: string }) =>
          Effect.fail(client.fail(request.operation, new ConnectorError.NotFound({ status: 404 })))
        const decode: typeof client.decode = (request, schema) =>
          request.path === path ? fails(request) : client.decode(request, schema)
        const request: typeof client.request = (wanted) =>
          wanted.path === path ? fails(wanted) : client.request(wanted)
        const { deleted, rows } = yield* collect(
          applications.list({ ...context(applications, { models }), client: { ...client, decode, request } })
        )
        assert.deepStrictEqual(deleted, [])
        assert.strictEqual(rows.length, 5, "it counts as seen")
        for (const row of rows) {
          const map = () => applications.toRecord(row)
          if (applications.recordId(row) === lagging) assert.throws(map, /not found by its id/)
          else assert.doesNotThrow(map)
        }
        assert.deepStrictEqual(issues, [])
      })
    )
  )

  it("an answer about an offer is believed when it is about this candidate, and else left out and reported", () =>
    withAccount({ candidates: 3 }, ({ client, context, issues, sim }) =>
      Effect.gen(function* () {
        const { id } = sim.control.list()[0]!
        const offers = (answer: object) => {
          const decode: typeof client.decode = (request, schema) =>
            request.path.endsWith("/offer")
              ? Effect.orDie(Schema.decodeUnknownEffect(schema)(answer))
              : client.decode(request, schema)
          const only = context(applications, { models: ["application_info", "application_offers"] })
          return Effect.map(applications.get!({ ...only, client: { ...client, decode } }, id), (found) =>
            found._tag === "Some" ? decoded(applications, found.value).offers : "nobody"
          )
        }
        assert.deepStrictEqual(yield* offers({ candidate: { id } }), [])
        assert.strictEqual((yield* offers({ candidate: { id }, id: "f1", state: "draft" }))[0].status, "DRAFT")
        assert.strictEqual((yield* offers({ id: "f1" }))[0].id, "f1")
        assert.deepStrictEqual(issues, [])
        const others = [{ candidate: { id }, proposal: 1 }, { candidate: { id: "27000000" } }, {}]
        for (const answer of [...others, { candidate: { id: "27000000" }, id: "f1" }]) {
          assert.isNull(yield* offers(answer), JSON.stringify(answer))
          assert.deepInclude(issues.pop(), { code: "workable.unreadable", model: "application_offers" })
        }
      })
    ))
})
