import { createDecipheriv, randomBytes } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it, vi } from "@effect/vitest"
import { Vault } from "@crochet/core"
import { Effect, Layer, Redacted } from "effect"
import * as SqliteStore from "../../src/sqlite/SqliteStore.ts"
import * as NodeCrypto from "../../src/vault/NodeCrypto.ts"
import { app, inbox, installation } from "../blackbox/World.ts"

interface KeyRow {
  readonly owner: string
  readonly owner_id: string
  readonly workspace_id: string
  readonly wrapped: Uint8Array
}

/** Opens by hand what the vault sealed: somebody who has the bytes and the key does not ask the vault. */
const open = (key: Uint8Array, place: string, sealed: Uint8Array): Buffer => {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(9, 21))
  decipher.setAAD(Buffer.from(`2|${place}`))
  decipher.setAuthTag(sealed.subarray(sealed.length - 16))
  return Buffer.concat([decipher.update(sealed.subarray(21, sealed.length - 16)), decipher.final()])
}
const unwrap = (master: Uint8Array, row: KeyRow): Buffer =>
  open(master, `${row.workspace_id}|data_keys|wrapped|${row.owner}/${row.owner_id}`, row.wrapped)

describe("after the last acknowledgement of a run", () => {
  it("no body of it opens, with the master key, the database and a copy of the outbox from before", async () => {
    const simulator = await app({ employees: 12, seed: 5, apiKey: "shredding-key-of-the-app-0123456789" })
    const receiver = await inbox()
    const master = randomBytes(32)
    const host = await installation(simulator, { CROCHET_MASTER_KEY: master.toString("base64") })
    await host.register(receiver)
    receiver.answer(({ event }) => (event.recordId === undefined ? 200 : 500))
    const integrationId = await host.connect()
    const { syncRunId } = await host.firstRun(integrationId)
    await host.reaches(syncRunId, "processed")

    const reading = new DatabaseSync(host.database, { readOnly: true, timeout: 10_000 })
    const copies = reading
      .prepare(
        "SELECT e.id AS event_id, b.body FROM bodies b JOIN events e ON e.position = b.position WHERE e.type LIKE 'record.%'"
      )
      .all() as unknown as ReadonlyArray<{
      readonly event_id: string
      readonly body: Uint8Array
    }>
    const runKey = reading.prepare("SELECT * FROM data_keys WHERE owner = 'run'").get() as unknown as KeyRow
    reading.close()
    assert.isAtLeast(copies.length, 8)
    const placeOf = (eventId: string) => `${runKey.workspace_id}|outbox|body|${eventId}`
    // The attack works as long as the run's key is there: so what fails below fails for want of it.
    const dataKey = unwrap(master, runKey)
    for (const { body, event_id } of copies) {
      assert.match(open(dataKey, placeOf(event_id), body).toString(), /"eventType":"record\.new"/)
    }

    receiver.answer(() => 200)
    for (const { event_id } of copies)
      await host
        .api()
        .post("event.retry", { eventId: event_id })
        .catch(() => {})
    await host.reaches(syncRunId, "completed")
    await vi.waitFor(async () => assert.strictEqual((await host.run(syncRunId)).outstanding, 0), {
      timeout: 25_000,
      interval: 25
    })
    assert.strictEqual(await host.stop(), 0)

    // The wrapped key is not even left in a free page; the log is gone with the process.
    assert.isFalse(existsSync(`${host.database}-wal`))
    assert.strictEqual(readFileSync(host.database).indexOf(runKey.wrapped), -1)

    const after = new DatabaseSync(host.database, { readOnly: true })
    const left = after.prepare("SELECT * FROM data_keys").all() as unknown as ReadonlyArray<KeyRow>
    assert.strictEqual(Number((after.prepare("SELECT count(*) AS n FROM bodies").get() as { n: number }).n), 0)
    after.close()
    assert.isAtLeast(left.length, 2, "the account's and the workspace's keys are there")
    assert.isFalse(left.some((row) => row.owner === "run"))
    for (const key of [master, ...left.map((row) => unwrap(master, row))]) {
      for (const { body, event_id } of copies) assert.throws(() => open(key, placeOf(event_id), body))
    }
    const vault = Vault.Vault.layer(Redacted.make(new Uint8Array(master))).pipe(
      Layer.provide(Layer.merge(SqliteStore.layer({ path: host.database }), NodeCrypto.layer))
    )
    const scope = { owner: "run", ownerId: syncRunId, workspaceId: runKey.workspace_id } as const
    const refused = await Effect.runPromise(
      Effect.flip(Effect.flatMap(Vault.Vault, (one) => one.opener(scope)).pipe(Effect.provide(vault)))
    )
    assert.strictEqual(refused._tag === "VaultError" ? refused.reason._tag : refused._tag, "KeyDestroyed")
  })
})
