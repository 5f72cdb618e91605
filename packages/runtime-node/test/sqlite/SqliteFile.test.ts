import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { DestinationStore, IntegrationStore, KeyStore, OutboxStore, SyncStore } from "@crochet/core"
import { Migrations } from "@crochet/core/sql"
import { SqliteClient, SqliteStore } from "@crochet/runtime-node"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { Fixtures as Fixture } from "@crochet/core/testing"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crochet-sqlite-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open = <A>(path: string, use: Effect.Effect<A, unknown, KeyStore.KeyStore>) =>
  Effect.provide(use, Layer.fresh(SqliteStore.layer({ path })))
const addWorkspace = (id: string) => Effect.flatMap(KeyStore.KeyStore, (keys) => keys.addWorkspace(id, 1))
const failure = (path: string) =>
  Effect.flip(Effect.scoped(Layer.build(Layer.fresh(SqliteStore.layer({ path, busyTimeoutMillis: 0 })))))

describe("SqliteStore on a file", () => {
  it.effect("makes the folder and the file, and finds its contents again", () =>
    Effect.gen(function* () {
      const path = join(folder, "a", "b", "crochet.db")
      yield* open(path, addWorkspace("ws"))
      const found = yield* open(
        path,
        Effect.flatMap(KeyStore.KeyStore, (keys) => keys.workspaces)
      )
      assert.deepStrictEqual(found, ["ws"])
      assert.isTrue(statSync(path).isFile())
    })
  )

  it.effect("refuses a file that is no database", () =>
    Effect.gen(function* () {
      const path = join(folder, "notes.txt")
      writeFileSync(path, "these are notes, and not a database ".repeat(200))
      const error = yield* failure(path)
      assert.strictEqual(error.reason._tag, "NotADatabase")
      assert.include(error.message, path)
    })
  )

  it.effect("says that a place cannot be written", () =>
    Effect.gen(function* () {
      const file = join(folder, "file")
      writeFileSync(file, "")
      assert.strictEqual((yield* failure(join(file, "crochet.db"))).reason._tag, "NotWritable")
      const directory = join(folder, "directory")
      mkdirSync(directory)
      const error = yield* failure(directory)
      assert.strictEqual(error.reason._tag, "NotWritable")
      assert.include(error.message, "write access")
    })
  )

  it.effect("refuses a database of a later version and changes nothing in it", () =>
    Effect.gen(function* () {
      const path = join(folder, "later.db")
      yield* open(path, addWorkspace("ws"))
      const database = new DatabaseSync(path)
      database.exec("INSERT INTO migrations (id, name, applied_at) VALUES (99, 'later', 0)")
      database.close()
      const error = yield* failure(path)
      assert.strictEqual(error.reason._tag, "TooNew")
      assert.include(error.message, "schema version 99")
    })
  )

  it.effect("says that another process holds the lock", () =>
    Effect.gen(function* () {
      const path = join(folder, "locked.db")
      yield* open(path, addWorkspace("ws"))
      const other = new DatabaseSync(path)
      other.exec("BEGIN IMMEDIATE")
      const error = yield* failure(path)
      other.close()
      assert.strictEqual(error.reason._tag, "Locked")
    })
  )

  it.effect("migrates once when several start at the same time", () =>
    Effect.gen(function* () {
      const path = join(folder, "together.db")
      yield* Effect.all(
        ["a", "b", "c"].map((id) => open(path, addWorkspace(id))),
        { concurrency: "unbounded" }
      )
      const database = new DatabaseSync(path)
      assert.deepStrictEqual(
        database
          .prepare("SELECT id, name FROM migrations")
          .all()
          .map((row) => ({ ...row })),
        Migrations.migrations.map(({ id, name }) => ({ id, name }))
      )
      database.close()
    })
  )

  it.effect("flushes what must outlive a power cut, and leaves leases out", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const level = Effect.map(
        sql<{ readonly synchronous: number }>`PRAGMA synchronous`,
        (rows) => rows[0]!.synchronous
      )
      assert.strictEqual(yield* level, 2)
      const light = Effect.provideService(
        sql.withTransaction(level),
        SqlClient.BeginTransaction,
        "BEGIN IMMEDIATE -- need not outlive a power cut"
      )
      assert.strictEqual(yield* light, 1)
      assert.strictEqual(yield* level, 2)
      assert.strictEqual(yield* sql.withTransaction(level), 2)
      const failing = Effect.provideService(
        sql.withTransaction(Effect.fail("no")),
        SqlClient.BeginTransaction,
        "BEGIN IMMEDIATE -- need not outlive a power cut"
      )
      assert.strictEqual(yield* Effect.flip(failing), "no")
      assert.strictEqual(yield* level, 2)
    }).pipe(Effect.provide(SqliteClient.layer({ path: join(folder, "levels.db") })))
  )

  it.effect("tells errors of SQLite in effect/sql's terms", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)`
      yield* sql`INSERT INTO t (name) VALUES ('a')`
      const reason = <A>(self: Effect.Effect<A, { readonly reason: { readonly _tag: string } }>) =>
        Effect.map(Effect.flip(self), (error) => error.reason._tag)
      assert.strictEqual(yield* reason(sql`INSERT INTO t (name) VALUES ('a')`), "UniqueViolation")
      assert.strictEqual(yield* reason(sql`INSERT INTO t (name) VALUES (NULL)`), "ConstraintError")
      assert.strictEqual(yield* reason(sql`SELECT * FROM nowhere`), "SqlSyntaxError")
      assert.deepStrictEqual(yield* sql`SELECT id, name FROM t`.values, [[1, "a"]])
      assert.deepStrictEqual(
        (yield* sql<{ readonly name: string }>`SELECT name FROM t`).map((row) => row.name),
        ["a"]
      )
    }).pipe(Effect.provide(SqliteClient.layer({ path: ":memory:" })))
  )

  it.effect("keeps its log short and the wrapped key of a finished run out of the file", () => {
    const path = join(folder, "erased.db")
    const canary = "CANARY-WRAPPED-KEY-0123456789"
    return Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const sync = yield* SyncStore.SyncStore
        const outbox = yield* OutboxStore.OutboxStore
        const keys = yield* KeyStore.KeyStore
        yield* (yield* IntegrationStore.IntegrationStore).save(Fixture.integration("int_1"))
        yield* (yield* DestinationStore.DestinationStore).save(Fixture.destination("dst_1"))
        yield* sync.saveJob(Fixture.job("job_1"))
        yield* sync.startRun(Fixture.run("run_1"))
        const wrapped = new TextEncoder().encode(canary)
        yield* keys.addDataKey({
          id: "dk",
          owner: "run",
          ownerId: "run_1",
          workspaceId: "ws_a",
          masterKeyId: "m",
          wrapped,
          createdAt: 0
        })
        const { lease } = Option.getOrThrow(yield* sync.claimRun({ owner: "me", leaseMillis: 1_000 }))
        for (let page = 0; page < 30; page++) {
          const events = Array.from({ length: 1_000 }, (_, n) =>
            Fixture.event(`ev_${page}_${n}`, { body: new Uint8Array(1_500).fill(n % 256) })
          )
          yield* sync.commitPage(lease, Fixture.page({ events }))
          if (page === 0) assert.include(readFileSync(`${path}-wal`, "latin1"), canary)
        }
        yield* sync.endRun(lease, Fixture.ending(), Fixture.closeSilently)
        for (;;) {
          const claimed = yield* outbox.claim({ destinationId: "dst_1", owner: "me", limit: 500, leaseMillis: 1_000 })
          if (claimed.length === 0) break
          yield* outbox.settle(
            claimed.map((event) => Fixture.outcome(event)),
            Fixture.closeSilently
          )
        }
        assert.isTrue(Option.isNone(yield* keys.dataKey("run", "run_1")))
        assert.isBelow(statSync(`${path}-wal`).size, 80 * 1024 * 1024)
      }).pipe(Effect.provide(SqliteStore.layer({ path, synchronous: "normal" })))
      // Closing writes the log back and removes it.
      assert.throws(() => statSync(`${path}-wal`))
      assert.notInclude(readFileSync(path, "latin1"), canary)
    })
  })
})
