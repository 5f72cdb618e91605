import { DestinationStore, IntegrationStore, OutboxStore, SyncStore } from "@crochet/core"
import { SqlStore } from "@crochet/core/sql"
import { Fixtures as Fixture } from "@crochet/core/testing"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql/SqlClient"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
let log = ""
beforeAll(async () => {
  const settings = {
    // Statistics are as the test makes them.
    autovacuum: "off",
    session_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off"
  }
  server = await Server.start(settings, {}, (text) => void (log += text))
})
afterAll(() => server.remove())

/** Rows that the nodes of the logged plans came by, those that a condition threw away included. */
const rowsIn = (plans: string): number => {
  let rows = 0
  let loops = 1
  for (const line of plans.split("\n")) {
    const node = / \(actual rows=([\d.]+) loops=(\d+)\)/.exec(line)
    if (node !== null) {
      loops = Number(node[2])
      rows += Number(node[1]) * loops
    }
    const removed = /Rows Removed by .*: (\d+)/.exec(line)
    if (removed !== null) rows += Number(removed[1]) * loops
  }
  return rows
}

/** One connection: every plan is made on it, and everything that was read is known to it. */
const store = Layer.unwrap(
  Effect.map(
    Effect.promise(() => server.createDatabase()),
    (url) =>
      SqlStore.layerPostgres().pipe(
        Layer.provideMerge(PostgresClient.layer({ url: Redacted.make(url), maxConnections: 1 }))
      )
  )
)

const world = Effect.gen(function* () {
  const sql = yield* SqlClient
  const outbox = yield* OutboxStore.OutboxStore
  yield* Effect.flatMap(IntegrationStore.IntegrationStore, (store) => store.save(Fixture.integration("int_1")))
  const destinations = yield* DestinationStore.DestinationStore
  yield* destinations.save(Fixture.destination("dst_1", { coalesce: true }))
  yield* Effect.flatMap(SyncStore.SyncStore, (store) => store.saveJob(Fixture.job("job_1")))
  let marks = 0
  /** Rows that statements came by since the last time. */
  const work = Effect.gen(function* () {
    const mark = `mark ${++marks}`
    yield* sql`SELECT ${mark}::text`
    for (let wait = 0; !log.includes(mark) && wait < 1000; wait++) yield* Effect.sleep(5)
    const rows = rowsIn(log)
    log = ""
    return rows
  })
  const take = (limit: number) => outbox.claim({ destinationId: "dst_1", owner: "me", limit, leaseMillis: 60_000 })
  const acknowledge = (claimed: Effect.Success<ReturnType<typeof take>>) =>
    outbox.settle(
      claimed.map((event) => Fixture.outcome(event)),
      Fixture.close
    )
  return { sql, outbox, work, take, acknowledge }
})

/** Events of records that have one waiting already, so that order and coalescing have something to do. */
const events = (
  name: string,
  count: number,
  sequence: number,
  type: "record.new" | "record.modified" = "record.modified"
) =>
  Array.from({ length: count }, (_, record) =>
    Fixture.event(`${name}_${record}`, { record, sequence, runId: null, type })
  )

describe("plans", () => {
  it.live.each(["never", "when it was empty", "while events waited", "while events were leased"])(
    "no statement of delivery goes through all rows for each of its own: the queue was measured %s",
    (measured) =>
      Effect.gen(function* () {
        const { acknowledge, outbox, sql, take, work } = yield* world
        if (measured !== "never") {
          yield* outbox.enqueue(events("old", 2000, 1, "record.new"))
          const measure = Effect.andThen(sql`VACUUM ANALYZE outbox`, sql`VACUUM ANALYZE bodies`)
          if (measured === "while events waited") yield* measure
          const claimed = yield* take(2000)
          if (measured === "while events were leased") yield* measure
          yield* acknowledge(claimed)
          if (measured === "when it was empty") yield* measure
        }
        const count = 1000
        const steps: Array<readonly [string, number]> = []
        const step = <A, E>(name: string, effect: Effect.Effect<A, E>) =>
          Effect.gen(function* () {
            yield* work
            const result = yield* effect
            steps.push([name, (yield* work) / count])
            return result
          })
        yield* step("enqueue", outbox.enqueue(events("a", count, 2)))
        yield* step("enqueue behind", outbox.enqueue(events("b", count, 3, "record.new")))
        yield* step("enqueue and coalesce", outbox.enqueue(events("c", count, 4)))
        const first = yield* step("claim", take(count))
        assert.lengthOf(first, count)
        assert.lengthOf(yield* step("renew", outbox.renew(first, 60_000)), count)
        yield* step("release", outbox.release(first))
        const again = yield* take(count)
        assert.lengthOf(again, count)
        yield* step(
          "settle for a retry",
          outbox.settle(
            again.map((event) => Fixture.outcome(event, { kind: "retry", at: 0 })),
            Fixture.close
          )
        )
        const last = yield* take(count)
        yield* step("settle", acknowledge(last))
        assert.lengthOf(yield* take(count), count, "those behind are free")
        // The ten or so statements of a step look their rows up in a few indexes each.
        for (const [name, perEvent] of steps)
          assert.isBelow(perEvent, 100, `${name} reads ${perEvent} rows for each event`)
      }).pipe(Effect.provide(store))
  )
})
