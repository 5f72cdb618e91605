import { Fixtures as Fixture } from "@crochet/core/testing"
import { OutboxStore } from "@crochet/core"
import { PostgresStore } from "@crochet/runtime-node"
import { type FaultProxy, startFaultProxy } from "@crochet/simulators/network"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Option, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
let proxy: FaultProxy
beforeAll(async () => {
  server = await Server.start()
  proxy = await startFaultProxy({ target: { port: server.port } })
})
afterAll(async () => {
  await proxy.close()
  await server.remove()
})

const answerMillis = 700
/** From the beginning of the silence to the last failure: the limit, its grace, and making a connection in vain. */
const most = answerMillis + 1000 + 5000 + 3000

const pids = async (database: string) => {
  const rows = await server.query(
    "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND application_name = 'crochet'",
    [database]
  )
  return rows.map(({ pid }) => Number(pid))
}

/** What makes the server, or the way to it, say nothing; gives back what ends it. */
const silences: ReadonlyArray<readonly [string, (database: string) => Promise<() => void>]> = [
  ["a network that swallows everything", async () => proxy.add({ kind: "timeout" })],
  ["a network that swallows the answers", async () => proxy.add({ kind: "timeout", direction: "down" })],
  [
    "backends that stand still",
    async (database) => {
      const stopped = await pids(database)
      for (const pid of stopped) process.kill(pid, "SIGSTOP")
      return () => {
        for (const pid of stopped) process.kill(pid, "SIGCONT")
      }
    }
  ]
]

describe("a server that says nothing", () => {
  for (const [name, silence] of silences) {
    it.live(
      `${name}: calls fail in time as unavailable, nothing is acknowledged that is not there, and it goes on`,
      () =>
        Effect.gen(function* () {
          const direct = yield* Effect.promise(() => server.createDatabase())
          const database = new URL(direct).pathname.slice(1)
          const url = Redacted.make(direct.replace(`:${server.port}/`, `:${proxy.port}/`))
          yield* Effect.gen(function* () {
            const outbox = yield* OutboxStore.OutboxStore
            const written: Array<string> = []
            const write = (id: string) =>
              Effect.tap(outbox.enqueue([Fixture.looseEvent(id)]), () => Effect.sync(() => written.push(id)))
            const read = outbox.event(Fixture.workspace, "before_0")
            // Connections are opened as they are needed: a first one that is quick enough serves two of the three.
            let before: ReadonlyArray<number> = []
            for (let round = 0; before.length < 3; round++) {
              assert.isBelow(round, 50, `${before.length} connections`)
              const writes = [0, 1, 2].map((n) => write(round === 0 ? `before_${n}` : `before_${n}_${round}`))
              yield* Effect.all(writes, { concurrency: 3 })
              before = yield* Effect.promise(() => pids(database))
            }

            // Transactions that are being written when it begins, and calls that begin afterwards.
            const until = (worker: number) =>
              Effect.gen(function* () {
                for (let n = 0; ; n++) {
                  const exit = yield* Effect.exit(write(`busy_${worker}_${n}`))
                  if (Exit.isFailure(exit)) return exit
                }
              })
            const stopped = name.startsWith("backends")
            // A backend that is stopped while it writes may hold what the whole server waits for.
            const busy = yield* Effect.forkChild(Effect.all(stopped ? [] : [0, 1, 2].map(until), { concurrency: 3 }))
            yield* Effect.sleep(15)
            const end = yield* Effect.promise(() => silence(database))
            const began = performance.now()
            const calls = [write("during"), Effect.asVoid(read), write("during_2")]
            const during = yield* Effect.all(calls.map(Effect.exit), { concurrency: 3 })
            const exits = [...(yield* Fiber.join(busy)), ...during]
            assert.isBelow(performance.now() - began, most)
            const failed = exits.flatMap((exit) => {
              if (Exit.isSuccess(exit)) return []
              return [Option.getOrThrow(Exit.findErrorOption<unknown, { readonly message: string }>(exit))]
            })
            assert.isNotEmpty(failed, "it was felt")
            for (const { message } of failed) assert.match(message, /StoreUnavailable/)
            assert.isTrue(
              failed.some(({ message }) => /the database does not answer/.test(message)),
              failed.map(({ message }) => message).join()
            )
            if (!stopped) end()
            // Those that stand still go on standing still: others took their places.
            yield* write("after")
            assert.isTrue(Option.isSome(yield* read))
            const after = yield* Effect.promise(() => pids(database))
            if (stopped) assert.isNotEmpty(after.filter((pid) => !before.includes(pid)))
            if (stopped) end()
            const there = yield* Effect.promise(() => server.query("SELECT id FROM events", [], database))
            const ids = there.map((row) => String(row["id"]))
            assert.deepStrictEqual(
              written.filter((id) => !ids.includes(id)),
              []
            )
          }).pipe(Effect.provide(PostgresStore.layer({ url, server: "test", pool: 3, answerMillis })))
        })
    )
  }

  it.live("a statement that takes a living server too long is ended there, and its connection goes on", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const pid = sql`SELECT pg_backend_pid() AS pid`
      const before = yield* pid
      const failed = yield* Effect.flip(sql`SELECT pg_sleep(5)`)
      assert.strictEqual(failed.reason._tag, "StatementTimeoutError")
      assert.deepStrictEqual(yield* pid, before)
    }).pipe(Effect.provide(PostgresClient.layer({ url: Redacted.make(server.url), maxConnections: 1, answerMillis })))
  )

  it.live("a connection that is in use stays, however long, and one that was idle is replaced unnoticed", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const pid = sql`SELECT pg_backend_pid() AS pid`
      const before = yield* pid
      for (let n = 0; n < 8; n++) {
        yield* Effect.sleep(300)
        assert.deepStrictEqual(yield* pid, before)
      }
      yield* Effect.sleep(2200)
      assert.notDeepEqual(yield* pid, before)
    }).pipe(Effect.provide(PostgresClient.layer({ url: Redacted.make(server.url), maxConnections: 1, answerMillis })))
  )
})
