import { randomBytes } from "node:crypto"
import { startBambooHR } from "@crochet/simulators"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { makeApi } from "../../../../demo/CrochetApi.ts"
import { until } from "@crochet/proof/Deadline"
import { startInbox } from "@crochet/proof/Inbox"
import { activeIds, assertContent, assertDelivered, assertRun } from "@crochet/proof/Oracle"
import { folder, serving, start, stop } from "../Program.ts"
import * as Server from "./Server.ts"

let server: Server.PostgresServer
beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.remove())

const masterKey = randomBytes(32).toString("base64")
const apiKey = "crochet_test_the-key-of-a-postgres-installation"
const passwordOf = (url: string) => new URL(url).password

const installation = async (employees: number) => {
  const simulator = await startBambooHR({ employees, seed: 11 })
  const receiver = await startInbox()
  const url = await server.createDatabase()
  const environment = {
    CROCHET_DATABASE_URL: url,
    CROCHET_MASTER_KEY: masterKey,
    CROCHET_API_KEY: apiKey,
    CROCHET_BASE_URL_BAMBOOHR: simulator.url,
    CROCHET_EGRESS_ALLOW: "127.0.0.0/8"
  }
  const directory = folder(["connector-bamboohr"])
  return {
    simulator,
    receiver,
    url,
    environment,
    directory,
    serve: (more: Record<string, string> = {}) => serving(directory, { ...environment, ...more }),
    close: () => Promise.all([simulator.close(), receiver.close()])
  }
}

const connect = async (api: ReturnType<typeof makeApi>, world: Awaited<ReturnType<typeof installation>>) => {
  const registered = await api.post("webhook.register", { category: "HRIS", url: world.receiver.url })
  world.receiver.trust({ apiKey, secret: registered.secret })
  const { integrationId } = await api.post("integration.import", {
    appId: "bamboohr",
    originOrgId: "acme",
    credentials: { apiKey: world.simulator.apiKey },
    settings: { subdomain: world.simulator.subdomain }
  })
  return integrationId as string
}

const completed = (api: ReturnType<typeof makeApi>, integrationId: string, which: number) =>
  until("the run is completed", async () => {
    const { runs } = await api.get("sync.runs.list", {}, integrationId)
    const run = [...(runs as ReadonlyArray<{ syncRunId: string; status: string }>)].reverse()[which]
    return run?.status === "completed" ? run.syncRunId : undefined
  })

describe("crochet serve on Postgres", () => {
  it("delivers a first sync and says when everything was consumed; survives a restart of the server", async () => {
    const world = await installation(300)
    const program = await world.serve()
    const api = makeApi(program.url, apiKey)
    const integrationId = await connect(api, world)
    const first = await completed(api, integrationId, 0)
    assertRun(world.receiver, first, { "record.new": activeIds(world.simulator) })

    // The server is gone while there is something to do.
    const change = world.simulator.control.list({ status: "Active" }).slice(-40)
    for (const { id } of change) world.simulator.control.change(id, { jobTitle: `Keeper of ${id}` })
    const { syncRunId } = await api.post("sync.start", { dataType: "employee", syncType: "delta_sync" }, integrationId)
    await server.kill()
    await until("the outage is felt", async () => {
      const answer = await fetch(`${program.url}/v1.0/apps.list`, { headers: { authorization: `Bearer ${apiKey}` } })
      return answer.status >= 500
    })
    assert.isNull(program.child.exitCode, "the process lives on")
    await server.start()
    assert.strictEqual(await completed(api, integrationId, 1), syncRunId)
    assertRun(world.receiver, syncRunId, { "record.modified": change.map(({ id }) => id) })
    assertDelivered(world.receiver)
    assertContent(world.receiver, world.simulator)

    const output = program.output()
    assert.match(output, new RegExp(`database +postgres://127\\.0\\.0\\.1:${server.port}/d`))
    assert.strictEqual(await stop(program), 0)
    for (const secret of [passwordOf(world.url), apiKey, masterKey]) assert.notInclude(program.output(), secret)
    await world.close()
  })

  it("a start waits for a server that is not there yet, and says so", async () => {
    const world = await installation(20)
    await server.stop()
    const program = start(world.directory, ["serve"], { ...world.environment, CROCHET_PORT: "0" })
    await until("it has tried", () => /cannot be reached: [^]*Trying again/.test(program.output()))
    assert.isNull(program.child.exitCode, "it waits")
    await server.start()
    await until("it listens", () => /http:\/\/127\.0\.0\.1:\d+/.test(program.output()))
    assert.strictEqual(await stop(program), 0)
    await world.close()
  })

  it("two processes on one database share the work and deliver each event once", async () => {
    const world = await installation(1200)
    const programs = await Promise.all([world.serve(), world.serve()])
    const [one, other] = programs.map(({ url }) => makeApi(url, apiKey)) as [
      ReturnType<typeof makeApi>,
      ReturnType<typeof makeApi>
    ]
    const integrationId = await connect(one, world)
    const first = await completed(other, integrationId, 0)
    assertRun(world.receiver, first, { "record.new": activeIds(world.simulator) })
    const { syncRunId } = await other.post("sync.start", { dataType: "employee" }, integrationId)
    assert.strictEqual(await completed(one, integrationId, 1), syncRunId)
    assertRun(world.receiver, syncRunId, { "record.new": activeIds(world.simulator) })
    const ids = world.receiver.arrivals.map(({ event }) => event.eventId)
    assert.strictEqual(new Set(ids).size, ids.length, "each event once")
    assertDelivered(world.receiver)
    const owners = await server.query(
      "SELECT count(DISTINCT client_port)::int AS n FROM pg_stat_activity WHERE application_name = 'crochet' AND datname = $1",
      [new URL(world.url).pathname.slice(1)]
    )
    assert.isAtLeast(Number(owners[0]?.["n"]), 2)
    for (const program of programs) assert.strictEqual(await stop(program), 0)
    await world.close()
  })

  for (const [minutes, where] of [
    [5, "ahead of"],
    [-5, "behind"]
  ] as const) {
    it(`a process whose clock is ${where} the server's by five minutes delivers at once, with the server's time (F-75)`, async () => {
      const world = await installation(20)
      const program = await world.serve({
        NODE_OPTIONS: `--import ${new URL("../blackbox/settableClock.ts", import.meta.url).href}`,
        CROCHET_CLOCK_START: String(minutes * 60_000)
      })
      assert.match(
        program.output(),
        new RegExp(`This machine's clock is (299|30[01])\\.\\d s ${where} that of Postgres`)
      )
      const refused = new Set<string>()
      world.receiver.answer(({ event }) => {
        if (event.recordId === undefined || refused.size > 0) return 200
        refused.add(event.eventId)
        return 503
      })
      const began = performance.now()
      const integrationId = await connect(makeApi(program.url, apiKey), world)
      const run = await completed(makeApi(program.url, apiKey), integrationId, 0)
      assert.isBelow(performance.now() - began, 30_000)
      assertRun(world.receiver, run, { "record.new": activeIds(world.simulator) })
      const attempts = world.receiver.arrivals.filter(({ event }) => refused.has(event.eventId))
      assert.lengthOf(attempts, 2)
      for (const { headers } of world.receiver.arrivals) {
        assert.closeTo(Number(headers["webhook-timestamp"]) * 1000, Date.now(), 60_000)
      }
      assert.strictEqual(await stop(program), 0)
      await world.close()
    })
  }

  it("doctor looks and makes nothing", async () => {
    const world = await installation(1)
    const database = new URL(world.url).pathname.slice(1)
    const before = start(world.directory, ["doctor"], { ...world.environment, CROCHET_BASE_URL_BAMBOOHR: "" })
    assert.strictEqual(await before.exit, 0, before.output())
    assert.match(
      before.output(),
      /✓ Database: PostgreSQL 18\.\d+ at 127\.0\.0\.1:\d+\/d\w+; the next start makes its tables/
    )
    const tables = await server.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", [], database)
    assert.lengthOf(tables, 0)
    const wrong = start(world.directory, ["doctor"], {
      ...world.environment,
      CROCHET_DATABASE_URL: world.url.replace(passwordOf(world.url), "wrong-hunter2")
    })
    assert.strictEqual(await wrong.exit, 1)
    assert.match(wrong.output(), /✗ Database: Postgres at 127\.0\.0\.1:\d+\/d\w+ refuses the login\n +→ Correct user/)
    assert.notInclude(wrong.output(), "hunter2")
    await world.close()
  })
})

describe("what stops a start on Postgres, with a remedy", () => {
  const refused = async (environment: Record<string, string>) => {
    const program = start(folder(), ["serve"], { CROCHET_MASTER_KEY: masterKey, ...environment })
    assert.strictEqual(await program.exit, 1, program.output())
    return program.output()
  }
  it("no master key, a wrong one, nobody there, a wrong password, no database, no TLS", async () => {
    const url = await server.createDatabase()
    assert.match(
      await refused({ CROCHET_DATABASE_URL: url, CROCHET_MASTER_KEY: "" }),
      /CROCHET_MASTER_KEY: is not set; with a Postgres database[^]*→ Make one with: openssl/
    )
    const password = passwordOf(url)
    const away = await refused({
      CROCHET_DATABASE_URL: "postgres://me:hunter2@127.0.0.1:1/db",
      CROCHET_POSTGRES_WAIT: "0"
    })
    assert.match(away, /Postgres at 127\.0\.0\.1:1\/db cannot be reached: .*ECONNREFUSED[^]*Start it/)
    assert.notInclude(away, "hunter2")
    assert.match(await refused({ CROCHET_DATABASE_URL: url.replace(password, "hunter2") }), /refuses the login/)
    assert.match(await refused({ CROCHET_DATABASE_URL: `${url}x` }), /there is no such database/)
    assert.match(
      await refused({ CROCHET_DATABASE_URL: `${url}?sslmode=require` }),
      /no trusted encrypted connection[^]*sslmode/
    )
    const program = await serving(folder(), { CROCHET_DATABASE_URL: url, CROCHET_MASTER_KEY: masterKey })
    assert.strictEqual(await stop(program), 0)
    assert.match(
      await refused({ CROCHET_DATABASE_URL: url, CROCHET_MASTER_KEY: randomBytes(32).toString("base64") }),
      /CROCHET_MASTER_KEY is not the key that this database was made with/
    )
    await server.query("INSERT INTO migrations VALUES (99, 'later', 0)", [], new URL(url).pathname.slice(1))
    assert.match(await refused({ CROCHET_DATABASE_URL: url }), /has schema version 99/)
  })

  it("a server that may lose commits, unless it is taken so", async () => {
    const url = await server.createDatabase()
    const database = new URL(url).pathname.slice(1)
    await server.query(`ALTER DATABASE ${database} SET synchronous_commit = off`)
    assert.match(
      await refused({ CROCHET_DATABASE_URL: url }),
      /has synchronous_commit = off: a crash could undo[^]*CROCHET_POSTGRES_DURABILITY=relaxed/
    )
    const program = await serving(folder(), {
      CROCHET_DATABASE_URL: url,
      CROCHET_MASTER_KEY: masterKey,
      CROCHET_POSTGRES_DURABILITY: "relaxed"
    })
    assert.strictEqual(await stop(program), 0)
  })

  it("a role without rights, and one that may only read", async () => {
    const url = await server.createDatabase()
    const database = new URL(url).pathname.slice(1)
    await server.query("CREATE ROLE little LOGIN PASSWORD 'hunter2'")
    const little = url.replace(/\/\/\w+:[^@]+@/, "//little:hunter2@")
    const output = await refused({ CROCHET_DATABASE_URL: little })
    assert.match(output, /the user lacks a right[^]*GRANT CREATE, USAGE ON SCHEMA/)
    assert.notInclude(output, "hunter2")
    await server.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    assert.match(await refused({ CROCHET_DATABASE_URL: url }), /takes no writes/)
  })
})
