import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Paginator } from "../../src/index.ts"
import { clientOn, contextOf, ok, readAll, type Seen, transport } from "./Fakes.ts"
import { kinds, listing, number, type Row, rowsOf } from "./Paging.ts"

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
