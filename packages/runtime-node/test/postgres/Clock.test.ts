import { DestinationStore, IntegrationStore, OutboxStore, SyncStore } from "@crochet/core"
import { Fixtures as Fixture } from "@crochet/core/testing"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import * as Server from "./Server.ts"
import * as Store from "./Store.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start({ fsync: "off" })
})
afterAll(() => server.remove())

const hour = 3_600_000

describe("a process whose clock is not the server's", () => {
  // The process lives in 1970, the server today.
  it.effect("tries again when the server's clock says so, and counts the 96 hours by it", () =>
    Effect.gen(function* () {
      const integrations = yield* IntegrationStore.IntegrationStore
      const destinations = yield* DestinationStore.DestinationStore
      const sync = yield* SyncStore.SyncStore
      const outbox = yield* OutboxStore.OutboxStore
      yield* integrations.save(Fixture.integration("int_1"))
      yield* destinations.save(Fixture.destination("dst_1"))
      yield* sync.saveJob(Fixture.job("job_1"))
      yield* TestClock.adjust("1 hour")
      yield* sync.startRun(Fixture.run("run_1"))
      const { lease } = Option.getOrThrow(yield* sync.claimRun({ owner: "me", leaseMillis: 60_000 }))
      yield* sync.commitPage(lease, Fixture.page({ events: [Fixture.event("e1"), Fixture.event("e2", { record: 2 })] }))
      const held = yield* outbox.claim({ destinationId: "dst_1", owner: "me", limit: 9, leaseMillis: 60_000 })
      assert.lengthOf(held, 2)
      const again = [5000, 96 * hour]
      yield* outbox.settle(
        held.map((event, at) => Fixture.outcome(event, { kind: "retry", at: hour + again[at]! }, hour)),
        Fixture.close
      )
      const rows = yield* Effect.promise(async () => {
        const [{ schema }] = (await server.query(
          "SELECT schemaname::text AS schema FROM pg_tables WHERE tablename = 'outbox'"
        )) as [{ schema: string }]
        return server.query(`SELECT e.id, (o.due_at - t.now)::float8 AS wait, (t.now - o.first_attempt_at)::float8 AS since
          FROM ${schema}.outbox o JOIN ${schema}.events e ON e.position = o.position,
            (SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now) t ORDER BY e.id`)
      })
      const [soon, last] = rows as ReadonlyArray<{ id: string; wait: number; since: number }>
      const slow = 20_000
      for (const { id, since } of rows as ReadonlyArray<{ id: string; since: number }>) {
        assert.isTrue(since > -1000 && since < slow, `${id}: its 96 hours began ${since} ms ago`)
      }
      assert.isTrue(soon!.wait > 5000 - slow && soon!.wait < 6000, `again in ${soon!.wait} ms`)
      const left = 96 * hour
      assert.isTrue(last!.wait > left - slow && last!.wait <= left, `the last time in ${last!.wait} ms`)
    }).pipe(Effect.provide(Store.layer(() => server, "server")))
  )
})
