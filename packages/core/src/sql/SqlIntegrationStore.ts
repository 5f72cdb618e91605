import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Fragment } from "effect/sql/Statement"
import * as CrashPoint from "../crash/CrashPoint.ts"
import { IntegrationStore, type PurgeReport } from "../store/IntegrationStore.ts"
import type { Farewell } from "../store/RevocationStore.ts"
import type { Database } from "./Database.ts"
import * as ReplayOutcomes from "./ReplayOutcomes.ts"
import { overwrite } from "./Table.ts"
import { integrations, revocations } from "./Tables.ts"
import { conflict } from "../store/StoreError.ts"

/** `IntegrationStore` on SQL. */
export const make = (database: Database): IntegrationStore["Service"] => {
  const { sql, dialect, read, write } = database
  const find = (workspaceId: string, id: string) =>
    Effect.map(
      sql`SELECT ${sql.literal(integrations.select())} FROM integrations WHERE id = ${id} AND workspace_id = ${workspaceId}`,
      (rows) => Option.map(Option.fromUndefinedOr(rows[0]), integrations.decode)
    )
  const upsert =
    `ON CONFLICT (id) DO UPDATE SET ${overwrite(integrations.columns, ["id", "workspace_id"])} ` +
    `WHERE integrations.workspace_id = excluded.workspace_id RETURNING id`

  /** Keeps what the app is still to be told, if the credentials are still the ones that were read. */
  const takeLeave = Effect.fnUntraced(function* (operation: string, id: string, { credentials, revocation }: Farewell) {
    const [row] = yield* sql<{
      readonly sealed: Uint8Array
    }>`SELECT sealed FROM credentials WHERE integration_id = ${id} ${dialect.forUpdate()}`
    const current = row?.sealed ?? new Uint8Array()
    if (current.length !== credentials.length || current.some((byte, at) => byte !== credentials[at])) {
      return yield* conflict(operation, "credentials")
    }
    if (revocation !== null)
      yield* dialect.insert("revocations", revocations.columns, [revocations.encode(revocation)], "")
    CrashPoint.at("account.ending")
  })

  return IntegrationStore.of({
    save: (integration, credentials) =>
      write(
        "saveIntegration",
        Effect.gen(function* () {
          const saved = yield* dialect.insert(
            "integrations",
            integrations.columns,
            [integrations.encode(integration)],
            upsert
          )
          if (saved.length === 0) return yield* conflict("saveIntegration", "id")
          if (credentials === undefined) return
          yield* sql`INSERT INTO credentials (integration_id, sealed) VALUES (${integration.id}, ${credentials})
            ON CONFLICT (integration_id) DO UPDATE SET sealed = excluded.sealed`
        })
      ),
    end: (integration, farewell) =>
      write(
        "endIntegration",
        Effect.gen(function* () {
          const { id, workspaceId } = integration
          const [there] =
            yield* sql`SELECT 1 FROM integrations WHERE id = ${id} AND workspace_id = ${workspaceId} ${dialect.forUpdate()}`
          if (there === undefined) return yield* conflict("endIntegration", "id")
          yield* dialect.insert("integrations", integrations.columns, [integrations.encode(integration)], upsert)
          yield* takeLeave("endIntegration", id, farewell)
          // An empty value replaces the sealed credentials: they are gone, even if the master key leaks later.
          yield* sql`UPDATE credentials SET sealed = ${new Uint8Array()} WHERE integration_id = ${id}`
        })
      ),
    get: (workspaceId, id) => read("integration", find(workspaceId, id)),
    credentials: (workspaceId, id) =>
      read(
        "credentials",
        Effect.map(
          sql<{
            readonly sealed: Uint8Array
          }>`SELECT c.sealed FROM credentials c JOIN integrations i ON i.id = c.integration_id
            WHERE i.id = ${id} AND i.workspace_id = ${workspaceId}`,
          (rows) => Option.map(Option.fromUndefinedOr(rows[0]), (row) => row.sealed)
        )
      ),
    replaceCredentials: (id, previous, next) =>
      read(
        "replaceCredentials",
        Effect.map(
          dialect.affected(
            sql`UPDATE credentials SET sealed = ${next} WHERE integration_id = ${id} AND sealed = ${previous}`
          ),
          (changed) => changed > 0
        )
      ),
    list: (filter, request) => {
      const conditions: Array<Fragment> = [sql`workspace_id = ${filter.workspaceId}`]
      if (filter.originOrgId !== undefined) conditions.push(sql`origin_org_id = ${filter.originOrgId}`)
      if (filter.appId !== undefined) conditions.push(sql`app_id = ${filter.appId}`)
      if (filter.state !== undefined) conditions.push(sql`state = ${filter.state}`)
      return database.list("listIntegrations", integrations, conditions, request, "oldest first")
    },
    countTestAccounts: (workspaceId) =>
      read(
        "countTestAccounts",
        Effect.map(
          sql<{ readonly n: number }>`SELECT count(*) AS n FROM integrations
            WHERE workspace_id = ${workspaceId} AND account_type = 'test' AND state NOT IN ('deactivated', 'expired')`,
          (rows) => Number(rows[0]?.n ?? 0)
        )
      ),
    testAccountsSince: (time, limit) =>
      read(
        "testAccountsSince",
        Effect.map(
          sql`SELECT ${sql.literal(integrations.select())} FROM integrations
            WHERE account_type = 'test' AND state NOT IN ('deactivated', 'expired') AND test_since <= ${time}
            ORDER BY test_since, id LIMIT ${limit}`,
          (rows) => rows.map(integrations.decode)
        )
      ),
    purge: (workspaceId, id, farewell) =>
      write(
        "purge",
        Effect.gen(function* () {
          const there =
            yield* sql`SELECT 1 FROM integrations WHERE id = ${id} AND workspace_id = ${workspaceId} ${dialect.forUpdate()}`
          // A foreign id matches nothing in any of the tables.
          const owner = there.length > 0 ? id : ""
          if (there.length > 0 && farewell !== undefined) yield* takeLeave("purge", id, farewell)
          // What reads or delivers for the integration comes to an end first.
          yield* sql`SELECT id FROM runs WHERE integration_id = ${owner} ORDER BY id ${dialect.forUpdate()}`
          const replayed = yield* sql<{ readonly replay_id: string }>`SELECT e.replay_id
            FROM outbox o JOIN events e ON e.position = o.position
            WHERE e.integration_id = ${owner} AND e.replay_id IS NOT NULL ORDER BY o.position ${dialect.forUpdate("o")}`
          const jobs = sql`(SELECT id FROM jobs WHERE integration_id = ${owner})`
          const runs = sql`(SELECT id FROM runs WHERE integration_id = ${owner})`
          const positions = sql`(SELECT position FROM events WHERE integration_id = ${owner})`
          // Children first: they are found through their parents.
          const deletions = {
            attempts: sql`DELETE FROM attempts WHERE position IN ${positions}`,
            bodies: sql`DELETE FROM bodies WHERE position IN ${positions}`,
            outbox: sql`DELETE FROM outbox WHERE position IN ${positions}`,
            events: sql`DELETE FROM events WHERE integration_id = ${owner}`,
            seen_bits: sql`DELETE FROM seen_bits WHERE run_id IN ${runs}`,
            snapshot: sql`DELETE FROM snapshot WHERE job_id IN ${jobs}`,
            data_keys: sql`DELETE FROM data_keys
              WHERE (owner = 'integration' AND owner_id = ${owner}) OR (owner = 'run' AND owner_id IN ${runs})`,
            runs: sql`DELETE FROM runs WHERE integration_id = ${owner}`,
            jobs: sql`DELETE FROM jobs WHERE integration_id = ${owner}`,
            authorizations: sql`DELETE FROM authorizations WHERE integration_id = ${owner}`,
            credentials: sql`DELETE FROM credentials WHERE integration_id = ${owner}`,
            integrations: sql`DELETE FROM integrations WHERE id = ${owner}`
          }
          const report: { [table: string]: number } = {}
          for (const [table, statement] of Object.entries(deletions)) report[table] = yield* dialect.affected(statement)
          yield* ReplayOutcomes.add(
            database,
            replayed.map((row) => ({ replayId: row.replay_id, state: "discarded" }))
          )
          return report as PurgeReport
        })
      )
  })
}
