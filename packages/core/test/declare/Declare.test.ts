import { assert, describe, it } from "@effect/vitest"
import { Declare } from "@crochet/core"
import { Employee } from "@crochet/models"
import { Effect, Option, Schema, Stream } from "effect"
import { collect, connect, people, Row, spec, startApp } from "./PeopleApp.ts"

const person = (id: string | number, changed: string, more: object = {}) => ({
  id,
  given: `Given ${id}`,
  changed,
  ...more
})
const monday = (time: string) => `2026-03-02T${time}Z`

describe("a declared resource", () => {
  it.live("lists every page by its paths, with text ids and proof of the end", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [person("a", monday("08:00:00")), person(2, monday("08:00:01")), person("c", monday("08:00:02"))]
      const { context, resource } = yield* connect(app.url)
      const all = yield* collect(resource.list(context()))
      assert.deepStrictEqual(
        all.pages.flatMap(({ records }) => records.map(resource.recordId)),
        ["a", "2", "c"]
      )
      assert.deepInclude(all.end, { evidence: "counted", paging: "token" })
      assert.deepStrictEqual(resource.toRecord(all.pages[0]!.records[1]), {
        profile: { firstName: "Given 2", id: "2" }
      })
    })
  )

  it.live("goes on from the checkpoint of each page", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = ["a", "b", "c", "d", "e"].map((id) => person(id, monday("08:00:00")))
      const { context, resource } = yield* connect(app.url)
      const all = yield* collect(resource.list(context()))
      for (const [at, { checkpoint }] of all.pages.entries()) {
        const rest = yield* collect(resource.list(context({ checkpoint })))
        assert.deepStrictEqual(rest.ids, all.ids.slice((at + 1) * 2), `after page ${at + 1}`)
        assert.isDefined(rest.end)
      }
    })
  )

  it.live("refuses an answer without a list instead of taking it for an empty one", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      const { context, resource } = yield* connect(app.url)
      for (const body of ["{}", '{"data":{"people":{}}}', '{"data":null}', "[]"]) {
        app.intercept = () => ({ status: 200, body })
        const error = yield* Effect.flip(collect(resource.list(context())))
        assert.strictEqual(error.reason._tag, "BadPayload", body)
        assert.strictEqual(error.operation, "employee.list")
      }
    })
  )

  it.live("leaves a malformed row to the mapper, and reads the others of its page", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [person("a", monday("08:00:00"), { given: 5 }), person("b", monday("08:00:00"))]
      const { context, resource } = yield* connect(app.url)
      const { ids, pages } = yield* collect(resource.list(context()))
      assert.deepStrictEqual(ids, ["a", "b"])
      const [bad, good] = pages[0]!.records
      assert.throws(() => resource.toRecord(bad), /given/)
      assert.deepStrictEqual(resource.toRecord(good), { profile: { firstName: "Given b", id: "b" } })
      assert.throws(() => resource.recordId({ given: "x" }), /no id/)
    })
  )

  it.live("gets one record, and knows gone from a wrong address", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      app.people = [person("a/b", monday("08:00:00")), person("old", monday("08:00:00"), { archived: true })]
      const { context, resource } = yield* connect(app.url, {
        deletions: { flag: ({ archived }) => archived === true }
      })
      const get = (id: string) => resource.get!(context(), id)
      assert.deepInclude(Option.getOrThrow(yield* get("a/b")), { id: "a/b" })
      assert.isTrue(Option.isNone(yield* get("nobody")))
      assert.isTrue(Option.isNone(yield* get("old")))
      app.intercept = () => ({ status: 404, body: "<html>Not found</html>" })
      assert.strictEqual((yield* Effect.flip(get("a/b"))).reason._tag, "BadPayload")
      app.intercept = () => ({ status: 200, body: '{"person":null}' })
      assert.strictEqual((yield* Effect.flip(get("a/b"))).reason._tag, "BadPayload")
    })
  )

  it.live("says which part of a path is missing, and lets no id lead upwards", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      const { context, resource } = yield* connect(app.url, { list: Declare.whole({ path: "/orgs/{org}/people" }) })
      const listing = yield* Effect.flip(collect(resource.list(context())))
      assert.strictEqual(listing.reason._tag, "InvalidRequest")
      assert.include(listing.message, "org is missing")
      for (const id of ["..", ".", ""]) {
        assert.strictEqual((yield* Effect.flip(resource.get!(context(), id))).reason._tag, "InvalidRequest", id)
      }
      assert.deepStrictEqual(app.requests, [])
    })
  )

  it.live("turns native filters into query parameters", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      const filters = [
        { id: "department", label: "Department", help: "", param: "dept" },
        { id: "site", label: "Site", help: "" }
      ]
      const { context, resource } = yield* connect(app.url, { filters })
      yield* Stream.runDrain(resource.list(context({ filters: { department: "R&D", site: "1" } })))
      assert.deepStrictEqual(
        [...app.queries("/acme/people")[0]!],
        [
          ["dept", "R&D"],
          ["site", "1"]
        ]
      )
      assert.deepStrictEqual(
        resource.filters?.map(({ id }) => id),
        ["department", "site"]
      )
    })
  )

  it("derives support from what the mapping names", () => {
    const { support } = Declare.resource(Employee, {
      ...spec,
      map: { ...spec.map, customFields: () => ({}) },
      unread: "NOT_IMPLEMENTED",
      support: { w4Data: "UNSUPPORTED", profile: { fields: { username: "UNSUPPORTED" } } }
    })
    assert.deepStrictEqual(Object.keys(support), Object.keys(Employee.models))
    assert.deepInclude(support.profile!.fields, { username: "UNSUPPORTED", lastName: "NOT_IMPLEMENTED" })
    assert.notProperty(support.profile!.fields, "firstName")
    assert.deepStrictEqual(support.customFields, { support: "SUPPORTED" })
    assert.deepStrictEqual(support.w4Data, { support: "UNSUPPORTED" })
    assert.deepStrictEqual(support.dependents, { support: "NOT_IMPLEMENTED" })
  })

  it("refuses declarations that cannot work, and says why", () => {
    const declaring = (options: object) => () => Declare.resource(Employee, { ...spec, ...options })
    assert.throws(declaring({ map: () => ({}) }), /support must be declared/)
    assert.throws(declaring({ map: { nobody: {} } }), /map names nobody/)
    assert.throws(declaring({ support: { nobody: "SUPPORTED" } }), /support names nobody/)
    assert.throws(declaring({ get: "/people" }), /\{id\}/)
    assert.throws(declaring({ list: () => Stream.empty }), /changes\.list is needed/)
    assert.throws(declaring({ changes: undefined, deletions: { list: people } }), /declare changes/)
    assert.throws(() => Declare.whole({ path: "/x", items: "a b" }).pager, /items: "a b" is not a path/)
  })

  it.live("takes code at every point", () =>
    Effect.gen(function* () {
      const app = yield* startApp
      const { context, resource } = yield* connect(app.url, {
        id: ({ id }) => `person-${id}`,
        list: ({ end }) =>
          Stream.make(
            { _tag: "Page" as const, records: [{ id: "x", given: "X", changed: "" }], deleted: [], checkpoint: null },
            end({ because: "there is one", paging: "whole" })
          ),
        changes: {
          start: () => Effect.succeed("1"),
          fetch: ({ end }) => Stream.make(end({ because: "none", paging: "whole" }))
        },
        get: () => Effect.succeedNone,
        map: ({ given }) => ({ profile: { firstName: given } }),
        support: { profile: "SUPPORTED" }
      })
      const { pages } = yield* collect(resource.list(context()))
      assert.strictEqual(resource.recordId(pages[0]!.records[0]), "person-x")
      assert.deepStrictEqual(resource.toRecord(pages[0]!.records[0]), { profile: { firstName: "X" } })
      assert.strictEqual(yield* resource.changes!.start(context()), "1")
      assert.deepStrictEqual(resource.support.profile, { support: "SUPPORTED" })
    })
  )

  it("reads rows whose schema transforms", () => {
    const Numbered = Schema.Struct({ id: Schema.String, hours: Schema.FiniteFromString })
    const resource = Declare.resource(Employee, {
      row: Numbered,
      id: "id",
      list: Declare.whole({ path: "/people" }),
      map: { profile: { weeklyHours: "hours" } }
    })
    assert.deepStrictEqual(resource.toRecord({ id: "1", hours: "37.5" }), { profile: { weeklyHours: 37.5 } })
    assert.isDefined(Row)
  })
})
