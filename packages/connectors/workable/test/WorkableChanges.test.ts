import type { Page } from "@crochet/core"
import { Effect, Stream } from "effect"
import { assert, describe, it } from "vitest"
import { applications, candidates, collect, decoded, employees, jobs, withAccount } from "./Account.ts"

const infoOnly = { models: ["candidate_info"] }

/** A clock that the simulator and the tests share; connectors only see the app's `Date` headers. */
const clock = () => {
  let now = Date.parse("2026-09-01T12:00:00Z")
  return { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
}

describe("changes of candidates", () => {
  it("are who was added and changed since, by the app's own clock, and never who was deleted", () => {
    const time = clock()
    return withAccount({ candidates: 150, now: time.now }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* candidates.changes!.start(context(candidates))
        assert.strictEqual(cursor, "2026-09-01T12:00:00Z")
        time.advance(300)
        const [one, two, gone] = sim.control.list({ limit: 3 })
        sim.control.change(one!.id, { headline: "Head Weaver" })
        sim.control.change(two!.id, { disqualified: true, reason: "Doesn't match job location" })
        sim.control.remove(gone!.id)
        const [added] = sim.control.add()
        time.advance(300)
        const delta = yield* collect(candidates.changes!.fetch(context(candidates, infoOnly), cursor))
        assert.deepStrictEqual(
          delta.rows.map((row) => candidates.recordId(row)),
          [one!.id, two!.id, added!.id]
        )
        assert.deepStrictEqual(delta.deleted, [])
        assert.strictEqual(delta.end?.cursor, "2026-09-01T12:10:00Z")
        time.advance(300)
        const next = yield* collect(candidates.changes!.fetch(context(candidates, infoOnly), delta.end!.cursor!))
        assert.deepStrictEqual(next.rows, [], "nothing is told twice")
      })
    )
  })

  it("look back a little, because lists may lag", () => {
    const time = clock()
    return withAccount({ now: time.now, listLagMillis: 30_000 }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* candidates.changes!.start(context(candidates))
        sim.control.change(sim.control.list()[0]!.id, { headline: "Late" })
        time.advance(10)
        const first = yield* collect(candidates.changes!.fetch(context(candidates, infoOnly), cursor))
        assert.deepStrictEqual(first.rows, [], "not in the list yet")
        time.advance(60)
        const second = yield* collect(candidates.changes!.fetch(context(candidates, infoOnly), first.end!.cursor!))
        assert.strictEqual(second.rows.length, 1)
      })
    )
  })

  it.each([true, false])("keep their filter from page to page (link repeats it: %s)", (nextKeepsFilters) => {
    const time = clock()
    return withAccount({ candidates: 500, now: time.now, nextKeepsFilters }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* candidates.changes!.start(context(candidates))
        time.advance(300)
        const changed = sim.control.list({ limit: 1000 }).filter((_, index) => index % 2 === 0)
        for (const { id } of changed) sim.control.change(id, { tags: ["seen"] })
        const delta = yield* collect(candidates.changes!.fetch(context(candidates, infoOnly), cursor))
        assert.strictEqual(delta.pages.length, 3)
        assert.deepStrictEqual(
          delta.rows.map((row) => candidates.recordId(row)),
          changed.map(({ id }) => id)
        )
        assert.strictEqual(sim.requests.filter(({ query }) => query.updated_after !== undefined).length, 3)
      })
    )
  })

  it("that happen while pages are read are not lost when the run goes on after a crash", () => {
    const time = clock()
    return withAccount({ candidates: 300, now: time.now }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* candidates.changes!.start(context(candidates))
        time.advance(300)
        const everybody = sim.control.list({ limit: 1000 })
        for (const { id } of everybody) sim.control.change(id, { tags: ["seen"] })
        const [first] = yield* Stream.runCollect(
          Stream.take(candidates.changes!.fetch(context(candidates, infoOnly), cursor), 1)
        )
        // The process dies here. A candidate of the page that was committed changes, and only then the run goes on.
        time.advance(600)
        sim.control.change(everybody[3]!.id, { headline: "Changed meanwhile" })
        time.advance(600)
        const checkpoint: unknown = JSON.parse(JSON.stringify((first as Page.Page).checkpoint))
        const rest = yield* collect(candidates.changes!.fetch(context(candidates, { ...infoOnly, checkpoint }), cursor))
        assert.strictEqual(rest.rows.length, 200)
        time.advance(600)
        const next = yield* collect(candidates.changes!.fetch(context(candidates, infoOnly), rest.end!.cursor!))
        assert.include(
          next.rows.map((row) => candidates.recordId(row)),
          everybody[3]!.id
        )
      })
    )
  })

  it("ask for a new listing when the cursor is not one of ours", () =>
    withAccount({}, ({ context }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Stream.runDrain(candidates.changes!.fetch(context(candidates), "page 7")))
        assert.strictEqual(error.reason._tag, "CursorExpired")
      })
    ))
})

describe("changes of the other data types", () => {
  it("applications: a candidate who went to the talent pool is no application any more", () => {
    const time = clock()
    return withAccount({ now: time.now }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* applications.changes!.start(context(applications))
        time.advance(300)
        const [one, two] = sim.control.list().filter(({ job }) => job !== null)
        sim.control.change(one!.id, { job: null })
        sim.control.change(two!.id, { stage: "hired", disqualified: false })
        const delta = yield* collect(applications.changes!.fetch(context(applications), cursor))
        assert.deepStrictEqual(delta.deleted, [one!.id])
        assert.deepStrictEqual(
          delta.rows.map((row) => decoded(applications, row).info.status),
          ["HIRED"]
        )
      })
    )
  })

  it("jobs: a closed one is changed and not gone", () => {
    const time = clock()
    return withAccount({ now: time.now }, ({ context, sim }) =>
      Effect.gen(function* () {
        const cursor = yield* jobs.changes!.start(context(jobs))
        time.advance(300)
        const [job] = sim.control.jobs()
        sim.control.changeJob(job!.shortcode, { state: "closed" })
        const delta = yield* collect(jobs.changes!.fetch(context(jobs), cursor))
        assert.deepStrictEqual(
          delta.rows.map((row) => decoded(jobs, row).info.status),
          ["CLOSED"]
        )
        assert.isTrue(jobs.dataType.isActive(decoded(jobs, delta.rows[0])))
      })
    )
  })

  it("employees have none: everybody is listed", () => {
    assert.isUndefined(employees.changes)
  })
})
