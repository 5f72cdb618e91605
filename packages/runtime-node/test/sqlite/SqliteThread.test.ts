import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import type { Worker } from "node:worker_threads"
import { SqliteClient, SqliteStore } from "@crochet/runtime-node"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crochet-thread-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const memory = SqliteClient.layer({ path: ":memory:" })
const numbers = (count: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT max(i) AS most FROM n`
/** Lets the process do whatever else there is to do. */
const turn = Effect.promise(() => new Promise<void>((resolve) => void setImmediate(resolve)))
/** The thread that the next database is opened in. */
const nextThread = (): Promise<Worker> => new Promise((resolve) => void process.once("worker", resolve))

describe("SQLite's thread", () => {
  it.live("leaves the process free while a statement runs", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const long = yield* Effect.forkChild(sql.unsafe<{ readonly most: number }>(numbers(1_000_000)))
      let turns = 0
      while (long.pollUnsafe() === undefined) {
        turns++
        yield* turn
      }
      assert.deepStrictEqual(
        (yield* Fiber.join(long)).map(({ most }) => most),
        [1_000_000]
      )
      assert.isAbove(turns, 10)
    }).pipe(Effect.provide(memory))
  )

  it.live("leaves it free to give up the lock that a statement waits for", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE t (id INTEGER)`
      const other = new DatabaseSync(join(folder, "locked.db"))
      other.exec("BEGIN IMMEDIATE")
      const waiting = yield* Effect.forkChild(sql.withTransaction(sql`INSERT INTO t VALUES (1)`))
      yield* turn
      assert.isUndefined(waiting.pollUnsafe(), "it waits for the lock")
      other.exec("COMMIT")
      yield* Fiber.join(waiting)
      assert.strictEqual(other.prepare("SELECT count(*) AS n FROM t").get()!["n"], 1)
      other.close()
    }).pipe(Effect.provide(SqliteClient.layer({ path: join(folder, "locked.db") })))
  )

  it.live("rolls back what is interrupted in the middle of a statement, before anything else runs", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE t (id INTEGER)`
      const inserted = yield* Deferred.make<void>()
      const doing = yield* Effect.forkChild(
        sql.withTransaction(
          sql`INSERT INTO t VALUES (1)`.pipe(
            Effect.andThen(Deferred.succeed(inserted, undefined)),
            Effect.andThen(sql.unsafe(numbers(300_000)))
          )
        )
      )
      yield* Deferred.await(inserted)
      yield* turn
      const next = yield* Effect.forkChild(sql.withTransaction(sql`INSERT INTO t VALUES (2)`))
      yield* Fiber.interrupt(doing)
      yield* Fiber.join(next)
      assert.deepStrictEqual(yield* sql`SELECT id FROM t`.values, [[2]])
    }).pipe(Effect.provide(memory))
  )

  it.effect("brings bytes there and back, and every other value", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE t (id INTEGER, text TEXT, real REAL, bytes BLOB, none TEXT)`
      const page = new Uint8Array(100).map((_, index) => index)
      yield* sql`INSERT INTO t VALUES (1, 'ä', 0.5, ${page.subarray(10, 13)}, NULL), (2, '', -1, ${page.subarray(0, 0)}, NULL)`
      assert.deepStrictEqual(yield* sql`SELECT * FROM t`, [
        { id: 1, text: "ä", real: 0.5, bytes: page.slice(10, 13), none: null },
        { id: 2, text: "", real: -1, bytes: new Uint8Array(0), none: null }
      ])
      assert.deepStrictEqual(yield* sql`SELECT id, bytes FROM t`.values, [
        [1, page.slice(10, 13)],
        [2, new Uint8Array(0)]
      ])
      assert.deepStrictEqual(yield* sql`SELECT id FROM t WHERE id > 5`.values, [])
    }).pipe(Effect.provide(memory))
  )

  it.effect("knows the columns of a statement that was prepared before they were", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE t (id INTEGER)`
      yield* sql`INSERT INTO t VALUES (1), (2)`
      const everything = sql`SELECT * FROM t ORDER BY id`
      assert.deepStrictEqual(yield* everything, [{ id: 1 }, { id: 2 }])
      yield* sql`ALTER TABLE t ADD COLUMN name TEXT NOT NULL DEFAULT 'a'`
      assert.deepStrictEqual(yield* everything, [
        { id: 1, name: "a" },
        { id: 2, name: "a" }
      ])
      yield* sql`ALTER TABLE t DROP COLUMN name`
      assert.deepStrictEqual(yield* everything, [{ id: 1 }, { id: 2 }])
    }).pipe(Effect.provide(memory))
  )

  it.effect("refuses what is no value of SQLite, and goes on", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const wrong of [() => 1, { a: 1 }, Symbol("a"), undefined]) {
        const error = yield* Effect.flip(sql.unsafe("SELECT ?", [wrong]))
        assert.strictEqual(error._tag, "SqlError")
      }
      assert.deepStrictEqual(yield* sql`SELECT 1`.values, [[1]])
    }).pipe(Effect.provide(memory))
  )

  it.live("fails what waits and what comes when it ends by itself", () =>
    Effect.gen(function* () {
      const thread = nextThread()
      const sql = yield* SqliteClient.make({ path: ":memory:" })
      const worker = yield* Effect.promise(() => thread)
      const waiting = yield* Effect.forkChild(Effect.flip(sql.unsafe(numbers(300_000))))
      yield* Effect.yieldNow
      yield* Effect.promise(() => worker.terminate())
      for (const failed of [
        Fiber.join(waiting),
        Effect.flip(sql`SELECT 1`),
        Effect.flip(sql.withTransaction(sql`SELECT 1`))
      ]) {
        const { reason } = yield* failed
        assert.strictEqual(reason._tag, "ConnectionError")
        assert.include(reason.message, "SQLite's thread is not running")
      }
    }).pipe(Effect.scoped, Effect.provide(Reactivity.layer))
  )

  it.live("says what to do when it does not start", () =>
    Effect.gen(function* () {
      process.once("worker", (worker) => void worker.terminate())
      const error = yield* Effect.flip(Layer.build(Layer.fresh(SqliteStore.layer({ path: ":memory:" }))))
      assert.strictEqual(error.reason._tag, "NoThread")
      assert.include(error.message, "leave @crochet/runtime-node out of the bundle")
    }).pipe(Effect.scoped)
  )

  it("keeps a process alive for a statement, and not for being open", async () => {
    const program = fileURLToPath(new URL("openAndLeave.ts", import.meta.url))
    const child = spawn(process.execPath, ["--conditions=@crochet/source", program, numbers(300_000)], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    let said = ""
    child.stdout.on("data", (chunk: Buffer) => (said += String(chunk)))
    assert.deepStrictEqual(await once(child, "close"), [0, null])
    assert.strictEqual(said, '[{"most":300000}]')
  })
})
