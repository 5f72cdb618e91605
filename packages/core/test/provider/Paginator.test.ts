import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { type DataType, Paginator, type Resource } from "../../src/index.ts"
import type { Seen } from "./Fakes.ts"
import { clientOn, contextOf, ok, readAll, transport } from "./Fakes.ts"

interface Row {
  readonly id: string
  readonly at: number
}
const Row = Schema.Struct({ id: Schema.String, at: Schema.Finite })
const answer = Schema.Struct({
  data: Schema.Array(Row),
  next: Schema.optional(Schema.NullOr(Schema.String)),
  total: Schema.optional(Schema.Int),
  more: Schema.optional(Schema.Boolean)
})
const listing = {
  request: () => ({ operation: "employee.list", path: "/employees", query: { fields: "id" } }),
  answer,
  items: (page: typeof answer.Type) => page.data,
  id: (row: Row) => row.id
}

const rowsOf = (count: number): ReadonlyArray<Row> =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, at: index }))
const number = (seen: Seen, name: string, otherwise: number) => Number(seen.url.searchParams.get(name) ?? otherwise)

/** Every way of paging with a fake app that offers `rows` in pages of `size`. */
const kinds: {
  readonly [kind: string]: {
    readonly paging: string
    readonly pager: Paginator.Pager<Row>
    readonly serve: (rows: ReadonlyArray<Row>, size: number) => (seen: Seen) => Response
  }
} = {
  cursor: {
    paging: "token",
    pager: Paginator.cursor({ ...listing, next: (page) => page.next, param: "after" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "after", 0)
      const next = at + size < rows.length ? String(at + size) : null
      return ok({ data: rows.slice(at, at + size), next })
    }
  },
  "next URL": {
    paging: "token",
    pager: Paginator.nextUrl({ ...listing, next: (page) => page.next, paging: "token" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "at", 0)
      const next = at + size < rows.length ? `/api/v1/employees?at=${at + size}` : undefined
      return ok({ data: rows.slice(at, at + size), next })
    }
  },
  "link header": {
    paging: "offset",
    pager: Paginator.linkHeader({ ...listing, paging: "offset" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "at", 0)
      const link = `<https://acme.example.com/x?a=1,2>; rel="first", <https://acme.example.com/api/v1/employees?at=${at + size}>; title="a, b"; rel="next last"`
      return ok({ data: rows.slice(at, at + size) }, at + size < rows.length ? { link } : {})
    }
  },
  "offset to an empty page": {
    paging: "offset",
    pager: Paginator.offset({ ...listing, param: "offset" }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "offset", 0)
      return ok({ data: rows.slice(at, at + size) })
    }
  },
  "offset from 1 with a total": {
    paging: "offset",
    pager: Paginator.offset({ ...listing, param: "start", first: 1, total: (page) => page.total }),
    serve: (rows, size) => (seen) => {
      const at = number(seen, "start", 1) - 1
      return ok({ data: rows.slice(at, at + size), total: rows.length })
    }
  },
  "page number": {
    paging: "offset",
    pager: Paginator.pageNumber({ ...listing, param: "page", more: (page) => page.more }),
    serve: (rows, size) => (seen) => {
      const at = (number(seen, "page", 1) - 1) * size
      return ok({ data: rows.slice(at, at + size), more: at + size < rows.length })
    }
  },
  "key range": {
    paging: "keyset",
    pager: Paginator.keyRange({
      ...listing,
      key: (row) => row.at,
      from: "from",
      size: "limit",
      pageSize: 2,
      maxPageSize: 8
    }),
    serve: (rows) => (seen) => {
      const from = number(seen, "from", Number.NEGATIVE_INFINITY)
      return ok({ data: rows.filter((row) => row.at >= from).slice(0, number(seen, "limit", 2)) })
    }
  },
  "exclusive key range": {
    paging: "keyset",
    pager: Paginator.keyRange({ ...listing, key: (row) => row.at, from: "after", pageSize: 2, exclusive: true }),
    serve: (rows, size) => (seen) => {
      const after = number(seen, "after", Number.NEGATIVE_INFINITY)
      return ok({ data: rows.filter((row) => row.at > after).slice(0, size) })
    }
  },
  whole: {
    paging: "whole",
    pager: Paginator.whole(listing),
    serve: (rows) => () => ok({ data: rows })
  }
}

describe.each(Object.entries(kinds))("Paginator: %s", (_, { pager, paging, serve }) => {
  it.effect("gives every row once and one End, for all small listings and page sizes", () =>
    Effect.gen(function* () {
      for (let count = 0; count <= 9; count++) {
        for (let size = 1; size <= 4; size++) {
          const client = yield* clientOn(transport(serve(rowsOf(count), size)))
          const all = yield* readAll(pager, client)
          const what = `${count} rows in pages of ${size}`
          assert.deepStrictEqual(all.records, rowsOf(count), what)
          assert.deepStrictEqual(
            all.ends.map((end) => end.paging),
            [paging],
            what
          )
          assert.isTrue(all.endIsLast, what)
          assert.isEmpty(all.issues, what)
        }
      }
    })
  )

  it.effect("goes on from every checkpoint to the same rest", () =>
    Effect.gen(function* () {
      const client = yield* clientOn(transport(serve(rowsOf(7), 2)))
      const all = yield* readAll(pager, client)
      for (const [index, page] of all.pages.entries()) {
        const stored: unknown = JSON.parse(JSON.stringify(page.checkpoint))
        const rest = yield* readAll(pager, client, { checkpoint: stored })
        const expected = all.pages.slice(index + 1).flatMap((one) => one.records)
        assert.deepStrictEqual(rest.records, expected, `after page ${index + 1}`)
        assert.deepStrictEqual(rest.ends, all.ends, `after page ${index + 1}`)
      }
    })
  )

  it.effect("starts again and says so when the checkpoint is of another kind", () =>
    Effect.gen(function* () {
      const client = yield* clientOn(transport(serve(rowsOf(3), 2)))
      const all = yield* readAll(pager, client, { checkpoint: { kind: "elsewhere", page: 7 } })
      assert.deepStrictEqual(all.records, rowsOf(3))
      assert.deepStrictEqual(all.issues, ["listing.restarted"])
    })
  )

  it.effect("fails instead of ending when an answer has no rows where they belong", () =>
    Effect.gen(function* () {
      for (const body of [{}, [], { data: null }, { data: {} }, { error: "no" }]) {
        const client = yield* clientOn(transport(() => ok(body)))
        const error = yield* Effect.flip(readAll(pager, client))
        assert.strictEqual(error.reason._tag, "BadPayload", JSON.stringify(body))
      }
    })
  )

  it.effect("asks for a page only when it is wanted", () =>
    Effect.gen(function* () {
      const app = transport(serve(rowsOf(9), 2))
      const { context } = contextOf(yield* clientOn(app))
      yield* Stream.runCollect(Stream.take(pager(context), 1))
      assert.lengthOf(app.seen, 1)
    })
  )
})

describe("Paginator: completeness", () => {
  it.effect("gives no End but an issue when the app reports more rows than it gave", () =>
    Effect.gen(function* () {
      const pagers = [
        Paginator.cursor({ ...listing, next: (page) => page.next, param: "after", total: (page) => page.total }),
        Paginator.offset({ ...listing, param: "offset", total: (page) => page.total }),
        Paginator.pageNumber({ ...listing, param: "page", total: (page) => page.total }),
        Paginator.whole({ ...listing, total: (page) => page.total })
      ]
      for (const pager of pagers) {
        const rows = rowsOf(3)
        const client = yield* clientOn(transport((_, nth) => ok({ data: nth === 1 ? rows : [], total: 4 })))
        const all = yield* readAll(pager, client)
        assert.deepStrictEqual(all.records, rows)
        assert.isEmpty(all.ends)
        assert.deepStrictEqual(all.issues, ["listing.incomplete"])
        const again = yield* readAll(pager, client, { checkpoint: all.pages.at(-1)?.checkpoint })
        assert.isEmpty(again.ends, "a restart must not make an incomplete listing complete")
      }
    })
  )

  it.effect("counts across a restart", () =>
    Effect.gen(function* () {
      const pager = Paginator.offset({ ...listing, param: "offset", total: (page) => page.total })
      const client = yield* clientOn(
        transport((seen) =>
          ok({ data: rowsOf(4).slice(number(seen, "offset", 0), number(seen, "offset", 0) + 2), total: 4 })
        )
      )
      const all = yield* readAll(pager, client)
      const rest = yield* readAll(pager, client, { checkpoint: all.pages[0]?.checkpoint })
      assert.deepStrictEqual(
        rest.ends.map((end) => end.evidence),
        ["counted"]
      )
    })
  )

  it.effect("does not take a page that is shorter than asked for as the end", () =>
    Effect.gen(function* () {
      // The app silently caps the page at 2, whatever is asked for.
      const serve = (seen: Seen) =>
        ok({
          data: rowsOf(5)
            .slice(number(seen, "offset", 0))
            .slice(0, 2)
        })
      const all = yield* readAll(
        Paginator.offset({
          ...listing,
          request: () => ({ operation: "x", path: "/", query: { limit: 100 } }),
          param: "offset"
        }),
        yield* clientOn(transport(serve))
      )
      assert.lengthOf(all.records, 5)
    })
  )
})

describe("Paginator: endless listings", () => {
  const fails = (pager: Paginator.Pager<Row>, serve: (seen: Seen, nth: number) => Response) =>
    Effect.gen(function* () {
      const app = transport(serve)
      const error = yield* Effect.flip(readAll(pager, yield* clientOn(app)))
      assert.strictEqual(error.reason._tag, "BadPayload")
      assert.include(error.message, "does not end")
      assert.isBelow(app.seen.length, 150)
    })
  const cursor = Paginator.cursor({ ...listing, next: (page) => page.next, param: "after" })

  it.effect("a cursor that stays, or goes in a circle", () =>
    Effect.gen(function* () {
      yield* fails(cursor, (_, nth) => ok({ data: [{ id: `${nth}`, at: 0 }], next: "same" }))
      yield* fails(cursor, (_, nth) => ok({ data: [{ id: `${nth}`, at: 0 }], next: `c${nth % 5}` }))
    })
  )
  it.effect("a parameter that the app ignores", () =>
    Effect.gen(function* () {
      yield* fails(Paginator.pageNumber({ ...listing, param: "page" }), (_, nth) =>
        ok({ data: [{ id: "1", at: nth }] })
      )
      yield* fails(Paginator.offset({ ...listing, param: "offset" }), () => ok({ data: rowsOf(2) }))
    })
  )
  it.effect("a page of deletions that comes again and again", () =>
    fails(
      Paginator.cursor({ ...listing, next: (page) => page.next, param: "after", deleted: () => ["gone"] }),
      (_, nth) => ok({ data: [], next: `c${nth}` })
    )
  )
  it.effect("one empty page after another", () => fails(cursor, (_, nth) => ok({ data: [], next: `c${nth}` })))
})

describe("Paginator: key range with equal keys", () => {
  const serve = (rows: ReadonlyArray<Row>, cap: number) => (seen: Seen) =>
    ok({
      data: rows.filter((row) => row.at >= number(seen, "from", 0)).slice(0, Math.min(cap, number(seen, "limit", 3)))
    })
  const keyOf = { ...listing, key: (row: Row) => row.at, from: "from", pageSize: 3 } as const
  const ids = (rows: ReadonlyArray<Row>) => rows.map((row) => row.id)

  it.effect.prop(
    "loses no row, gives none twice, and goes on from every checkpoint",
    { keys: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))) },
    ({ keys }) =>
      Effect.gen(function* () {
        const rows = [...keys].sort((left, right) => left - right).map((at, index) => ({ id: `r${index}`, at }))
        const pager = Paginator.keyRange({ ...keyOf, size: "limit", maxPageSize: 1_000 })
        const client = yield* clientOn(transport(serve(rows, 1_000)))
        const all = yield* readAll(pager, client)
        assert.deepStrictEqual(ids(all.records), ids(rows))
        assert.lengthOf(all.ends, 1)
        for (const [index, page] of all.pages.entries()) {
          const rest = yield* readAll(pager, client, { checkpoint: page.checkpoint })
          assert.deepStrictEqual(ids(rest.records), ids(all.pages.slice(index + 1).flatMap((one) => one.records)))
        }
      }),
    { arbitrary: { runs: 200, size: 20, seed: 7 } }
  )

  it.effect.prop(
    "gives every row or fails, never less, when the page cannot grow",
    { keys: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))) },
    ({ keys }) =>
      Effect.gen(function* () {
        const rows = [...keys].sort((left, right) => left - right).map((at, index) => ({ id: `r${index}`, at }))
        const client = yield* clientOn(transport(serve(rows, 3)))
        const all = yield* Effect.result(readAll(Paginator.keyRange(keyOf), client))
        if (all._tag === "Success") assert.deepStrictEqual(ids(all.success.records), ids(rows))
        else assert.include(all.failure.message, "share one key")
      }),
    { arbitrary: { runs: 200, size: 20, seed: 7 } }
  )

  it.effect("notices that the app gives smaller pages than asked for, and fails rather than skip equal keys", () =>
    Effect.gen(function* () {
      const rows = [0, 1, 2, 2, 2, 3].map((at, index) => ({ id: `r${index}`, at }))
      const pager = Paginator.keyRange({ ...keyOf, pageSize: 50 })
      const error = yield* Effect.flip(readAll(pager, yield* clientOn(transport(serve(rows, 2)))))
      assert.include(error.message, "share one key")
      const pairs = [0, 1, 1, 2, 3, 3].map((at, index) => ({ id: `r${index}`, at }))
      const enough = yield* readAll(pager, yield* clientOn(transport(serve(pairs, 3))))
      assert.deepStrictEqual(ids(enough.records), ids(pairs))
    })
  )

  it.effect("fails when the rows come out of order or without a key", () =>
    Effect.gen(function* () {
      for (const data of [
        [
          { id: "a", at: 2 },
          { id: "b", at: 1 }
        ],
        [{ id: "a", at: -1 }]
      ]) {
        const pager = Paginator.keyRange({ ...keyOf, key: (row) => (row.at < 0 ? undefined : row.at) })
        const error = yield* Effect.flip(readAll(pager, yield* clientOn(transport(() => ok({ data })))))
        assert.strictEqual(error.reason._tag, "BadPayload")
      }
    })
  )

  it.effect("refuses an exclusive bound for a key that rows share", () =>
    Effect.gen(function* () {
      const pager = Paginator.keyRange({ ...keyOf, exclusive: true })
      const data = [
        { id: "a", at: 1 },
        { id: "b", at: 1 }
      ]
      const error = yield* Effect.flip(readAll(pager, yield* clientOn(transport(() => ok({ data })))))
      assert.include(error.message, "share a key")
    })
  )

  it.effect("ends a delta at its largest key, or where it began when nothing has changed", () =>
    Effect.gen(function* () {
      const since = {
        ...keyOf,
        request: (_: unknown, from: string | undefined) => ({ operation: "x", path: "/x", query: { from } })
      }
      const pager = Paginator.keyRange(since)
      const some = yield* readAll(pager, yield* clientOn(transport(serve(rowsOf(9), 3))), { since: "4" })
      assert.deepStrictEqual(ids(some.records), ["r4", "r5", "r6", "r7", "r8"])
      assert.deepStrictEqual(
        some.ends.map((end) => end.cursor),
        ["8"]
      )
      const none = yield* readAll(pager, yield* clientOn(transport(serve(rowsOf(2), 3))), { since: "4" })
      assert.deepStrictEqual(
        none.ends.map((end) => end.cursor),
        ["4"]
      )
    })
  )
})

describe("Paginator: what it sends", () => {
  it.effect("fits a resource's list and its changes", () =>
    Effect.sync(() => {
      const pager = Paginator.whole(listing)
      const resource: {
        readonly list: Resource.Resource<DataType.DataType, Row>["list"]
        readonly changes: Resource.Changes<Row>
      } = { list: pager, changes: { start: () => Effect.succeed("0"), fetch: pager } }
      assert.isFunction(resource.list)
    })
  )

  it.effect("passes extra query parameters through, but not over the connector's own", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({ data: [] }))
      const { context } = contextOf(yield* clientOn(app), { query: { fields: "all", extra: "1" } })
      yield* Stream.runDrain(kinds["cursor"]!.pager(context))
      assert.strictEqual(app.seen[0]?.url.search, "?fields=id&extra=1")
    })
  )

  it.effect("does not follow a next link to another host", () =>
    Effect.gen(function* () {
      const app = transport(() => ok({ data: rowsOf(1), next: "https://evil.example.org/employees" }))
      const error = yield* Effect.flip(readAll(kinds["next URL"]!.pager, yield* clientOn(app)))
      assert.strictEqual(error.reason._tag, "InvalidRequest")
      assert.lengthOf(app.seen, 1)
    })
  )

  it.effect("reads Link headers as RFC 8288 has them", () =>
    Effect.sync(() => {
      assert.strictEqual(Paginator.linkOf('<a>; rel=prev, <b>;REL="x next"', "next"), "b")
      assert.strictEqual(Paginator.linkOf('<a?x=1,2;3>; title="q\\"; rel=next"; rel="next"', "next"), "a?x=1,2;3")
      assert.strictEqual(Paginator.linkOf('<a>; rel="prev"; rel="next"', "next"), undefined)
      assert.strictEqual(Paginator.linkOf("no link here", "next"), undefined)
      assert.strictEqual(Paginator.linkOf(undefined, "next"), undefined)
    })
  )
})
