import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { KeyStore, type StoredDataKey } from "../store/KeyStore.ts"
import type { Database } from "./Database.ts"
import { overwrite } from "./Table.ts"
import { apiKeys, dataKeys, signingKeys } from "./Tables.ts"
import { conflict } from "../store/StoreError.ts"

/** `KeyStore` on SQL. */
export const make = ({ sql, dialect, read, write, writeLight }: Database): KeyStore["Service"] => {
  const keyColumns = sql.literal(apiKeys.select())
  const dataKeysOf = (owner: string, ownerId: string) =>
    Effect.map(
      sql`SELECT ${sql.literal(dataKeys.select())} FROM data_keys WHERE owner = ${owner} AND owner_id = ${ownerId}
        ORDER BY generation`,
      (rows) =>
        rows.map((row): StoredDataKey => {
          const { generation: _generation, ...key } = dataKeys.decode(row)
          return key
        })
    )
  const meta = (key: string) =>
    Effect.map(sql<{ readonly value: string }>`SELECT value FROM meta WHERE key = ${key}`, (rows) =>
      Option.map(Option.fromUndefinedOr(rows[0]), (row) => row.value)
    )
  return KeyStore.of({
    workspaces: read(
      "workspaces",
      Effect.map(sql<{ readonly id: string }>`SELECT id FROM workspaces ORDER BY created_at, id`, (rows) =>
        rows.map((row) => row.id)
      )
    ),
    addWorkspace: (id, createdAt) =>
      read(
        "addWorkspace",
        Effect.asVoid(
          sql`INSERT INTO workspaces (id, created_at) VALUES (${id}, ${createdAt}) ON CONFLICT (id) DO NOTHING`
        )
      ),
    addApiKey: (key) =>
      write(
        "addApiKey",
        Effect.flatMap(
          dialect.insert("api_keys", apiKeys.columns, [apiKeys.encode(key)], "ON CONFLICT DO NOTHING RETURNING id"),
          (inserted) => (inserted.length === 0 ? Effect.fail(conflict("addApiKey", "API key")) : Effect.void)
        )
      ),
    apiKeyByHash: (hash) =>
      read(
        "apiKeyByHash",
        Effect.map(sql`SELECT ${keyColumns} FROM api_keys WHERE hash = ${hash}`, (rows) =>
          Option.map(Option.fromUndefinedOr(rows[0]), apiKeys.decode)
        )
      ),
    apiKey: (workspaceId, id) =>
      read(
        "apiKey",
        Effect.map(sql`SELECT ${keyColumns} FROM api_keys WHERE id = ${id} AND workspace_id = ${workspaceId}`, (rows) =>
          Option.map(Option.fromUndefinedOr(rows[0]), apiKeys.decode)
        )
      ),
    apiKeys: (workspaceId) =>
      read(
        "apiKeys",
        Effect.map(
          sql`SELECT ${keyColumns} FROM api_keys WHERE workspace_id = ${workspaceId} ORDER BY created_at, id`,
          (rows) => rows.map(apiKeys.decode)
        )
      ),
    updateApiKey: (key) =>
      write(
        "updateApiKey",
        Effect.gen(function* () {
          const known =
            yield* sql`SELECT 1 FROM api_keys WHERE id = ${key.id} AND workspace_id = ${key.workspaceId} ${dialect.forUpdate()}`
          if (known.length === 0) return
          const set = overwrite(apiKeys.columns, ["id", "workspace_id"])
          yield* dialect.insert(
            "api_keys",
            apiKeys.columns,
            [apiKeys.encode(key)],
            `ON CONFLICT (id) DO UPDATE SET ${set}`
          )
        })
      ),
    touchApiKeys: (lastUsed) =>
      writeLight(
        "touchApiKeys",
        Effect.asVoid(sql`UPDATE api_keys SET last_used_at = used.at
          FROM ${dialect.rows({ id: "text", at: "integer" }, [...lastUsed])} AS used
          WHERE api_keys.id = used.id AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < used.at)`)
      ),
    addDataKey: (key, generation = 1) =>
      write(
        "addDataKey",
        Effect.gen(function* () {
          // Held until the end: a rotation that names another master key comes before or after, never between.
          const [active] = yield* sql<{ readonly value: string }>`SELECT value FROM meta
            WHERE key = 'vault.master_key' ${dialect.forUpdate()}`
          const known = (yield* dataKeysOf(key.owner, key.ownerId))[generation - 1]
          if (known !== undefined) return known
          if (active !== undefined && active.value !== key.masterKeyId)
            return yield* conflict("addDataKey", "master key")
          yield* dialect.insert(
            "data_keys",
            dataKeys.columns,
            [dataKeys.encode({ ...key, generation, seals: 0 })],
            "ON CONFLICT (owner, owner_id, generation) DO NOTHING"
          )
          const added = (yield* dataKeysOf(key.owner, key.ownerId))[generation - 1]
          // Never a key that is not there: what it seals would be lost.
          return added === undefined ? yield* conflict("addDataKey", "owner") : added
        })
      ),
    dataKey: (owner, ownerId) =>
      read(
        "dataKey",
        Effect.map(dataKeysOf(owner, ownerId), ([first]) => Option.fromUndefinedOr(first))
      ),
    dataKeys: (owner, ownerId) => read("dataKeys", dataKeysOf(owner, ownerId)),
    countSeals: (seals) =>
      writeLight(
        "countSeals",
        Effect.asVoid(sql`UPDATE data_keys SET seals = data_keys.seals + more.seals
          FROM ${dialect.rows({ id: "text", seals: "integer" }, [...seals])} AS more WHERE data_keys.id = more.id`)
      ),
    masterKeyUse: read(
      "masterKeyUse",
      Effect.map(
        sql<{ readonly id: string; readonly keys: number }>`SELECT master_key_id AS id, count(*) AS keys FROM data_keys
          GROUP BY master_key_id ORDER BY master_key_id`,
        (rows) => rows.map(({ id, keys }) => ({ masterKeyId: id, dataKeys: Number(keys) }))
      )
    ),
    rewrapDataKeys: ({ after, from, limit, rewrap, to }) =>
      write(
        "rewrapDataKeys",
        Effect.gen(function* () {
          const rows = yield* sql`SELECT ${sql.literal(dataKeys.select())} FROM data_keys
            WHERE master_key_id = ${from} AND id > ${after} ORDER BY id LIMIT ${limit} ${dialect.forUpdate()}`
          const found = rows.map(dataKeys.decode)
          const changed = found.flatMap((key) => {
            const wrapped = rewrap(key)
            return wrapped === null ? [] : [dataKeys.encode({ ...key, masterKeyId: to, wrapped })]
          })
          // The rows are there and stay there until the transaction ends: nothing is inserted.
          yield* dialect.insert(
            "data_keys",
            dataKeys.columns,
            changed,
            `ON CONFLICT (owner, owner_id, generation) DO UPDATE SET master_key_id = excluded.master_key_id,
              wrapped = excluded.wrapped`
          )
          if (changed.length > 0) CrashPoint.at("keys.rewrapping")
          return {
            rewrapped: changed.length,
            skipped: found.length - changed.length,
            last: found.length < limit ? null : (found.at(-1)?.id ?? null)
          }
        })
      ),
    removeDataKey: (owner, ownerId) =>
      read("removeDataKey", Effect.asVoid(sql`DELETE FROM data_keys WHERE owner = ${owner} AND owner_id = ${ownerId}`)),
    signingKeys: (workspaceId) =>
      read(
        "signingKeys",
        Effect.map(
          sql`SELECT ${sql.literal(signingKeys.select())} FROM signing_keys WHERE workspace_id = ${workspaceId}
            ORDER BY created_at, id`,
          (rows) => rows.map(signingKeys.decode)
        )
      ),
    rotateSigningKey: ({ endEarlier, key, replaces, retiresAt }) =>
      write(
        "rotateSigningKey",
        Effect.gen(function* () {
          const { createdAt, workspaceId } = key
          if (replaces !== null) {
            const replaced = yield* sql`UPDATE signing_keys SET retires_at = ${retiresAt}
              WHERE id = ${replaces} AND workspace_id = ${workspaceId} AND retires_at IS NULL RETURNING id`
            if (replaced.length === 0) return false
          }
          const inserted = yield* dialect.insert(
            "signing_keys",
            signingKeys.columns,
            [signingKeys.encode(key)],
            "ON CONFLICT DO NOTHING RETURNING id"
          )
          // Only a first key can be forestalled here, and then nothing was changed before.
          if (inserted.length === 0) return false
          if (endEarlier) {
            yield* sql`UPDATE signing_keys SET retires_at = ${retiresAt}
              WHERE workspace_id = ${workspaceId} AND retires_at > ${retiresAt}`
          }
          yield* sql`DELETE FROM signing_keys WHERE workspace_id = ${workspaceId} AND retires_at <= ${createdAt}`
          yield* sql`UPDATE destinations
            SET updated_at = CASE WHEN updated_at >= ${createdAt} THEN updated_at + 1 ELSE ${createdAt} END
            WHERE workspace_id = ${workspaceId} AND signatures LIKE '%"v1a"%'`
          return true
        })
      ),
    meta: (key) => read("meta", meta(key)),
    initMeta: (key, value) =>
      write(
        "initMeta",
        Effect.gen(function* () {
          yield* sql`INSERT INTO meta (key, value) VALUES (${key}, ${value}) ON CONFLICT (key) DO NOTHING`
          return Option.getOrElse(yield* meta(key), () => value)
        })
      ),
    putMeta: (key, value) =>
      write(
        "putMeta",
        Effect.asVoid(
          sql`INSERT INTO meta (key, value) VALUES (${key}, ${value}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
        )
      )
  })
}
