/** How long `crochet keys rotate` takes for so many data keys in SQLite. `node benchmarks/src/rotation.ts [data keys]`. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { KeyRotation, KeyStore, type MasterKeys, Vault } from "@crochet/core"
import { NodeCrypto, SqliteClient, SqliteStore } from "@crochet/runtime-node"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { howMany } from "./HowMany.ts"

const count = howMany(1_000_000)
const folder = mkdtempSync(join(tmpdir(), "crochet-rotation-"))
const path = join(folder, "bench.db")
const key = (byte: number): MasterKeys.MasterKey => Redacted.make(new Uint8Array(32).fill(byte))
const storage = Layer.merge(Layer.orDie(SqliteStore.layer({ path })), NodeCrypto.layer)

const program = Effect.gen(function* () {
  // One by one as runs would make them, but without a flush to the disk for each.
  yield* Effect.gen(function* () {
    const vault = yield* Vault.Vault
    yield* vault.sealer({ owner: "workspace", ownerId: "ws", workspaceId: "ws" })
  }).pipe(Effect.provide(Vault.Vault.layer(key(1)).pipe(Layer.provide(storage))))
  yield* Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    // All under one place: every one opens, which is what costs.
    yield* sql`INSERT INTO data_keys (owner, owner_id, generation, id, workspace_id, master_key_id, wrapped, created_at, seals)
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      SELECT owner, owner_id, i, id || i, workspace_id, master_key_id, wrapped, created_at, 0 FROM data_keys, n`
  }).pipe(Effect.provide(SqliteClient.layer({ path })))
  const started = performance.now()
  const result = yield* Effect.flatMap(KeyRotation.KeyRotation, (rotation) => rotation.rotate()).pipe(
    Effect.provide(KeyRotation.KeyRotation.layer({ keys: [key(2), key(1)] }).pipe(Layer.provide(storage)))
  )
  const seconds = (performance.now() - started) / 1000
  const uses = yield* Effect.flatMap(KeyStore.KeyStore, (keys) => keys.masterKeyUse).pipe(Effect.provide(storage))
  console.log(
    `${result.rewrapped} data keys (${result.unreadable} unreadable) in ${seconds.toFixed(1)} s, ` +
      `${Math.round(result.rewrapped / seconds)}/s; master keys left: ${uses.length}`
  )
})

try {
  await Effect.runPromise(program)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
