import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import { makeApi } from "../../../demo/CrochetApi.ts"
import { folder, serving, start, stop } from "./Program.ts"

const apiKey = "crochet_test_the-key-of-the-audit-tests"
const environment = { CROCHET_API_KEY: apiKey, CROCHET_EGRESS_ALLOW: "127.0.0.0/8" }

const run = async (directory: string, ...args: ReadonlyArray<string>) => {
  const program = start(directory, args, environment)
  const code = await program.exit
  return { code, output: program.output() }
}

describe("the audit log", () => {
  it("cannot be changed by statements, and shows what was changed without them", async () => {
    const directory = folder()
    const server = await serving(directory, environment)
    const api = makeApi(server.url, apiKey)
    const key = await api.post("keys.create", { name: "ci", scopes: ["read"] })
    const { destinationId } = await api.post("webhook.register", { category: "HRIS", url: "http://127.0.0.1:9/hook" })
    for (let i = 0; i < 5; i++)
      await api.post("webhook.update", { destinationId, state: i % 2 === 0 ? "paused" : "active" })
    await api.post("keys.revoke", { keyId: key.keyId })
    const made = await run(directory, "keys", "create", "--name", "by hand", "--scopes", "sync")
    assert.strictEqual(made.code, 0, made.output)

    const { entries } = await api.get("audit.list")
    const told = entries.map((entry: { action: string; target: string; actor: string }) => entry.action).reverse()
    assert.deepStrictEqual(told, [
      "api_key.create",
      "destination.register",
      ...Array.from({ length: 5 }, () => "destination.update"),
      "api_key.revoke",
      "api_key.create"
    ])
    assert.strictEqual(entries[0].actor, "operator")
    assert.match(entries[1].actor, /^key_/)
    const page = await api.get("audit.list", { action: "destination.update", pageSize: "2" })
    assert.deepStrictEqual(
      page.entries.map((entry: { position: number }) => entry.position),
      [7, 6]
    )
    assert.strictEqual(await stop(server), 0)
    assert.match((await run(directory, "audit", "list", "--action", "api_key.revoke")).output, new RegExp(key.keyId))

    const whole = await run(directory, "audit", "verify")
    assert.strictEqual(whole.code, 0, whole.output)
    assert.include(whole.output, `9 entries hold; the last one's hash is ${entries[0].hash}`)

    const file = new DatabaseSync(join(directory, ".crochet", "crochet.db"))
    for (const statement of [
      "UPDATE audit_log SET actor = 'somebody' WHERE position = 3",
      "DELETE FROM audit_log WHERE position = 3",
      "DELETE FROM audit_log",
      "INSERT OR REPLACE INTO audit_log SELECT workspace_id, 3, at, 'x', action, target, detail, previous_hash, hash FROM audit_log WHERE position = 3"
    ]) {
      assert.throws(() => file.exec(`PRAGMA recursive_triggers = ON; ${statement}`), /append-only/, statement)
    }
    // Whoever owns the file can do as they like, but not unseen.
    file.exec("DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete")
    const tampered: ReadonlyArray<readonly [change: string, back: string, words: RegExp]> = [
      [
        "UPDATE audit_log SET actor = 'key_other' || actor WHERE position = 3",
        "UPDATE audit_log SET actor = substr(actor, 10) WHERE position = 3",
        /entry 3 was changed; the 2 before it hold/
      ],
      [
        `UPDATE audit_log SET detail = replace(detail, '"ci"', '"CI"') WHERE position = 1`,
        `UPDATE audit_log SET detail = replace(detail, '"CI"', '"ci"') WHERE position = 1`,
        /entry 1 was changed; the 0 before it hold/
      ],
      [
        "UPDATE audit_log SET position = 100 WHERE position = 4",
        "UPDATE audit_log SET position = 4 WHERE position = 100",
        /entry 4 is missing/
      ],
      [
        "UPDATE audit_log SET previous_hash = 'x' || previous_hash WHERE position = 5",
        "UPDATE audit_log SET previous_hash = substr(previous_hash, 2) WHERE position = 5",
        /entry 5 does not follow the one before/
      ]
    ]
    for (const [change, back, words] of tampered) {
      file.exec(change)
      const broken = await run(directory, "audit", "verify")
      assert.strictEqual(broken.code, 1, `${change}: ${broken.output}`)
      assert.match(broken.output, words)
      file.exec(back)
    }
    file.close()
    assert.strictEqual((await run(directory, "audit", "verify")).code, 0)
  })
})
