import {
  AuditStore,
  CurrentWorkspace,
  DestinationStore,
  Integrations,
  IntegrationStore,
  KeyStore,
  OutboxStore,
  SyncStore
} from "@crochet/core"
import { Database, PostgresDialect, RowSecurity } from "@crochet/core/sql"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Layer, Logger, Option } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { SqlClient } from "effect/sql/SqlClient"
import * as Routes from "../../src/api/Routes.ts"
import * as Fakes from "../ServiceFakes.ts"
import { a, b, start, storesAt } from "./TwoWorkspaces.ts"

let world: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  world = await start()
})
afterAll(() => world.close())

/** A store's method whose condition is wrong, or not there: it asks for A's rows whoever calls. */
const broken = Effect.gen(function* () {
  const sql = yield* SqlClient
  const database = Database.make(sql, PostgresDialect.make(sql))
  const all = database.read("broken", sql<{ readonly id: string }>`SELECT id FROM integrations ORDER BY id`)
  const change = database.write("broken", sql`UPDATE destinations SET url = 'https://evil.example' RETURNING id`)
  return { all, change }
})

describe("statements without the condition", () => {
  it("show and change what belongs to the caller; asked by nobody they are not sent", async () => {
    const { all, change } = await world.stores.runPromise(broken)
    const within = (workspace: string) => CurrentWorkspace.within(workspace)
    assert.deepStrictEqual(await world.stores.runPromise(within(b)(all)), [{ id: "int_b" }])
    assert.deepStrictEqual(await world.stores.runPromise(within(b)(change)), [{ id: "dst_b" }])
    assert.deepStrictEqual(await world.stores.runPromise(all), [{ id: "int_a" }, { id: "int_b" }])
    for (const name of [RowSecurity.everyone, "", "ws_c"]) {
      assert.deepStrictEqual(
        await world.stores.runPromise(within(name)(all)),
        [],
        `a workspace that is called "${name}"`
      )
    }
    const exit = await world.stores.runPromiseExit(CurrentWorkspace.nobody(all))
    assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    const [row] = await world.asSuperuser("SELECT url FROM destinations WHERE id = 'dst_a'")
    assert.notStrictEqual(row?.["url"], "https://evil.example")
  })

  it("find nothing in any store that is asked for another workspace", async () => {
    const found = await world.stores.runPromise(
      Effect.gen(function* () {
        const keys = yield* KeyStore.KeyStore
        const integrations = yield* IntegrationStore.IntegrationStore
        const destinations = yield* DestinationStore.DestinationStore
        const sync = yield* SyncStore.SyncStore
        const outbox = yield* OutboxStore.OutboxStore
        const audit = yield* AuditStore.AuditStore
        const page = { limit: 10 }
        return yield* CurrentWorkspace.within(b)(
          Effect.all({
            workspaces: keys.workspaces,
            key: keys.apiKey(a, "key_a"),
            byHash: keys.apiKeyByHash("a"),
            dataKeys: keys.dataKeys("workspace", a),
            signingKeys: keys.signingKeys(a),
            integration: integrations.get(a, "int_a"),
            credentials: integrations.credentials(a, "int_a"),
            integrations: integrations.list({ workspaceId: a }, page),
            replaced: integrations.replaceCredentials("int_a", new Uint8Array([7]), new Uint8Array([8])),
            destination: destinations.get(a, "dst_a"),
            byId: destinations.byId("dst_a"),
            removed: destinations.remove(a, "dst_a"),
            jobs: sync.jobs({ workspaceId: a }, page),
            runs: sync.runs({ workspaceId: a }, page),
            rows: sync.rows("job_a", [0]),
            seen: sync.seen("run_a"),
            cancelled: sync.cancelRun(a, "run_a", 1),
            events: outbox.list({ workspaceId: a }, page),
            body: outbox.body(a, "ev_a_1"),
            attempts: outbox.attempts("ev_a_1"),
            retried: outbox.retryNow(a, "ev_a_1"),
            health: outbox.health(["dst_a"]),
            audit: audit.list({ workspaceId: a }, page),
            purged: integrations.purge(a, "int_a")
          })
        )
      })
    )
    const nothing = { items: [], nextPageToken: null }
    const { purged, ...rest } = found
    assert.deepStrictEqual(rest, {
      workspaces: [b],
      key: Option.none(),
      byHash: Option.none(),
      dataKeys: [],
      signingKeys: [],
      integration: Option.none(),
      credentials: Option.none(),
      integrations: nothing,
      replaced: false,
      destination: Option.none(),
      byId: Option.none(),
      removed: 0,
      jobs: nothing,
      runs: nothing,
      rows: [],
      seen: [],
      cancelled: false,
      events: nothing,
      body: Option.none(),
      attempts: [],
      retried: false,
      health: [],
      audit: nothing
    })
    assert.isTrue(Object.values(purged).every((n) => n === 0))
  })

  it.each([
    ["the owner of the tables", 1],
    ["a superuser, whom the wall does not hold,", 2]
  ])("through the API, %s is shown the accounts of %s workspaces", async (_, shown) => {
    const integrations = Layer.effect(
      Integrations.Integrations,
      Effect.gen(function* () {
        const { all } = yield* broken
        const real = yield* Integrations.Integrations
        return {
          ...real,
          // Written by somebody who forgot whose they are.
          list: () =>
            Effect.map(Effect.orDie(all), (rows) => ({
              items: rows.map(({ id }) => ({ ...Fakes.integration, id })),
              nextPageToken: null
            }))
        }
      })
    ).pipe(Layer.provide(storesAt(shown === 1 ? world.url : world.superuserUrl)), Layer.provide(Fakes.layer))
    // The fake key belongs to ws_1.
    await world.asSuperuser("UPDATE integrations SET workspace_id = 'ws_1' WHERE id = 'int_b'")
    const { dispose, handler } = HttpRouter.toWebHandler(
      Routes.layer.pipe(
        Layer.provide(Layer.merge(Fakes.layer, integrations)),
        Layer.provide(HttpServer.layerServices),
        Layer.provideMerge(Logger.layer([]))
      ),
      { disableLogger: true }
    )
    const answer = await handler(
      new Request("http://localhost/v1.0/integration.details?originOrgId=x", {
        headers: { authorization: `Bearer ${Fakes.apiKey}` }
      })
    )
    const { data } = (await answer.json()) as { data: { apps: ReadonlyArray<{ integrationId: string }> } }
    await dispose()
    await world.asSuperuser(`UPDATE integrations SET workspace_id = '${b}' WHERE id = 'int_b'`)
    const ids = data.apps.map(({ integrationId }) => integrationId)
    assert.deepStrictEqual(ids, shown === 1 ? ["int_b"] : ["int_a", "int_b"])
  })
})

describe("a connection that served one workspace", () => {
  it.live("shows everything again to whoever comes next, also after errors, defects and interrupts", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const database = Database.make(sql, PostgresDialect.make(sql))
      const setting = sql<{ readonly is: string }>`SELECT current_setting('crochet.workspace', true) AS is`
      const workspaces = Effect.flatMap(KeyStore.KeyStore, (keys) => keys.workspaces)
      const inside = CurrentWorkspace.within(a)
      const ways: ReadonlyArray<readonly [string, Effect.Effect<unknown, unknown, SqlClient>]> = [
        ["a read", inside(database.read("x", setting))],
        ["a write", inside(database.write("x", setting))],
        ["a light write", inside(database.writeLight("x", setting))],
        ["a failure", inside(database.write("x", Effect.andThen(setting, Effect.fail("no"))))],
        ["an error of the database", inside(database.read("x", sql`SELECT 1 / 0`))],
        ["a wrong statement", inside(database.read("x", sql`SELECT nonsense`))],
        ["a defect", inside(database.write("x", Effect.andThen(setting, Effect.die("no"))))],
        [
          "a write inside another's",
          inside(database.write("x", CurrentWorkspace.within(b)(database.write("x", setting))))
        ],
        [
          "an interrupt while it waits for an answer",
          Effect.flatMap(Effect.forkChild(inside(database.read("x", sql`SELECT pg_sleep(10)`))), (fiber) =>
            Effect.andThen(Effect.sleep(100), Fiber.interrupt(fiber))
          )
        ],
        [
          "an interrupt between statements",
          Effect.flatMap(
            Effect.forkChild(inside(database.write("x", Effect.andThen(setting, Effect.never)))),
            (fiber) => Effect.andThen(Effect.sleep(100), Fiber.interrupt(fiber))
          )
        ]
      ]
      assert.deepStrictEqual(yield* inside(database.read("x", setting)), [{ is: a }])
      for (const [name, way] of ways) {
        yield* Effect.exit(way)
        assert.deepStrictEqual(yield* setting, [{ is: RowSecurity.everyone }], name)
        assert.deepStrictEqual(yield* workspaces, [a, b], name)
      }
      // One connection serves callers and workers in turn.
      const seen = yield* Effect.all(
        Array.from(
          { length: 60 },
          (_, n) => [inside(workspaces), CurrentWorkspace.within(b)(workspaces), workspaces][n % 3]!
        ),
        { concurrency: "unbounded" }
      )
      for (const [n, found] of seen.entries()) assert.deepStrictEqual(found, [[a], [b], [a, b]][n % 3])
    }).pipe(Effect.provide(Layer.unwrap(Effect.sync(() => storesAt(world.url, 1)))))
  )
})
