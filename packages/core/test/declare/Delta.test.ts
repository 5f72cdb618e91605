import { assert, describe, it } from "@effect/vitest"
import { Declare } from "@crochet/core"
import { Effect } from "effect"
import { collect, connect, people, startApp } from "./PeopleApp.ts"

const person = (id: string, changed: string, more: object = {}) => ({ id, given: `Given ${id}`, changed, ...more })
const at = (time: string) => `2026-03-02T${time}Z`
const gone = Declare.whole({ path: "/deleted", items: "rows" })

describe("changes since a stamp", () => {
  it.live("starts an hour before the app's clock, never at ours", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = "2019-05-05T05:05:05Z"
      const { context, resource } = yield* connect(app.url)
      assert.strictEqual(yield* resource.changes!.start(context()), "2019-05-05T04:05:05.000Z")
    })
  )

  it.live("starts at a stamp of the app's when it does not tell its clock, or at the beginning", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = null
      const { context, resource } = yield* connect(app.url)
      assert.strictEqual(yield* resource.changes!.start(context()), "1970-01-01T00:00:00.000Z")
      app.people = [person("a", "2026-03-02T10:00:00+02:00"), person("b", at("07:00:00")), person("c", at("23:00:00"))]
      assert.strictEqual(yield* resource.changes!.start(context()), "2026-03-02T08:00:00.000Z")
    })
  )

  it.live("looks back, goes on from the newest stamp, and compares instants, not text", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = at("10:00:00")
      // In text order the second would be the newest.
      app.people = [
        person("a", at("09:30:00.250")),
        person("b", "2026-03-02T10:10:00+02:00"),
        person("old", at("08:00:00"))
      ]
      const { context, resource } = yield* connect(app.url)
      const delta = yield* collect(resource.changes!.fetch(context(), at("08:11:00")))
      assert.deepStrictEqual(delta.ids, ["a", "b"])
      assert.strictEqual(app.queries("/acme/people")[0]!.get("since"), at("08:10:00"))
      assert.strictEqual(delta.end?.cursor, "2026-03-02T09:30:00.250Z")
      const again = yield* collect(resource.changes!.fetch(context(), delta.end!.cursor!))
      assert.deepStrictEqual(again.ids, ["a"])
      assert.strictEqual(again.end?.cursor, delta.end?.cursor)
    })
  )

  it.live("a stamp from the future does not hide what comes until then", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = at("12:00:00")
      app.people = [person("a", "2099-01-01T00:00:00Z"), person("b", "no date")]
      const { context, resource } = yield* connect(app.url)
      const { end } = yield* collect(resource.changes!.fetch(context(), at("08:00:00")))
      assert.strictEqual(end?.cursor, "2026-03-02T12:00:00.000Z")
    })
  )

  it.live("moves on when nothing changes, an hour behind the app's clock", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = at("12:00:00")
      app.people = ["a", "b", "c"].map((id) => person(id, at("09:00:00")))
      const { context, resource } = yield* connect(app.url)
      const { end } = yield* collect(resource.changes!.fetch(context(), at("09:00:00")))
      assert.strictEqual(end?.cursor, "2026-03-02T11:00:00.000Z")
      const quiet = yield* collect(resource.changes!.fetch(context(), end!.cursor!))
      assert.deepStrictEqual(quiet.ids, [])
    })
  )

  it.live("never goes back behind where it was", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = at("01:00:00")
      const { context, resource } = yield* connect(app.url)
      const { end } = yield* collect(resource.changes!.fetch(context(), at("08:00:00")))
      assert.strictEqual(end?.cursor, "2026-03-02T08:00:00.000Z")
    })
  )

  const bounds: ReadonlyArray<[string, object, string]> = [
    ["seconds by default", {}, `since=${at("09:58:59")}`],
    ["exclusive comparison", { inclusive: false }, `since=${at("09:58:58")}`],
    ["a coarse comparison", { granularity: "day" }, "since=2026-03-02"],
    ["a coarse and exclusive one", { granularity: "day", inclusive: false }, "since=2026-03-01"],
    ["milliseconds", { granularity: "millisecond" }, "since=2026-03-02T09:58:59.500Z"],
    ["epoch seconds", { format: "seconds" }, `since=${Date.parse(at("09:58:59")) / 1000}`],
    ["epoch milliseconds", { format: "milliseconds" }, `since=${Date.parse(at("09:58:59"))}`],
    ["a longer overlap", { overlap: "1 hour" }, `since=${at("08:59:59")}`],
    ["an expression", { param: { q: 'changed ge "{since}"' } }, `q=changed ge "${at("09:58:59")}"`],
    [
      "a function",
      { param: (request: object, bound: string) => ({ ...request, query: { on: bound } }) },
      `on=${at("09:58:59")}`
    ]
  ]
  it.live.each(bounds)("asks by %s", ([, options, expected]) =>
    Effect.gen(function* () {
      const app = yield* startApp
      const { context, resource } = yield* connect(app.url, {
        changes: { field: "changed", param: "since", ...options }
      })
      yield* collect(resource.changes!.fetch(context(), at("09:59:59.500")))
      const [asked] = [...app.queries("/acme/people")[0]!]
      assert.strictEqual(asked?.join("="), expected)
    })
  )

  it.live("refuses a cursor that is no instant, so that a listing starts anew", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      const { context, resource } = yield* connect(app.url)
      const error = yield* Effect.flip(collect(resource.changes!.fetch(context(), "page-7")))
      assert.strictEqual(error.reason._tag, "CursorExpired")
    })
  )

  it.live("rows that are marked as deleted are deletions, in listings and deltas", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [
        person("a", at("09:00:00")),
        person("b", at("09:00:00"), { archived: true }),
        person("c", at("09:00:00"))
      ]
      const { context, resource } = yield* connect(app.url, {
        deletions: { flag: ({ archived }) => archived === true }
      })
      const listed = yield* collect(resource.list(context()))
      assert.deepStrictEqual([listed.ids, listed.deleted, listed.end?.evidence], [["a", "c"], ["b"], "counted"])
      const delta = yield* collect(resource.changes!.fetch(context(), at("08:00:00")))
      assert.deepStrictEqual([delta.ids, delta.deleted], [["a", "c"], ["b"]])
    })
  )
})

describe("deletions from an endpoint of their own", () => {
  const options = { deletions: { list: gone, id: "ref", param: "since" } } as const

  it.live("come before the changes, so that a restored record is there in the end", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = at("12:00:00")
      app.deleted = [
        { ref: "a", at: at("09:00:00") },
        { ref: 5, at: at("09:30:00") },
        { ref: "old", at: at("01:00:00") }
      ]
      app.people = [person("a", at("09:10:00"))]
      const { context, resource } = yield* connect(app.url, options)
      const { pages } = yield* collect(resource.changes!.fetch(context(), at("08:00:00")))
      assert.deepStrictEqual(
        pages.map(({ deleted, records }) => [deleted, records.length]),
        [
          [["a", "5"], 0],
          [[], 1]
        ]
      )
      assert.strictEqual(app.queries("/acme/deleted")[0]!.get("since"), at("07:59:00"))
    })
  )

  it.live("goes on from each page, with the clock of the beginning", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = at("10:00:00")
      app.deleted = [{ ref: "x", at: at("09:00:00") }]
      app.people = ["a", "b", "c", "d", "e"].map((id) => person(id, at("11:00:00")))
      const { context, resource } = yield* connect(app.url, options)
      const all = yield* collect(resource.changes!.fetch(context(), at("08:00:00")))
      assert.deepStrictEqual(all.deleted, ["x"])
      assert.strictEqual(all.end?.cursor, "2026-03-02T10:00:00.000Z")
      app.clock = at("12:00:00")
      for (const [index, { checkpoint }] of all.pages.entries()) {
        const rest = yield* collect(resource.changes!.fetch(context({ checkpoint }), at("08:00:00")))
        assert.deepStrictEqual(rest.ids, all.ids.slice(index * 2), `after page ${index + 1}`)
        assert.deepStrictEqual(rest.deleted, [])
        assert.strictEqual(rest.end?.cursor, all.end?.cursor, `cursor after page ${index + 1}`)
      }
    })
  )

  it.live("without the app's clock, no deletion can fall between two deltas", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.clock = null
      app.people = [person("a", at("11:00:00"))]
      const { context, resource } = yield* connect(app.url, options)
      const { end } = yield* collect(resource.changes!.fetch(context(), at("08:00:00")))
      assert.strictEqual(end?.cursor, "2026-03-02T08:00:00.000Z")
    })
  )

  it.live("a refused endpoint fails the run, or is reported when that is declared", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [person("a", at("09:00:00"))]
      app.intercept = (path) => (path === "/acme/deleted" ? { status: 403, body: '{"message":"no"}' } : undefined)
      const strict = yield* connect(app.url, options)
      const error = yield* Effect.flip(collect(strict.resource.changes!.fetch(strict.context(), at("08:00:00"))))
      assert.deepInclude({ ...error }, { operation: "employee.deleted" })
      assert.strictEqual(error.reason._tag, "Forbidden")

      const lenient = yield* connect(app.url, { deletions: { ...options.deletions, whenRefused: "report" } })
      const { end, ids } = yield* collect(lenient.resource.changes!.fetch(lenient.context(), at("08:00:00")))
      assert.deepStrictEqual(ids, ["a"])
      assert.isDefined(end)
      assert.deepStrictEqual(
        lenient.issues.map(({ code }) => code),
        ["deletions.unavailable"]
      )
    })
  )

  it.live("a row without an id and a listing that breaks off give no proof", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [person("a", at("09:00:00"))]
      app.deleted = [{ ref: {}, at: at("09:00:00") }]
      const first = yield* connect(app.url, options)
      const error = yield* Effect.flip(collect(first.resource.changes!.fetch(first.context(), at("08:00:00"))))
      assert.strictEqual(error.reason._tag, "BadPayload")

      app.deleted = [{ ref: "x", at: at("09:00:00") }]
      const short = { ...options.deletions, list: Declare.whole({ path: "/deleted", items: "rows", total: () => 2 }) }
      const second = yield* connect(app.url, { deletions: short })
      const { end, ids } = yield* collect(second.resource.changes!.fetch(second.context(), at("08:00:00")))
      assert.deepStrictEqual([end, ids], [undefined, []])
      assert.deepStrictEqual(
        second.issues.map(({ code }) => code),
        ["listing.incomplete"]
      )
    })
  )

  it.live("changes may come from another listing than the resource's own", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [person("a", at("09:00:00"))]
      const { context, resource } = yield* connect(app.url, {
        list: Declare.whole({ path: "/never" }),
        changes: { field: "changed", param: "since", list: people }
      })
      assert.deepStrictEqual((yield* collect(resource.changes!.fetch(context(), at("08:00:00")))).ids, ["a"])
    })
  )
})
