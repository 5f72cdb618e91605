import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Paginator } from "../../src/index.ts"
import { clientOn, ok, readAll, type Seen, transport } from "./Fakes.ts"
import { listing, number, type Row, rowsOf } from "./Paging.ts"

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
