import { DestinationStore, IntegrationStore, OutboxStore, SyncStore } from "@crochet/core"
import { Fixtures as Fixture } from "@crochet/core/testing"
import { PostgresStore } from "@crochet/runtime-node"
import { PgConnection } from "@effect/sql-pg"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted, Result } from "effect"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.remove())

type Ordering = "record" | "run" | "none"

/** A run that reads for a destination of the order, with its first page written. */
const reading = (ordering: Ordering) =>
  Effect.gen(function* () {
    const url = Redacted.make(yield* Effect.promise(() => server.createDatabase()))
    const context = yield* Layer.build(Layer.fresh(PostgresStore.layer({ url, server: "test" })))
    const stores = Effect.gen(function* () {
      return {
        integrations: yield* IntegrationStore.IntegrationStore,
        destinations: yield* DestinationStore.DestinationStore,
        sync: yield* SyncStore.SyncStore,
        outbox: yield* OutboxStore.OutboxStore
      }
    })
    const { destinations, integrations, outbox, sync } = yield* Effect.provideContext(stores, context)
    yield* integrations.save(Fixture.integration("int_1"))
    yield* destinations.save(Fixture.destination("dst_1", { ordering }))
    yield* sync.saveJob(Fixture.job("job_1"))
    yield* sync.startRun(Fixture.run("run_1"))
    const { lease } = Option.getOrThrow(yield* sync.claimRun({ owner: "me", leaseMillis: 60_000 }))
    /** A page of one changed record. */
    const page = (id: string, record: number, sequence: number) =>
      sync.commitPage(
        lease,
        Fixture.page({
          rows: [Fixture.row(`k${record}`, record)],
          events: [Fixture.event(id, { record, sequence, type: "record.modified" })]
        })
      )
    yield* page("first", 1, 1)
    const change = (to: Ordering) =>
      destinations.change(Fixture.workspace, "dst_1", (known) => Result.succeed({ ...known, ordering: to }))
    const connection = yield* PgConnection.make({ url })
    const query = (text: string) => Effect.map(connection.query(text), ({ rows }) => rows)
    // A connection that does not say whose rows it is about sees none.
    yield* query("SET crochet.workspace = '*'")
    /** Until so many connections wait for a lock. */
    const waiting = (n: number) =>
      Effect.gen(function* () {
        for (let i = 0; i < 500; i++) {
          const [row] = yield* Effect.promise(() =>
            server.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
          )
          if ((row as { n: number }).n >= n) return
          yield* Effect.sleep(10)
        }
        assert.fail(`${n} connections do not wait for a lock`)
      })
    /** Takes everything that may go, round by round, and acknowledges it. */
    const rounds = Effect.gen(function* () {
      const seen: Array<string> = []
      for (;;) {
        const claimed = yield* outbox.claim({ destinationId: "dst_1", owner: "me", limit: 9, leaseMillis: 60_000 })
        if (claimed.length === 0) return seen
        seen.push(claimed.map(({ id }) => id).join())
        yield* outbox.settle(
          claimed.map((event) => Fixture.outcome(event)),
          Fixture.close
        )
      }
    })
    return { change, page, query, rounds, waiting }
  })

describe("another order while a page is being written", () => {
  for (const [from, to, expected] of [
    ["run", "record", ["first,second"]],
    ["run", "none", ["first,second"]],
    ["record", "run", ["first", "second"]],
    ["none", "run", ["first", "second"]]
  ] as const) {
    it.live(`${from} to ${to} after the page has read the order: its events are put into the new one, too`, () =>
      Effect.gen(function* () {
        const { change, page, query, rounds, waiting } = yield* reading(from)
        // Its events are written, and then it waits for a row of the snapshot.
        yield* query("BEGIN")
        yield* query(`INSERT INTO snapshot SELECT job_id, 'other', 2, raw, mapper, models, identifiers, sequence, state, reason
          FROM snapshot`)
        const writing = yield* Effect.forkChild(page("second", 2, 1))
        yield* waiting(1)
        const changing = yield* Effect.forkChild(change(to))
        yield* waiting(2)
        yield* query("ROLLBACK")
        yield* Fiber.join(writing)
        yield* Fiber.join(changing)
        assert.deepStrictEqual(yield* rounds, [...expected])
      })
    )

    it.live(`${from} to ${to} before the page: it waits, and its events have the new one`, () =>
      Effect.gen(function* () {
        const { change, page, query, rounds, waiting } = yield* reading(from)
        yield* query("BEGIN")
        yield* query("SELECT 1 FROM outbox FOR UPDATE")
        const changing = yield* Effect.forkChild(change(to))
        yield* waiting(1)
        const writing = yield* Effect.forkChild(page("second", 2, 1))
        yield* waiting(2)
        yield* query("COMMIT")
        yield* Fiber.join(changing)
        yield* Fiber.join(writing)
        assert.deepStrictEqual(yield* rounds, [...expected])
      })
    )
  }

  it.live("a page whose run changes while it waits for its lock is written as any other", () =>
    Effect.gen(function* () {
      const { page, query, rounds, waiting } = yield* reading("run")
      yield* query("BEGIN")
      yield* query("UPDATE runs SET interruptions = 1")
      const writing = yield* Effect.forkChild(page("second", 2, 1))
      yield* waiting(1)
      yield* query("COMMIT")
      yield* Fiber.join(writing)
      assert.deepStrictEqual(yield* rounds, ["first", "second"])
    })
  )
})
