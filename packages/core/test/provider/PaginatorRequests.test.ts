import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type DataType, Paginator, type Resource } from "../../src/index.ts"
import { clientOn, contextOf, ok, readAll, transport } from "./Fakes.ts"
import { kinds, listing, type Row, rowsOf } from "./Paging.ts"

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
