import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { connect, createServer } from "node:net"
import { KeyStore } from "@crochet/core"
import { Migrations, PostgresDialect, RowSecurity } from "@crochet/core/sql"
import { PgConnection } from "@effect/sql-pg"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql/SqlClient"
import * as PostgresClient from "../../src/postgres/PostgresClient.ts"
import * as PostgresStore from "../../src/postgres/PostgresStore.ts"
import { a, start, storesAt } from "./TwoWorkspaces.ts"

let world: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  world = await start()
})
afterAll(() => world.close())

describe("an installation from before", () => {
  it.live("is brought behind the wall by its owner, and nothing is lost", () =>
    Effect.gen(function* () {
      const old = yield* Effect.promise(() => world.server.createDatabase())
      const query = (text: string, params: ReadonlyArray<unknown> = []) =>
        Effect.promise(() => world.server.query(text, params, new URL(old).pathname.slice(1)))
      const client = PostgresClient.layer({ url: Redacted.make(old), maxConnections: 2 })
      const before = Migrations.migrations.filter(({ id }) => id < 9)
      yield* Effect.flatMap(SqlClient, (sql) => Migrations.migrate(sql, PostgresDialect.make(sql), before)).pipe(
        Effect.provide(client)
      )
      const tables = yield* query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
      const there = new Set(tables.map(({ tablename }) => String(tablename)))
      // What others refer to comes first.
      const ordered = [
        "integrations",
        "jobs",
        ...world.tables.filter((table) => !/^(integrations|jobs|migrations)$/.test(table))
      ].filter((table) => there.has(table))
      for (const table of ordered) {
        for (const { row } of yield* Effect.promise(() =>
          world.asSuperuser(`SELECT row_to_json(t)::text AS row FROM ${table} t`)
        )) {
          yield* query(
            `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_record(NULL::${table}, $1)`,
            [row]
          )
        }
      }
      const counts = Effect.forEach(there, (table) =>
        Effect.map(query(`SELECT count(*)::int AS n FROM ${table}`), ([row]) => [table, row?.["n"]] as const)
      )
      const earlier = new Map(yield* counts)
      // A program of before, whose connections say nothing, is still at work.
      const past = yield* PgConnection.make({ url: Redacted.make(old) })
      yield* Effect.provide(Effect.void, storesAt(old))
      for (const [table, n] of yield* counts) {
        assert.strictEqual(n, table === "migrations" ? Migrations.migrations.length : earlier.get(table), table)
      }
      const counted = yield* query("SELECT replay_id FROM replay_outcomes ORDER BY replay_id")
      assert.deepStrictEqual(
        counted.map((row) => row["replay_id"]),
        ["rp_a", "rp_b"]
      )
      for (const statement of ["DELETE FROM outbox", "DELETE FROM data_keys", "UPDATE runs SET status = 'failed'"]) {
        assert.strictEqual((yield* past.query(statement)).rowCount, 0, statement)
      }
      const [{ latest } = { latest: 0 }] = (yield* past.query("SELECT max(id)::int AS latest FROM migrations"))
        .rows as ReadonlyArray<{ latest: number }>
      assert.strictEqual(latest, Migrations.migrations.at(-1)?.id, "it is told that it is too old")
      const [first] = yield* Effect.flatMap(KeyStore.KeyStore, (keys) => keys.apiKeys(a)).pipe(
        Effect.provide(storesAt(old))
      )
      assert.strictEqual(first?.id, "key_a")
    }).pipe(Effect.scoped)
  )
})

describe("what the wall does not hold", () => {
  const examine = (url: string) =>
    PostgresStore.examine({ url: Redacted.make(url), server: "test", durability: "relaxed" })
  const facts = (url: string) => Effect.runPromise(examine(url))

  it("is seen: superusers, roles with BYPASSRLS, tables on which it was switched off", async () => {
    assert.isUndefined(PostgresStore.gapOf(await facts(world.url)))
    const database = new URL(world.url).pathname
    assert.include(PostgresStore.gapOf(await facts(world.superuserUrl))?.gap, "superuser")
    const password = randomBytes(8).toString("hex")
    await world.server.query(`CREATE ROLE passing LOGIN BYPASSRLS PASSWORD '${password}'`)
    await world.asSuperuser("GRANT SELECT ON migrations TO passing")
    const passing = `postgres://passing:${password}@127.0.0.1:${world.server.port}${database}`
    assert.include(PostgresStore.gapOf(await facts(passing))?.gap, "BYPASSRLS")
    await world.asSuperuser("ALTER TABLE outbox NO FORCE ROW LEVEL SECURITY")
    assert.deepStrictEqual((await facts(world.url)).open, ["outbox"])
    await world.asSuperuser("ALTER TABLE outbox FORCE ROW LEVEL SECURITY")
  })

  it("a connection that does not get its settings is refused", async () => {
    // A pooler that keeps back what it does not know.
    const between = createServer((client) => {
      const upstream = connect(world.server.port, "127.0.0.1")
      client.once("data", (hello: Buffer) => {
        upstream.write(
          Buffer.from(hello.toString("latin1").replace(RowSecurity.setting, "another.workspace"), "latin1")
        )
        client.pipe(upstream).pipe(client)
      })
      for (const socket of [client, upstream]) socket.on("error", () => {})
    }).listen(0, "127.0.0.1")
    await once(between, "listening")
    const through = new URL(world.url)
    const address = between.address()
    through.port = String(typeof address === "object" ? address?.port : "")
    const refused = await Effect.runPromise(Effect.flip(examine(through.href)))
    between.close()
    assert.strictEqual(refused.reason._tag, "SettingsLost")
    assert.match(refused.message, /pooler in session mode/)
  })
})
