import { DestinationStore, IntegrationStore, OutboxStore, SyncStore } from "@crochet/core"
import { Migrations, PostgresDialect } from "@crochet/core/sql"
import { Fixtures as Fixture } from "@crochet/core/testing"
import { PostgresStore } from "@crochet/runtime-node"
import { PgConnection } from "@effect/sql-pg"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Redacted } from "effect"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.remove())

const account = Effect.gen(function* () {
  const integrations = yield* IntegrationStore.IntegrationStore
  const destinations = yield* DestinationStore.DestinationStore
  const sync = yield* SyncStore.SyncStore
  const outbox = yield* OutboxStore.OutboxStore
  yield* integrations.save(Fixture.integration("int_1"))
  yield* destinations.save(Fixture.destination("dst_1"))
  yield* sync.saveJob(Fixture.job("job_1"))
  return { integrations, destinations, sync, outbox }
})

/** Two processes on one empty database, and a connection beside them. */
const twoProcesses = Effect.gen(function* () {
  const url = yield* Effect.promise(() => server.createDatabase())
  const process = Effect.map(
    Layer.build(Layer.fresh(PostgresStore.layer({ url: Redacted.make(url), server: "test" }))),
    (context) => Effect.provideContext(account, context)
  )
  const first = yield* Effect.flatten(process)
  const second = yield* Effect.flatten(process)
  const beside = yield* PgConnection.make({
    url: Redacted.make(url),
    startupParameters: PostgresDialect.startupParameters
  })
  const query = (text: string, params?: ReadonlyArray<unknown>) =>
    Effect.map(beside.query(text, params), ({ rows }) => rows)
  return { first, second, query }
})

type Process = Effect.Success<typeof account>

const claim = ({ outbox }: Process, limit = 100) =>
  outbox.claim({ destinationId: "dst_1", owner: "me", limit, leaseMillis: 60_000 })
const settleAll = (process: Process, events: Effect.Success<ReturnType<typeof claim>>) =>
  process.outbox.settle(
    events.map((event) => Fixture.outcome(event)),
    Fixture.close
  )
const takeRun = ({ sync }: Process) =>
  Effect.map(sync.claimRun({ owner: "me", leaseMillis: 60_000 }), Option.getOrThrow)

/** What everything waits for that waits for a lock. */
const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`

const untilSomebodyWaits = (query: (text: string) => Effect.Effect<ReadonlyArray<object>, unknown>) =>
  Effect.gen(function* () {
    for (let i = 0; i < 500; i++) {
      const [row] = yield* query(waiting)
      if ((row as { n: number }).n > 0) return
      yield* Effect.sleep(10)
    }
    assert.fail("nobody waits for a lock")
  })

describe("transactions at the same time", () => {
  it.live(
    "an event that is written while an earlier one of its record is being settled does not stay behind it for ever",
    () =>
      Effect.gen(function* () {
        const { first, query } = yield* twoProcesses
        yield* first.sync.startRun(Fixture.run("run_1"))
        const { lease } = yield* takeRun(first)
        yield* first.sync.commitPage(
          lease,
          Fixture.page({ events: [Fixture.event("e1", { record: 7, sequence: 1, runId: null })] })
        )
        // A settlement that has done everything but commit.
        yield* query("BEGIN")
        yield* query("DELETE FROM outbox WHERE position IN (SELECT position FROM events WHERE id = 'e1')")
        const page = yield* Effect.forkChild(
          first.sync.commitPage(lease, Fixture.page({ events: [Fixture.event("e2", { record: 7, sequence: 2 })] }))
        )
        yield* untilSomebodyWaits((text) => Effect.promise(() => server.query(text.replace(/ AND datname.*/, ""))))
        yield* query("COMMIT")
        yield* Fiber.join(page)
        const claimed = yield* claim(first)
        assert.deepStrictEqual(
          claimed.map(({ id }) => id),
          ["e2"]
        )
      })
  )

  it.live("an event waits for the earlier one of its record although that is settled only after it was written", () =>
    Effect.gen(function* () {
      const { first, second, query } = yield* twoProcesses
      yield* first.sync.startRun(Fixture.run("run_1"))
      const { lease } = yield* takeRun(first)
      const event = (n: number) => Fixture.event(`e${n}`, { record: 7, sequence: n, runId: null })
      yield* first.sync.commitPage(lease, Fixture.page({ events: [event(1)] }))
      const held = yield* claim(second)
      // A page that has written everything but not committed holds the earlier event.
      yield* query("BEGIN")
      yield* query("SELECT 1 FROM outbox FOR KEY SHARE")
      const settlement = yield* Effect.forkChild(settleAll(second, held))
      yield* untilSomebodyWaits((text) => Effect.promise(() => server.query(text.replace(/ AND datname.*/, ""))))
      yield* query(`INSERT INTO events (id, workspace_id, destination_id, integration_id, job_id, type, record, sequence, state, created_at, attempts)
        SELECT 'e2', workspace_id, destination_id, integration_id, job_id, type, record, 2, state, created_at, 0 FROM events`)
      yield* query(
        "INSERT INTO outbox (position, destination_id, due_at, blocked) SELECT position, destination_id, 0, 1 FROM events WHERE id = 'e2'"
      )
      yield* query("INSERT INTO bodies (position, body) SELECT position, 'x'::bytea FROM events WHERE id = 'e2'")
      yield* query("COMMIT")
      assert.deepStrictEqual(yield* Fiber.join(settlement), { lost: [], closed: [], turns: [] })
      assert.deepStrictEqual(
        (yield* claim(first)).map(({ id }) => id),
        ["e2"]
      )
    })
  )

  it.live(
    "pages and settlements of many, at once and for long: order holds, nothing stays behind, books balance, no deadlock",
    () =>
      Effect.gen(function* () {
        const { first, second, query } = yield* twoProcesses
        const records = 12
        const pages = 60
        const order = new Map<number, number>()
        let reading = true
        let delivered = 0
        const deliver = (process: Process) =>
          Effect.gen(function* () {
            for (;;) {
              const last = !reading
              const events = yield* claim(process, 5)
              for (const { record, sequence } of events) {
                if (record === null || sequence === null) continue
                const before = order.get(record) ?? 0
                assert.strictEqual(sequence, before + 1, `record ${record}`)
                order.set(record, sequence)
              }
              const { lost } = yield* settleAll(process, events)
              assert.deepStrictEqual(lost, [])
              delivered += events.length
              if (events.length === 0 && last) return
              yield* Effect.yieldNow
            }
          })
        const read = Effect.gen(function* () {
          let sequence = 0
          for (let r = 0; r < 4; r++) {
            const id = `run_${r}`
            yield* first.sync.startRun(Fixture.run(id))
            const { lease } = yield* takeRun(r % 2 === 0 ? first : second)
            assert.strictEqual(lease.runId, id)
            for (let page = 0; page < pages / 4; page++) {
              sequence++
              // Each page in another order of records.
              const numbers = Array.from({ length: records }, (_, n) => (n * 5 + page * 7) % records)
              yield* first.sync.commitPage(
                lease,
                Fixture.page({
                  events: numbers.map((record) =>
                    Fixture.event(`e_${record}_${sequence}`, { record, sequence, runId: id, createdAt: record % 3 })
                  )
                })
              )
              yield* first.sync.renewRun(lease, 60_000)
            }
            yield* first.sync.endRun(lease, Fixture.ending(), Fixture.close)
          }
          reading = false
        })
        yield* Effect.all([read, deliver(first), deliver(second), deliver(second)], { concurrency: "unbounded" })
        assert.strictEqual(delivered, records * pages + 4, "every event, and one closing event for each run")
        assert.deepStrictEqual(
          [...order.values()],
          Array.from({ length: records }, () => pages)
        )
        const runs = (yield* first.sync.runs({ workspaceId: Fixture.workspace }, { limit: 10 })).items
        for (const run of runs) {
          assert.deepInclude(run, {
            status: "completed",
            emitted: (records * pages) / 4,
            consumed: (records * pages) / 4,
            outstanding: 0
          })
        }
        const [left] = yield* query("SELECT count(*)::int AS n FROM outbox")
        assert.deepStrictEqual(left, { n: 0 })
        const [deadlocks] = yield* query(
          "SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()"
        )
        assert.deepStrictEqual(deadlocks, { n: 0 })
      })
  )

  it.live("a lease that was taken by another is neither prolonged nor given back nor settled", () =>
    Effect.gen(function* () {
      const { first, second, query } = yield* twoProcesses
      yield* first.outbox.enqueue([Fixture.looseEvent("e")])
      const stale = yield* claim(first)
      yield* query("UPDATE outbox SET lease_until = 1")
      const fresh = yield* claim(second)
      assert.strictEqual(fresh[0]!.token, stale[0]!.token + 1)
      const before = yield* query("SELECT token, lease_until FROM outbox")
      assert.deepStrictEqual(yield* first.outbox.renew(stale, 999_999), [])
      yield* first.outbox.release(stale)
      assert.deepStrictEqual((yield* settleAll(first, stale)).lost, ["e"])
      assert.deepStrictEqual(yield* query("SELECT token, lease_until FROM outbox"), before)
    })
  )

  it.live("a settlement waits for the heartbeat of its own events instead of giving them up", () =>
    Effect.gen(function* () {
      const { first, query } = yield* twoProcesses
      yield* first.outbox.enqueue(Array.from({ length: 20 }, (_, n) => Fixture.looseEvent(`e${n}`)))
      const held = yield* claim(first)
      yield* query("BEGIN")
      yield* query("UPDATE outbox SET lease_until = lease_until + 1")
      const settlement = yield* Effect.forkChild(settleAll(first, held))
      yield* untilSomebodyWaits((text) => Effect.promise(() => server.query(text.replace(/ AND datname.*/, ""))))
      yield* query("COMMIT")
      assert.deepStrictEqual((yield* Fiber.join(settlement)).lost, [])
    })
  )

  it.live("a job has one run that reads, and a run one reader, however many ask", () =>
    Effect.gen(function* () {
      const { first, second, query } = yield* twoProcesses
      const many = <A, E>(make: (n: number, process: Process) => Effect.Effect<A, E>) =>
        Effect.all(
          Array.from({ length: 12 }, (_, n) => make(n, n % 2 === 0 ? first : second)),
          { concurrency: "unbounded" }
        )
      const started = yield* many((n, { sync }) => sync.startRun(Fixture.run(`run_${n}`)))
      assert.lengthOf(
        started.filter((one) => one.started),
        1
      )
      assert.strictEqual(new Set(started.map(({ run }) => run.id)).size, 1)
      const claimed = yield* many((_, { sync }) => sync.claimRun({ owner: "me", leaseMillis: 60_000 }))
      assert.lengthOf(claimed.filter(Option.isSome), 1)
      const [deadlocks] = yield* query(
        "SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()"
      )
      assert.deepStrictEqual(deadlocks, { n: 0 })
    })
  )

  it.live("a run is not taken of a job that is being paused", () =>
    Effect.gen(function* () {
      const { first, query } = yield* twoProcesses
      yield* first.sync.startRun(Fixture.run("run_1"))
      yield* query("BEGIN")
      yield* query("UPDATE jobs SET state = 'paused'")
      assert.isTrue(Option.isNone(yield* first.sync.claimRun({ owner: "me", leaseMillis: 60_000 })))
      yield* query("ROLLBACK")
      assert.isTrue(Option.isSome(yield* first.sync.claimRun({ owner: "me", leaseMillis: 60_000 })))
    })
  )

  it.live("leases are compared with the server's clock and not with the process's", () =>
    Effect.gen(function* () {
      const { first } = yield* twoProcesses
      const now = Date.now()
      yield* first.outbox.enqueue([
        Fixture.looseEvent("now", { createdAt: now - 1000 }),
        Fixture.looseEvent("later", { createdAt: now + 60_000 })
      ])
      // A process whose clock is a day ahead sees nothing that is not due.
      const ahead = { currentTimeMillis: Effect.succeed(now + 86_400_000) }
      const clock = yield* Effect.clockWith((live) => Effect.succeed(Object.assign(Object.create(live), ahead)))
      const { Clock } = yield* Effect.promise(() => import("effect"))
      const claimed = yield* Effect.provideService(claim(first), Clock.Clock, clock)
      assert.deepStrictEqual(
        claimed.map(({ id }) => id),
        ["now"]
      )
    })
  )
})

describe("migrations", () => {
  it.live("are done once when several start at the same time", () =>
    Effect.gen(function* () {
      const url = yield* Effect.promise(() => server.createDatabase())
      const options = { url: Redacted.make(url), server: "test", pool: 2 }
      yield* Effect.all(
        Array.from({ length: 6 }, () => Layer.build(Layer.fresh(PostgresStore.layer(options)))),
        { concurrency: "unbounded" }
      )
      const rows = yield* Effect.promise(() =>
        server.query("SELECT id::int AS id, name FROM migrations ORDER BY id", [], new URL(url).pathname.slice(1))
      )
      assert.deepStrictEqual(
        rows,
        Migrations.migrations.map(({ id, name }) => ({ id, name }))
      )
    })
  )
})
