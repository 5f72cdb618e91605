import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { folder, serving, start, stop } from "./Program.ts"

describe("crochet serve", () => {
  it("makes key file, database and API key at the first start, and keeps them", async () => {
    const directory = folder()
    const first = await serving(directory)
    assert.isDefined(first.key, first.output())
    const keyFile = join(directory, ".crochet", "master.key")
    assert.strictEqual(statSync(keyFile).mode & 0o777, 0o600)
    const answer = await fetch(`${first.url}/v1.0/apps.list`, { headers: { authorization: `Bearer ${first.key}` } })
    assert.deepStrictEqual(await answer.json(), { success: true, data: { apps: [], nextPageToken: null } })
    const ready = await fetch(`${first.url}/health/ready`)
    assert.strictEqual(ready.status, 200)
    const refused = await fetch(`${first.url}/v1.0/sync.start`, {
      method: "POST",
      headers: { authorization: `Bearer ${first.key}` },
      body: "{"
    })
    const { error } = (await refused.json()) as { error: { docs: string } }
    assert.strictEqual(error.docs, `${first.url}/docs/errors#request.invalid_json`)
    assert.match(first.output(), new RegExp(`"executionId":"${refused.headers.get("x-knit-execution-id")}"`))
    assert.strictEqual(await stop(first), 0, first.output())
    assert.match(first.output(), /Stopped/)

    const second = await serving(directory)
    assert.isUndefined(second.key, "the second start must not print a key")
    const again = await fetch(`${second.url}/v1.0/keys.list`, { headers: { authorization: `Bearer ${first.key}` } })
    assert.strictEqual(again.status, 200)
    assert.notInclude(second.output(), String(first.key), "a key must not reach the log")
    assert.strictEqual(await stop(second, "SIGINT"), 0)
  })

  it("has the connectors that are installed, and the key that is set", async () => {
    const apiKey = "crochet_test_a-key-from-the-environment"
    const program = await serving(folder(["connector-bamboohr", "connector-playground"]), { CROCHET_API_KEY: apiKey })
    assert.isUndefined(program.key)
    const answer = await fetch(`${program.url}/v1.0/apps.list`, { headers: { authorization: `Bearer ${apiKey}` } })
    const { data } = (await answer.json()) as { data: { apps: ReadonlyArray<{ id: string }> } }
    assert.deepStrictEqual(data.apps.map((app) => app.id).sort(), ["bamboohr", "playground"])
    assert.strictEqual(await stop(program), 0)
  })

  it("takes settings and connectors from crochet.config.ts; the environment wins", async () => {
    const directory = folder(["connector-bamboohr", "connector-playground"])
    writeFileSync(
      join(directory, "crochet.config.ts"),
      `import { defineConfig } from "@crochet/runtime-node"
import { connector } from "@crochet/connector-bamboohr"
const days: number = 7
export default defineConfig({ connectors: [connector], databaseUrl: "sqlite:./data/my.db", port: 99999, testAccounts: { days } })
`
    )
    const program = await serving(directory)
    assert.match(program.output(), /connectors +bamboohr\n/)
    assert.isTrue(existsSync(join(directory, "data", "my.db")))
    assert.isTrue(existsSync(join(directory, "data", "master.key")))
    assert.strictEqual(await stop(program), 0)
  })

  it("a second signal ends it at once", async () => {
    const program = await serving(folder())
    // A request whose body never ends keeps the server from stopping by itself.
    const hanging = fetch(`${program.url}/v1.0/sync.start`, {
      method: "POST",
      headers: { authorization: `Bearer ${program.key}` },
      body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) }),
      duplex: "half"
    } as RequestInit).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 200))
    program.child.kill("SIGTERM")
    await program.shows(/Stopping/)
    program.child.kill("SIGTERM")
    assert.strictEqual(await program.exit, 143)
    await hanging
  })
})

describe("what stops a start, with a remedy", () => {
  it("tells every problem at once", async () => {
    const program = start(folder(), ["serve"], { CROCHET_PORT: "x", CROCHET_MASTER_KEY: "hunter2" })
    assert.strictEqual(await program.exit, 1)
    assert.match(
      program.output(),
      /CROCHET_PORT: is not a port number\.\n {2}→ Give a number[^]*CROCHET_MASTER_KEY: is not 32 bytes/
    )
    assert.notInclude(program.output(), "hunter2")
  })
  it("an address that this machine does not have", async () => {
    const program = start(folder(), ["serve"], { CROCHET_HOST: "203.0.113.7" })
    assert.strictEqual(await program.exit, 1)
    assert.match(program.output(), /CROCHET_HOST: the server cannot listen on 203\.0\.113\.7/)
  })
  it("a port in use", async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const program = start(folder(), ["serve"], { CROCHET_PORT: String(port) })
    assert.strictEqual(await program.exit, 1)
    assert.match(program.output(), new RegExp(`CROCHET_PORT: port ${port} on 127\\.0\\.0\\.1 is in use`))
    server.close()
  })
  it("a key file that others can read, that is damaged, or that is gone", async () => {
    const directory = folder()
    assert.strictEqual(await stop(await serving(directory)), 0)
    const file = join(directory, ".crochet", "master.key")
    const key = readFileSync(file)
    chmodSync(file, 0o644)
    const open = start(directory, ["serve"])
    assert.strictEqual(await open.exit, 1)
    assert.match(open.output(), /other users can read the master key\.\n {2}→ Run: chmod 600/)
    chmodSync(file, 0o600)
    writeFileSync(file, "AAAA")
    const damaged = start(directory, ["serve"])
    assert.strictEqual(await damaged.exit, 1)
    assert.match(damaged.output(), /does not hold 32 bytes/)
    writeFileSync(file, Buffer.from(key.toString(), "base64").fill(7).toString("base64"))
    const wrong = start(directory, ["serve"])
    assert.strictEqual(await wrong.exit, 1)
    assert.match(wrong.output(), /CROCHET_MASTER_KEY is not the key that this database was made with/)
    rmSync(file)
    const gone = start(directory, ["serve"])
    assert.strictEqual(await gone.exit, 1)
    assert.match(gone.output(), /key file .* does not/)
    assert.isFalse(existsSync(file), "no new key beside an old database")
  })
  it("a config file that cannot be loaded, or has a misspelt setting", async () => {
    const directory = folder()
    writeFileSync(join(directory, "crochet.config.ts"), "export default { prot: 1 }")
    const misspelt = start(directory, ["serve"])
    assert.strictEqual(await misspelt.exit, 1)
    assert.match(misspelt.output(), /prot is not a setting\.\n {2}→ Did you mean port\?/)
    writeFileSync(join(directory, "crochet.config.ts"), "import '@crochet/connector-nope'\nexport default {}")
    const broken = start(directory, ["serve"])
    assert.strictEqual(await broken.exit, 1)
    assert.match(broken.output(), /crochet\.config\.ts: cannot be loaded/)
  })
  it("a misspelt variable is only a warning, with the nearest name", async () => {
    const program = await serving(folder(["connector-bamboohr"]), {
      CROCHET_PUBLIC_ULR: "x",
      CROCHET_BASE_URL_BAMBOHR: "http://127.0.0.1:1"
    })
    assert.match(
      program.output(),
      /CROCHET_PUBLIC_ULR is not a setting of Crochet and has no effect\. Did you mean CROCHET_PUBLIC_URL\?/
    )
    assert.match(program.output(), /CROCHET_BASE_URL_BAMBOHR: no connector .* Did you mean CROCHET_BASE_URL_BAMBOOHR\?/)
    assert.strictEqual(await stop(program), 0)
  })
})

describe("the other commands", () => {
  it("--help and --version", async () => {
    const help = start(folder(), ["--help"])
    assert.strictEqual(await help.exit, 0)
    for (const name of ["serve", "doctor", "keys", "sync"]) assert.match(help.output(), new RegExp(`^ +${name} `, "m"))
    const version = start(folder(), ["--version"])
    assert.strictEqual(await version.exit, 0)
    assert.match(version.output(), /\d+\.\d+\.\d+/)
  })
  it("keys: make, list, use, revoke", async () => {
    const directory = folder()
    const server = await serving(directory)
    const made = start(directory, ["keys", "create", "--name", "ci", "--scopes", "read", "--json"])
    assert.strictEqual(await made.exit, 0, made.output())
    const key = JSON.parse(made.output()) as { key: string; keyId: string }
    const ask = () => fetch(`${server.url}/v1.0/sync.jobs.list`, { headers: { authorization: `Bearer ${key.key}` } })
    assert.strictEqual((await ask()).status, 200)
    const listed = start(directory, ["keys", "list"])
    assert.strictEqual(await listed.exit, 0)
    assert.match(listed.output(), /ci +crochet_live_/)
    assert.notInclude(listed.output(), key.key)
    const revoked = start(directory, ["keys", "revoke", key.keyId])
    assert.strictEqual(await revoked.exit, 0, revoked.output())
    assert.strictEqual((await ask()).status, 401)
    const wrong = start(directory, ["keys", "create", "--name", "x", "--scopes", "all"])
    assert.strictEqual(await wrong.exit, 1)
    assert.match(wrong.output(), /--scopes: names a scope that does not exist/)
    assert.strictEqual(await stop(server), 0)
  })
  it("sync: speaks to the server, and says what to do when it cannot", async () => {
    const directory = folder()
    const server = await serving(directory)
    const environment = { CROCHET_URL: server.url, CROCHET_API_KEY: String(server.key) }
    const list = start(directory, ["sync", "list"], environment)
    assert.strictEqual(await list.exit, 0, list.output())
    assert.match(list.output(), /No sync jobs yet/)
    const unknown = start(directory, ["sync", "run", "sr_nope"], environment)
    assert.strictEqual(await unknown.exit, 1)
    assert.match(unknown.output(), /There is no such[^]*→/)
    const keyless = start(directory, ["sync", "list"], { CROCHET_URL: server.url })
    assert.strictEqual(await keyless.exit, 1)
    assert.match(keyless.output(), /There is no API key\.\n {2}→ Set CROCHET_API_KEY/)
    assert.strictEqual(await stop(server), 0)
    const away = start(directory, ["sync", "list"], environment)
    assert.strictEqual(await away.exit, 1)
    assert.match(away.output(), /cannot be reached[^]*crochet serve/)
  })
  it("doctor", async () => {
    const directory = folder(["connector-bamboohr"])
    const well = start(directory, ["doctor"])
    assert.strictEqual(await well.exit, 0, well.output())
    assert.match(
      well.output(),
      /✓ Node[^]*✓ Connectors: bamboohr[^]*✓ Database: the first start makes it[^]*Everything is in order/
    )
    assert.isFalse(existsSync(join(directory, ".crochet")), "doctor must make nothing")
    const ill = start(directory, ["doctor", "--json"], { CROCHET_BASE_URL_BAMBOOHR: "http://127.0.0.1:9" })
    assert.strictEqual(await ill.exit, 1)
    const report = JSON.parse(ill.output()) as {
      ok: boolean
      checks: ReadonlyArray<{ name: string; ok: boolean; remedy?: string }>
    }
    assert.isFalse(report.ok)
    assert.include(report.checks.find((check) => check.name === "Base URL of bamboohr")?.remedy, "CROCHET_EGRESS_ALLOW")
  })
})
