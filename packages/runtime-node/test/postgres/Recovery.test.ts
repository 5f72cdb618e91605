import { Fixtures as Fixture } from "@crochet/core/testing"
import { OutboxStore, type StoreError } from "@crochet/core"
import { PostgresStore } from "@crochet/runtime-node"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, type Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.remove())

/** Writes one event after the other, through whatever happens, and tells how each try ended. */
const writer = Effect.gen(function* () {
  const outbox = yield* OutboxStore.OutboxStore
  const outcomes: Array<{ readonly at: number; readonly exit: Exit.Exit<unknown, StoreError.StoreError> }> = []
  const written = new Set<string>()
  let stopped = false
  const one = (worker: number) =>
    Effect.gen(function* () {
      for (let n = 0; !stopped; n++) {
        const id = `e_${worker}_${n}`
        const exit = yield* Effect.exit(outbox.enqueue([Fixture.looseEvent(id)]))
        outcomes.push({ at: performance.now(), exit })
        if (Exit.isSuccess(exit)) written.add(id)
        else yield* Effect.sleep(20)
      }
    })
  const fiber = yield* Effect.forkChild(Effect.all([0, 1, 2, 3].map(one), { concurrency: "unbounded" }))
  const succeedsAgain = (since: number) =>
    Effect.gen(function* () {
      for (let i = 0; i < 1000; i++) {
        if (outcomes.filter(({ at, exit }) => at > since && Exit.isSuccess(exit)).length > 20) return
        yield* Effect.sleep(20)
      }
      assert.fail("nothing is written any more")
    })
  return {
    succeedsAgain,
    stop: Effect.gen(function* () {
      stopped = true
      yield* Fiber.join(fiber)
      return { outcomes, written }
    })
  }
})

const onDatabase = <A, E>(
  use: (url: string) => Effect.Effect<A, E, Layer.Success<ReturnType<typeof PostgresStore.layer>>>
) =>
  Effect.gen(function* () {
    const url = yield* Effect.promise(() => server.createDatabase())
    return yield* Effect.provide(use(url), PostgresStore.layer({ url: Redacted.make(url), server: "test", pool: 4 }))
  })

const nameOf = (url: string) => new URL(url).pathname.slice(1)

describe("a pool that outlives its server", () => {
  const blows: ReadonlyArray<readonly [string, (database: string) => Promise<unknown>]> = [
    [
      "backends are killed",
      (database) =>
        server.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
          [database]
        )
    ],
    ["the server is restarted", () => server.stop().then(() => server.start())],
    ["the server is killed", () => server.kill().then(() => server.start())]
  ]
  it.live.each(blows)(
    "writes again after %s, fails only as unavailable, and keeps what it said was written",
    ([, blow]) =>
      onDatabase((url) =>
        Effect.gen(function* () {
          const running = yield* writer
          yield* running.succeedsAgain(0)
          for (let round = 0; round < 2; round++) {
            yield* Effect.promise(() => blow(nameOf(url)))
            yield* running.succeedsAgain(performance.now())
          }
          const { outcomes, written } = yield* running.stop
          const failures = outcomes.flatMap(({ exit }) => (Exit.isFailure(exit) ? [exit.cause] : []))
          assert.isNotEmpty(failures, "the blow was felt")
          for (const cause of failures) {
            for (const reason of cause.reasons) {
              assert.isTrue(Cause.isFailReason(reason), Cause.pretty(cause))
              if (Cause.isFailReason(reason)) assert.strictEqual(reason.error.reason._tag, "StoreUnavailable")
            }
          }
          const rows = yield* Effect.promise(() => server.query("SELECT id FROM events", [], nameOf(url)))
          const there = new Set(rows.map((row) => String(row["id"])))
          assert.deepStrictEqual(
            [...written].filter((id) => !there.has(id)),
            [],
            "acknowledged and gone"
          )
        })
      )
  )

  it.live("a full server is an outage that passes", () =>
    onDatabase(() =>
      Effect.gen(function* () {
        const outbox = yield* OutboxStore.OutboxStore
        const { PgConnection } = yield* Effect.promise(() => import("@effect/sql-pg"))
        const hog = Effect.forEach(Array.from({ length: 59 }), () =>
          Effect.ignore(PgConnection.make({ url: Redacted.make(server.url) }))
        )
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* hog
            const exits = yield* Effect.all(
              Array.from({ length: 8 }, (_, n) => Effect.exit(outbox.enqueue([Fixture.looseEvent(`full_${n}`)]))),
              { concurrency: "unbounded" }
            )
            const failed = exits.filter(Exit.isFailure)
            for (const { cause } of failed) assert.isFalse(Cause.hasDies(cause), Cause.pretty(cause))
          })
        )
        yield* Effect.sleep(200)
        yield* outbox.enqueue([Fixture.looseEvent("after")])
      })
    )
  )

  it.live(
    "a transaction that stands still loses its locks to the living after eight seconds, long before it ends",
    () =>
      onDatabase((url) =>
        Effect.gen(function* () {
          const outbox = yield* OutboxStore.OutboxStore
          const sql = yield* SqlClient.SqlClient
          yield* outbox.enqueue([Fixture.looseEvent("e")])
          const patience = yield* sql`SHOW idle_in_transaction_session_timeout`
          assert.deepStrictEqual(patience, [{ idle_in_transaction_session_timeout: "8s" }])
          const locked = yield* Deferred.make<void>()
          const frozen = sql.withTransaction(
            Effect.gen(function* () {
              yield* sql`UPDATE outbox SET due_at = due_at`
              yield* Deferred.succeed(locked, undefined)
              yield* Effect.never
            })
          )
          const asleep = yield* Effect.forkChild(Effect.exit(frozen))
          yield* Deferred.await(locked)
          assert.isTrue(yield* Effect.timeout(outbox.retryNow(Fixture.workspace, "e"), 60_000))
          yield* Fiber.interrupt(asleep)
        }).pipe(Effect.provide(PostgresClient.layer({ url: Redacted.make(url) })))
      )
  )
})
