import { createCipheriv, createHmac, hash, randomBytes } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { makeApi } from "../../../../demo/CrochetApi.ts"
import { until } from "@crochet/proof/Deadline"
import { folder, serving, start, stop } from "../Program.ts"

const filled = 30_000
const apiKey = "crochet_test_the-key-of-the-rotation-tests"
const environment = { CROCHET_API_KEY: apiKey, CROCHET_EGRESS_ALLOW: "127.0.0.0/8" }

const run = async (directory: string, args: ReadonlyArray<string>, more: Record<string, string> = {}) => {
  const program = start(directory, args, { ...environment, ...more })
  const code = await program.exit
  return { code, output: program.output() }
}
const rotate = (directory: string, more: Record<string, string> = {}) =>
  run(directory, ["keys", "rotate", "--json"], more)
const status = async (directory: string, more: Record<string, string> = {}) => {
  const { code, output } = await run(directory, ["keys", "status", "--json"], more)
  assert.strictEqual(code, 0, output)
  return JSON.parse(output) as ReadonlyArray<{ id: string; dataKeys: number; active: boolean; given: boolean }>
}
const databaseOf = (directory: string) => join(directory, ".crochet", "crochet.db")

/** Data keys that only rotation looks at, wrapped as the vault does it. */
const fill = (directory: string, count: number): void => {
  const file = new DatabaseSync(databaseOf(directory), { timeout: 10_000 })
  const { id: workspace } = file.prepare("SELECT id FROM workspaces").get() as { id: string }
  const { value: masterId } = file.prepare("SELECT value FROM meta WHERE key = 'vault.master_key'").get() as {
    value: string
  }
  const master = Buffer.from(readFileSync(join(directory, ".crochet", "master.key"), "utf8"), "base64")
  file.exec("BEGIN")
  const insert = file.prepare(
    `INSERT INTO data_keys (owner, owner_id, generation, id, workspace_id, master_key_id, wrapped, created_at, seals)
     VALUES ('run', ?, 1, ?, ?, ?, ?, 0, 0)`
  )
  for (let i = 0; i < count; i++) {
    const nonce = randomBytes(12)
    const cipher = createCipheriv("aes-256-gcm", master, nonce)
    cipher.setAAD(Buffer.from(`2|${workspace}|data_keys|wrapped|run/run_${i}`))
    const wrapped = Buffer.concat([
      Buffer.of(2),
      hash("sha256", masterId, "buffer").subarray(0, 8),
      nonce,
      cipher.update(randomBytes(32)),
      cipher.final(),
      cipher.getAuthTag()
    ])
    insert.run(`run_${i}`, `dk_fill_${i}`, workspace, masterId, wrapped)
  }
  file.exec("COMMIT")
  file.close()
}

const call = (url: string, path: string, body?: object) =>
  fetch(`${url}/v1.0/${path}`, {
    headers: { authorization: `Bearer ${apiKey}` },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
  })

describe.concurrent("crochet keys rotate", () => {
  it("goes to a new key in the key file while a server runs, with no failed request, killed in between", async () => {
    const directory = folder(["connector-playground"])
    const server = await serving(directory, environment)
    const api = makeApi(server.url, apiKey)
    const { destinationId } = await api.post("webhook.register", { category: "HRIS", url: "http://127.0.0.1:9/hook" })
    fill(directory, filled)
    const [before] = await status(directory)
    const keyFile = join(directory, ".crochet", "master.key")
    const oldKey = readFileSync(keyFile, "utf8")

    let asked = 0
    let stopped = false
    const failures: Array<string> = []
    const asking = (async () => {
      while (!stopped) {
        // Opening and sealing with data keys of both kinds, and making new ones.
        const answers = await Promise.all([
          call(server.url, "webhook.list"),
          call(server.url, "webhook.update", { destinationId, headers: { "x-n": String(asked) } }),
          call(server.url, "integration.import", {
            appId: "playground",
            originOrgId: `org-${asked}`,
            accountType: "production"
          })
        ])
        for (const answer of answers) {
          asked++
          if (answer.status !== 200) failures.push(`${answer.status} ${await answer.text()}`)
        }
      }
    })()

    // Rotations that are killed when they are a quarter, half and three quarters done, and one that is not.
    const file = new DatabaseSync(databaseOf(directory), { timeout: 10_000, readOnly: true })
    const count = file.prepare("SELECT count(*) AS n FROM data_keys WHERE owner = 'run' AND master_key_id <> ?")
    const moved = () => Number((count.get(before!.id) as { n: number }).n)
    for (const part of [0.25, 0.5, 0.75]) {
      const killed = start(directory, ["keys", "rotate"], environment)
      await until("a part is moved", () => moved() >= part * filled, 60_000)
      killed.child.kill("SIGKILL")
      await killed.exit
      assert.isBelow(moved(), filled, "it was killed before its end")
      assert.isTrue(existsSync(keyFile), "there is a key file at any moment")
    }
    file.close()
    const last = await rotate(directory)
    assert.strictEqual(last.code, 0, last.output)
    assert.include(last.output, '"unreadable": 0')
    stopped = true
    await asking
    assert.deepStrictEqual(failures, [])
    assert.isAbove(asked, 30)

    const uses = await status(directory)
    const active = uses.find((use) => use.active)!
    assert.notStrictEqual(active.id, before!.id)
    assert.notStrictEqual(readFileSync(keyFile, "utf8"), oldKey)
    assert.strictEqual(readFileSync(`${keyFile}.${before!.id}`, "utf8"), oldKey, "for backups from before")
    assert.deepStrictEqual(
      readdirSync(join(directory, ".crochet"))
        .filter((name) => name.startsWith("master.key"))
        .sort(),
      ["master.key", `master.key.${before!.id}`]
    )
    assert.deepStrictEqual(
      uses.map((use) => use.id),
      [active.id],
      "nothing is under the old key"
    )

    const { entries } = await api.get("audit.list", { action: "master_key.rotate" })
    assert.strictEqual(entries.at(0)?.target, active.id)
    assert.strictEqual(await stop(server), 0)
    const again = await serving(directory, environment)
    assert.strictEqual((await call(again.url, "webhook.update", { destinationId, state: "paused" })).status, 200)
    assert.strictEqual(await stop(again), 0)
  }, 240_000)

  it("goes from one setting to another by way of two restarts; wrong and missing keys stop the start", async () => {
    const directory = folder()
    const [one, two] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")]
    const old = { ...environment, CROCHET_MASTER_KEY: one }
    const both = { ...environment, CROCHET_MASTER_KEY: two, CROCHET_MASTER_KEYS_OLD: one }
    const only = { ...environment, CROCHET_MASTER_KEY: two }
    const first = await serving(directory, old)
    const registered = await call(first.url, "webhook.register", { category: "HRIS", url: "http://127.0.0.1:9/hook" })
    assert.strictEqual(registered.status, 200)
    assert.strictEqual(await stop(first), 0)

    const refuses = async (settings: Record<string, string>, words: RegExp) => {
      const { code, output } = await run(directory, ["serve"], settings)
      assert.strictEqual(code, 1, output)
      assert.match(output, words)
      for (const key of [one, two]) assert.notInclude(output, key)
    }
    await refuses(only, /not the key that this database was made with/)
    await refuses(
      environment,
      /key file .* does not[^]*Restore the key file from your backup, or set CROCHET_MASTER_KEY/
    )
    await refuses({ ...environment, CROCHET_MASTER_KEYS_OLD: one }, /CROCHET_MASTER_KEY: is missing/)

    const server = await serving(directory, both)
    assert.match((await run(directory, ["keys", "rotate", "--dry-run"], both)).output, /^[1-9]\d* data keys would be/m)
    const rotated = await rotate(directory, both)
    assert.strictEqual(rotated.code, 0, rotated.output)
    assert.isAbove((JSON.parse(rotated.output) as { rewrapped: number }).rewrapped, 0)
    assert.strictEqual((await call(server.url, "webhook.list")).status, 200)
    assert.strictEqual(await stop(server), 0)

    await refuses(old, /rotated out[^]*CROCHET_MASTER_KEYS_OLD/)
    const last = await serving(directory, only)
    assert.strictEqual((await call(last.url, "webhook.list")).status, 200)
    assert.strictEqual(await stop(last), 0)
    const nothing = await run(directory, ["keys", "rotate"], only)
    assert.match(nothing.output, /already[^]*set CROCHET_MASTER_KEY to a new key/)
    // The id tells nothing of the key.
    const [use] = await status(directory, only)
    const key = Buffer.from(two, "base64")
    const digest = hash("sha256", createHmac("sha256", key).update("crochet/master-key-id").digest(), "base64url")
    assert.strictEqual(use!.id, digest.slice(0, 12))
  }, 240_000)
})
